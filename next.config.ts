import type { NextConfig } from "next";

/** For every answer. The policy of pages has a nonce and comes from proxy.ts. */
const HEADERS = [
  { key: "x-content-type-options", value: "nosniff" },
  { key: "x-frame-options", value: "DENY" },
  // Addresses name requests and grants; other sites learn nothing of where somebody came from.
  { key: "referrer-policy", value: "same-origin" },
  { key: "cross-origin-opener-policy", value: "same-origin" },
  { key: "cross-origin-resource-policy", value: "same-origin" },
  { key: "permissions-policy", value: "camera=(), geolocation=(), microphone=(), payment=(), usb=()" },
];

const config: NextConfig = {
  poweredByHeader: false,
  // `npm run check` checks the types; checking them again would double the time of the first start.
  typescript: { ignoreBuildErrors: true },
  serverExternalPackages: [
    "@observablehq/plot",
    "@prisma/client",
    "@prisma/adapter-pg",
    "pg",
    "pino",
    "graphile-worker",
  ],
  headers: async () => [
    { source: "/:path*", headers: HEADERS },
    {
      source: "/api/:path*",
      headers: [{ key: "content-security-policy", value: "default-src 'none'; frame-ancestors 'none'" }],
    },
  ],
};

export default config;
