import { isAbsolute, resolve } from "node:path";
import { z } from "zod";
import {
  BadConfiguration,
  COMMON,
  issuer,
  logLevel,
  mailFrom,
  mailUrl,
  parse,
  siemToken,
  siemUrl,
  signingKey,
  url,
  type Source,
} from "./env.ts";

/** One line of the table in the README. */
export type Variable = { readonly name: string; readonly default: string; readonly meaning: string };

export const VARIABLES: readonly Variable[] = [
  { name: "PORT", default: "3000", meaning: "Where the web process listens." },
  {
    name: "PUBLIC_URL",
    default: "http://localhost:PORT",
    meaning: "Daypass's address as people type it; https unless it is localhost.",
  },
  { name: "DAYPASS_DATA", default: ".daypass", meaning: "Folder for the embedded database and generated secrets." },
  { name: "DATABASE_URL", default: "the embedded PostgreSQL", meaning: "Any PostgreSQL 15 or newer." },
  {
    name: "DATABASE_OWNER_URL",
    default: "",
    meaning:
      "The same database as a role that owns its tables and may migrate them; DATABASE_URL's role then cannot rewrite the history.",
  },
  {
    name: "SESSION_SECRET",
    default: "made once, in DAYPASS_DATA",
    meaning: "At least 32 characters; signs sign-in state.",
  },
  {
    name: "SIGNING_KEY",
    default: "made once, in DAYPASS_DATA",
    meaning: "32 random bytes in base64; signs the history's checkpoints (Ed25519).",
  },
  { name: "SANDBOX_PORT", default: "4000", meaning: "Where the sandbox listens while no real provider is configured." },
  { name: "SANDBOX_MAIL_PORT", default: "SANDBOX_PORT + 1", meaning: "Where the sandbox's mailbox takes e-mail." },
  {
    name: "SANDBOX_SYSLOG_PORT",
    default: "",
    meaning:
      "Where the sandbox's SIEM takes syslog; setting it forwards the sandbox's history that way and not by HTTP.",
  },
  { name: "OIDC_ISSUER", default: "the sandbox", meaning: "Your identity provider's issuer." },
  { name: "OIDC_CLIENT_ID", default: "", meaning: "Client id; redirect URI PUBLIC_URL/api/auth/callback/oidc." },
  { name: "OIDC_CLIENT_SECRET", default: "", meaning: "Client secret." },
  { name: "OIDC_NAME", default: "your identity provider", meaning: "What the sign-in button calls it." },
  {
    name: "ADMIN_GROUPS",
    default: "",
    meaning: "Identity-provider groups (claim `groups`) whose members are admins, separated by commas.",
  },
  { name: "AUDITOR_GROUPS", default: "", meaning: "The same for auditors." },
  { name: "ADMIN_SUBJECTS", default: "", meaning: "Identity-provider subjects that are admins, separated by commas." },
  { name: "GITLAB_URL", default: "the sandbox", meaning: "Your GitLab, without /api/v4." },
  {
    name: "GITLAB_TOKEN",
    default: "",
    meaning: "Token with scope api of an owner of the managed groups (an admin sees identities).",
  },
  {
    name: "GITLAB_IDENTITY_PROVIDER",
    default: "openid_connect",
    meaning: "Name of the identity provider in GitLab's identities.",
  },
  {
    name: "AWS_IAM_REGION",
    default: "the sandbox",
    meaning: "Setting it configures AWS; credentials come from the AWS default chain.",
  },
  {
    name: "MAIL_URL",
    default: "the sandbox",
    meaning:
      "Your mail server, `smtp://user:password@host:587` (STARTTLS) or `smtps://…:465`. Without it no e-mail is sent.",
  },
  { name: "MAIL_FROM", default: "", meaning: "Sender of the e-mail, such as `Daypass <daypass@example.com>`." },
  {
    name: "SIEM_URL",
    default: "the sandbox",
    meaning:
      "Where the history is forwarded as OCSF events: `https://…` or `syslog+tls://host:6514`. Without it nothing is forwarded.",
  },
  { name: "SIEM_TOKEN", default: "", meaning: "Bearer token for an https SIEM_URL, where it wants one." },
  { name: "LOG_LEVEL", default: "info", meaning: "trace, debug, info, warn, error or silent." },
];

const port = z.coerce.number().int().min(1).max(65_535);

const start = z.object({
  PORT: port.default(3000),
  SANDBOX_PORT: port.default(4000),
  SANDBOX_MAIL_PORT: port.optional(),
  SANDBOX_SYSLOG_PORT: port.optional(),
  DAYPASS_DATA: z.string().min(1).default(".daypass"),
  PUBLIC_URL: url.optional(),
  LOG_LEVEL: logLevel,
  DATABASE_URL: COMMON.DATABASE_URL.optional(),
  DATABASE_OWNER_URL: COMMON.DATABASE_URL.optional(),
  SESSION_SECRET: z.string().min(32, "must have at least 32 characters").optional(),
  SIGNING_KEY: signingKey.optional(),
  OIDC_ISSUER: issuer.optional(),
  OIDC_CLIENT_ID: z.string().min(1).optional(),
  OIDC_CLIENT_SECRET: z.string().min(1).optional(),
  OIDC_NAME: z.string().min(1).default("your identity provider"),
  ADMIN_GROUPS: z.string().default(""),
  AUDITOR_GROUPS: z.string().default(""),
  ADMIN_SUBJECTS: z.string().default(""),
  GITLAB_URL: url.optional(),
  GITLAB_TOKEN: z.string().min(1).optional(),
  GITLAB_IDENTITY_PROVIDER: z.string().min(1).default("openid_connect"),
  AWS_IAM_REGION: z.string().min(1).optional(),
  MAIL_URL: mailUrl.optional(),
  MAIL_FROM: mailFrom.optional(),
  SIEM_URL: siemUrl.optional(),
  SIEM_TOKEN: siemToken.optional(),
});

export type Configuration = {
  readonly port: number;
  readonly sandboxPort: number;
  readonly sandboxMailPort: number;
  readonly sandboxSyslogPort: number | undefined;
  /** Absolute. */
  readonly dataFolder: string;
  readonly databaseUrl: string | undefined;
  readonly databaseOwnerUrl: string | undefined;
  readonly sessionSecret: string | undefined;
  readonly signingKey: string | undefined;
  /** Daypass's address as people type it. */
  readonly publicUrl: string;
  /** No real provider is configured: the sandbox is the outside world, and everything listens on loopback only. */
  readonly sandbox: boolean;
  /** Exactly what each process gets; the web process gets no provider credential. Database and secret come later. */
  readonly webVariables: Readonly<Record<string, string>>;
  readonly workerVariables: Readonly<Record<string, string>>;
};

/** Reads the whole configuration at start-up. @throws BadConfiguration naming every variable at fault */
export function configurationFrom(source: Source, folder: string): Configuration {
  const given = parse(start, Object.fromEntries(Object.entries(source).filter(([, value]) => value !== "")));
  const sandbox = !given.OIDC_ISSUER && !given.GITLAB_URL && !given.AWS_IAM_REGION;
  const publicUrl = given.PUBLIC_URL ?? `http://localhost:${given.PORT}`;
  if (!sandbox) refuseHalfConfigured(given, publicUrl);
  if (given.DATABASE_OWNER_URL && !given.DATABASE_URL)
    throw new BadConfiguration(["DATABASE_URL is missing: DATABASE_OWNER_URL is the same database as its owner"]);
  const both = { LOG_LEVEL: given.LOG_LEVEL, NODE_ENV: "production" };
  const sandboxMailPort = given.SANDBOX_MAIL_PORT ?? given.SANDBOX_PORT + 1;
  if (sandbox && sandboxMailPort > 65_535)
    throw new BadConfiguration(["SANDBOX_MAIL_PORT is missing: no port comes after SANDBOX_PORT"]);
  const real = sandbox ? sandboxVariables(given, sandboxMailPort) : realVariables(given, source);
  return {
    port: given.PORT,
    sandboxPort: given.SANDBOX_PORT,
    sandboxMailPort,
    sandboxSyslogPort: given.SANDBOX_SYSLOG_PORT,
    dataFolder: isAbsolute(given.DAYPASS_DATA) ? given.DAYPASS_DATA : resolve(folder, given.DAYPASS_DATA),
    databaseUrl: given.DATABASE_URL,
    databaseOwnerUrl: given.DATABASE_OWNER_URL,
    sessionSecret: given.SESSION_SECRET,
    signingKey: given.SIGNING_KEY,
    publicUrl,
    sandbox,
    webVariables: { ...both, PUBLIC_URL: publicUrl, NEXTAUTH_URL: publicUrl, ...real.web },
    workerVariables: { ...both, PUBLIC_URL: publicUrl, ...real.worker },
  };
}

type Given = z.infer<typeof start>;

function refuseHalfConfigured(given: Given, publicUrl: string): void {
  const faults: string[] = [];
  for (const name of ["OIDC_ISSUER", "OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET"] as const)
    if (!given[name]) faults.push(`${name} is missing: a real provider is configured, so sign-in must be real too`);
  if (!given.GITLAB_URL && !given.AWS_IAM_REGION)
    faults.push("GITLAB_URL or AWS_IAM_REGION is missing: there is nothing to grant");
  if (given.GITLAB_URL && !given.GITLAB_TOKEN) faults.push("GITLAB_TOKEN is missing");
  const { protocol, hostname } = new URL(publicUrl);
  if (protocol !== "https:" && !["localhost", "127.0.0.1", "[::1]"].includes(hostname))
    faults.push("PUBLIC_URL must begin with https://");
  if (given.MAIL_URL && !given.MAIL_FROM) faults.push("MAIL_FROM is missing: e-mail needs a sender");
  if (given.MAIL_FROM && !given.MAIL_URL) faults.push("MAIL_URL is missing: there is nothing to send e-mail with");
  if (given.SIEM_URL && !/^(https|syslog\+tls):/.test(given.SIEM_URL))
    faults.push(
      "SIEM_URL must begin with https:// or syslog+tls://: the history does not cross a network in the clear",
    );
  if (given.SIEM_TOKEN && !given.SIEM_URL?.startsWith("https:"))
    faults.push("SIEM_TOKEN is only for a SIEM_URL that begins with https://");
  if (!given.ADMIN_GROUPS && !given.ADMIN_SUBJECTS)
    faults.push("ADMIN_GROUPS or ADMIN_SUBJECTS is missing: nobody would be an admin");
  if (faults.length > 0) throw new BadConfiguration(faults);
}

type Variables = { web: Record<string, string>; worker: Record<string, string> };

function realVariables(given: Given, source: Source): Variables {
  const pick = (names: readonly (keyof Given)[]) =>
    Object.fromEntries(names.flatMap((name) => (given[name] === undefined ? [] : [[name, String(given[name])]])));
  return {
    web: pick([
      "OIDC_ISSUER",
      "OIDC_CLIENT_ID",
      "OIDC_CLIENT_SECRET",
      "OIDC_NAME",
      "ADMIN_GROUPS",
      "AUDITOR_GROUPS",
      "ADMIN_SUBJECTS",
    ]),
    worker: {
      ...(given.AWS_IAM_REGION ? awsChainOf(source) : {}),
      ...pick(["OIDC_ISSUER", "GITLAB_URL", "GITLAB_TOKEN", "GITLAB_IDENTITY_PROVIDER", "AWS_IAM_REGION"]),
      ...pick(["MAIL_URL", "MAIL_FROM", "SIEM_URL", "SIEM_TOKEN"]),
    },
  };
}

/** Everything that the default credential chain of the AWS SDK may look at, whatever the machine gives it. */
function awsChainOf(source: Source): Record<string, string> {
  const chain = Object.entries(source).filter(([name]) => name.startsWith("AWS_"));
  return Object.fromEntries(chain.flatMap(([name, value]) => (value ? [[name, value]] : [])));
}

function sandboxVariables({ SANDBOX_PORT, SANDBOX_SYSLOG_PORT }: Given, mailPort: number): Variables {
  const base = `http://localhost:${SANDBOX_PORT}`;
  return {
    web: {
      SANDBOX_URL: base,
      OIDC_ISSUER: `${base}/idp`,
      OIDC_CLIENT_ID: "daypass",
      OIDC_CLIENT_SECRET: "sandbox-secret",
      OIDC_NAME: "the sandbox identity provider",
      ADMIN_GROUPS: "daypass-admins",
      AUDITOR_GROUPS: "daypass-auditors",
    },
    worker: {
      OIDC_ISSUER: `${base}/idp`,
      GITLAB_URL: `${base}/gitlab`,
      GITLAB_TOKEN: "glpat-sandbox-daypass",
      AWS_IAM_REGION: "eu-central-1",
      AWS_IAM_ENDPOINT: `${base}/aws`,
      AWS_ACCESS_KEY_ID: "AKIASANDBOXDAYPASS01",
      AWS_SECRET_ACCESS_KEY: "sandbox",
      MAIL_URL: `smtp://localhost:${mailPort}`,
      MAIL_FROM: "Daypass <daypass@acme.test>",
      ...(SANDBOX_SYSLOG_PORT
        ? { SIEM_URL: `syslog+tcp://localhost:${SANDBOX_SYSLOG_PORT}` }
        : { SIEM_URL: `${base}/siem/events`, SIEM_TOKEN: "sandbox-siem-token" }),
    },
  };
}
