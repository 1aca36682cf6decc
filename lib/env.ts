import { z } from "zod";

/** Bad configuration. Names every variable at fault, and never prints a value. */
export class BadConfiguration extends Error {
  constructor(faults: readonly string[]) {
    super(`Daypass cannot start with this configuration:\n${faults.map((fault) => `  - ${fault}`).join("\n")}`);
    this.name = "BadConfiguration";
  }
}

const list = z
  .string()
  .default("")
  .transform((text) =>
    text
      .split(",")
      .map((part) => part.trim())
      .filter(Boolean),
  );
/** Nothing but where and as whom: options in it would weaken what mail is sent over. */
export const mailUrl = z
  .url({ protocol: /^smtps?$/, error: "must be smtp://… or smtps://…" })
  .refine(isBare, "must name a host and nothing after it");
export const mailFrom = z
  .string()
  .regex(/^[^\r\n]*[^\s@<>]+@[^\s@<>]+>?$/, "must be an address, such as Daypass <daypass@…>");
/** An issuer is compared letter by letter, a slash at its end included. */
export const issuer = z.url({ protocol: /^https?$/ });
export const url = issuer.transform((text) => text.replace(/\/+$/, ""));
export const logLevel = z.enum(["trace", "debug", "info", "warn", "error", "silent"]).default("info");

/** Without TLS only inside the sandbox, which the configuration sees to. The path of https may be a secret of its own. */
export const siemUrl = z
  .url({ protocol: /^(https?|syslog\+(tls|tcp))$/, error: "must be https://… or syslog+tls://…" })
  .refine(isWithoutLogin, "must not hold a user, a password or a fragment")
  .refine((text) => !text.startsWith("syslog") || isBare(text), "must name a host and nothing after it");
export const siemToken = z.string().regex(/^[\x21-\x7e]+$/, "must be printable and without spaces");

/** The secret half of an Ed25519 key, as `openssl rand -base64 32` makes it. */
export const signingKey = z.string().regex(/^[\w+/-]{43}=?$/, "must be 32 random bytes in base64");

export const COMMON = {
  DATABASE_URL: z.string().regex(/^postgres(ql)?:\/\//, "must begin with postgresql://"),
  LOG_LEVEL: logLevel,
};

const web = z.object({
  ...COMMON,
  PUBLIC_URL: url,
  SESSION_SECRET: z.string().min(32, "must have at least 32 characters"),
  OIDC_ISSUER: issuer,
  OIDC_CLIENT_ID: z.string().min(1),
  OIDC_CLIENT_SECRET: z.string().min(1),
  OIDC_NAME: z.string().min(1),
  ADMIN_GROUPS: list,
  AUDITOR_GROUPS: list,
  ADMIN_SUBJECTS: list,
  SANDBOX_URL: z.string().default(""),
});

const worker = z.object({
  ...COMMON,
  OIDC_ISSUER: issuer,
  GITLAB_URL: url.optional(),
  GITLAB_TOKEN: z.string().min(1).optional(),
  GITLAB_IDENTITY_PROVIDER: z.string().default("openid_connect"),
  SIGNING_KEY: signingKey,
  AWS_IAM_REGION: z.string().min(1).optional(),
  AWS_IAM_ENDPOINT: url.optional(),
  PUBLIC_URL: url,
  MAIL_URL: mailUrl.optional(),
  MAIL_FROM: mailFrom.optional(),
  SIEM_URL: siemUrl.optional(),
  SIEM_TOKEN: siemToken.optional(),
});

export type WebEnv = z.infer<typeof web>;
export type WorkerEnv = z.infer<typeof worker>;

export type Source = Readonly<Record<string, string | undefined>>;

let parsedWeb: WebEnv | undefined;

/** What the web process may know. It has no provider credentials to leak. Parsed once. */
export function webEnv(): WebEnv {
  parsedWeb ??= parse(web, process.env);
  return parsedWeb;
}

/** Hot reload is on. The framework sets it, not the person who starts Daypass. */
export function isDevelopment(): boolean {
  return process.env.NODE_ENV === "development";
}

/** What the worker may know. */
export function workerEnv(source: Source = process.env): WorkerEnv {
  return parse(worker, source);
}

function isWithoutLogin(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { username, password, hash, hostname } = new URL(text);
  return username === "" && password === "" && hash === "" && hostname !== "";
}

function isBare(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { hostname, pathname, search, hash } = new URL(text);
  return hostname !== "" && (pathname === "" || pathname === "/") && search === "" && hash === "";
}

/** @throws BadConfiguration naming every variable at fault */
export function parse<T extends z.ZodType>(schema: T, source: Source): z.infer<T> {
  const parsed = schema.safeParse(source);
  if (parsed.success) return parsed.data;
  throw new BadConfiguration(parsed.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`));
}
