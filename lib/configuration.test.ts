import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { VARIABLES, configurationFrom } from "./configuration.ts";
import { BadConfiguration, workerEnv } from "./env.ts";

const REAL = {
  OIDC_ISSUER: "https://login.example.com",
  OIDC_CLIENT_ID: "daypass",
  OIDC_CLIENT_SECRET: "s3cret-of-the-client",
  GITLAB_URL: "https://gitlab.example.com",
  GITLAB_TOKEN: "glpat-very-secret",
  ADMIN_GROUPS: "admins",
  PUBLIC_URL: "https://daypass.example.com",
};

const SIEM = { SIEM_URL: "https://siem.example.com/in/path-secret?x=1", SIEM_TOKEN: "t0ken-of-the-siem" };

const MAIL = { MAIL_URL: "smtps://daypass:hunter2@mail.example.com", MAIL_FROM: "Daypass <daypass@example.com>" };

test("with nothing configured the sandbox is the outside world", () => {
  const configuration = configurationFrom({}, "/srv");
  expect(configuration).toMatchObject({
    sandbox: true,
    port: 3000,
    sandboxPort: 4000,
    sandboxMailPort: 4001,
    dataFolder: "/srv/.daypass",
  });
});

test("with one real provider the sandbox does not exist", () => {
  const configuration = configurationFrom(REAL, "/srv");
  expect(configuration.sandbox).toBe(false);
  expect(JSON.stringify(configuration)).not.toContain("sandbox-secret");
});

const AWS = { AWS_IAM_REGION: "eu-central-1", AWS_ROLE_ARN: "arn:aws:iam::123456789012:role/daypass" };

test("the web process gets no provider credential", () => {
  for (const source of [{}, REAL, { ...REAL, ...AWS }, { ...REAL, ...MAIL, ...SIEM }]) {
    const web = JSON.stringify(configurationFrom(source, "/srv").webVariables);
    expect(web).not.toMatch(/glpat|GITLAB|AWS|MAIL|smtp|SIEM|siem/);
  }
});

test("the worker gets what the AWS credential chain looks at, where AWS is configured", () => {
  expect(configurationFrom({ ...REAL, ...AWS }, "/srv").workerVariables).toMatchObject(AWS);
  const unused = configurationFrom({ ...REAL, AWS_PROFILE: "private" }, "/srv").workerVariables;
  expect(unused).not.toHaveProperty("AWS_PROFILE");
});

test("e-mail goes to the sandbox, or where it is configured to go, or nowhere", () => {
  const { workerVariables } = configurationFrom({ SANDBOX_MAIL_PORT: "4100", ...MAIL }, "/srv");
  expect(workerVariables).toMatchObject({ MAIL_URL: "smtp://localhost:4100" });
  expect(configurationFrom({ ...REAL, ...MAIL }, "/srv").workerVariables).toMatchObject(MAIL);
  expect(configurationFrom(REAL, "/srv").workerVariables).not.toHaveProperty("MAIL_URL");
});

test("the history goes to the sandbox, or where it is configured to go, or nowhere", () => {
  const forwarded = (source: object) => configurationFrom({ ...source }, "/srv").workerVariables;
  expect(forwarded(SIEM)).toMatchObject({ SIEM_URL: "http://localhost:4000/siem/events" });
  const syslog = forwarded({ SANDBOX_SYSLOG_PORT: "4514" });
  expect(syslog).toMatchObject({ SIEM_URL: "syslog+tcp://localhost:4514" });
  expect(syslog).not.toHaveProperty("SIEM_TOKEN");
  expect(forwarded({ ...REAL, ...SIEM })).toMatchObject(SIEM);
  expect(forwarded({ ...REAL, SIEM_URL: "syslog+tls://siem.example.com" })).toHaveProperty("SIEM_URL");
  expect(forwarded(REAL)).not.toHaveProperty("SIEM_URL");
});

test("an AWS region alone, as many machines have it, leaves the sandbox on", () => {
  expect(configurationFrom({ AWS_REGION: "eu-central-1" }, "/srv").sandbox).toBe(true);
});

test.each([
  [{ ...REAL, OIDC_CLIENT_SECRET: undefined }, "OIDC_CLIENT_SECRET"],
  [{ ...REAL, OIDC_ISSUER: undefined }, "OIDC_ISSUER"],
  [{ ...REAL, GITLAB_TOKEN: undefined }, "GITLAB_TOKEN"],
  [{ ...REAL, GITLAB_URL: undefined }, "GITLAB_URL"],
  [{ ...REAL, ADMIN_GROUPS: undefined }, "ADMIN_GROUPS"],
  [{ ...REAL, PUBLIC_URL: "http://daypass.example.com" }, "PUBLIC_URL"],
  [{ PORT: "eighty" }, "PORT"],
  [{ SANDBOX_PORT: "70000" }, "SANDBOX_PORT"],
  [{ DATABASE_URL: "mysql://somewhere" }, "DATABASE_URL"],
  [{ SESSION_SECRET: "short" }, "SESSION_SECRET"],
  [{ LOG_LEVEL: "loud" }, "LOG_LEVEL"],
  [{ ...REAL, MAIL_URL: "smtp://mail.example.com" }, "MAIL_FROM"],
  [{ ...REAL, MAIL_FROM: "daypass@example.com" }, "MAIL_URL"],
  [{ ...REAL, ...MAIL, MAIL_URL: "https://mail.example.com" }, "MAIL_URL"],
  [{ ...REAL, ...MAIL, MAIL_URL: "smtp://mail.example.com?tls.rejectUnauthorized=false" }, "MAIL_URL"],
  [{ ...REAL, ...MAIL, MAIL_FROM: "Daypass" }, "MAIL_FROM"],
  [{ ...REAL, ...MAIL, MAIL_FROM: "daypass@example.com\r\nBcc: x@example.com" }, "MAIL_FROM"],
  [{ SANDBOX_PORT: "65535" }, "SANDBOX_MAIL_PORT"],
  [{ SANDBOX_SYSLOG_PORT: "x" }, "SANDBOX_SYSLOG_PORT"],
  [{ ...REAL, SIEM_URL: "http://siem.example.com" }, "SIEM_URL"],
  [{ ...REAL, SIEM_URL: "http://localhost:8080" }, "SIEM_URL"],
  [{ ...REAL, SIEM_URL: "syslog+tcp://siem.example.com" }, "SIEM_URL"],
  [{ ...REAL, SIEM_URL: "syslog+tls://siem.example.com/path" }, "SIEM_URL"],
  [{ ...REAL, SIEM_URL: "syslog+tls://" }, "SIEM_URL"],
  [{ ...REAL, SIEM_URL: "file:///etc/passwd" }, "SIEM_URL"],
  [{ ...REAL, SIEM_URL: "https://user:hunter2@siem.example.com" }, "SIEM_URL"],
  [{ ...REAL, SIEM_TOKEN: "alone" }, "SIEM_TOKEN"],
  [{ ...REAL, SIEM_URL: "syslog+tls://siem.example.com", SIEM_TOKEN: "t" }, "SIEM_TOKEN"],
  [{ ...REAL, ...SIEM, SIEM_TOKEN: "two\r\nlines" }, "SIEM_TOKEN"],
])("bad configuration %# is refused and names the variable", (source, name) => {
  expect(() => configurationFrom(source, "/srv")).toThrow(BadConfiguration);
  expect(() => configurationFrom(source, "/srv")).toThrow(name);
});

test("a refusal prints no secret", () => {
  const source = { ...REAL, PUBLIC_URL: "http://daypass.example.com", SESSION_SECRET: "short-secret" };
  expect(() => configurationFrom(source, "/srv")).toThrow(expect.not.stringContaining("secret-of") as never);
  for (const [name, value] of [
    ["DATABASE_URL", "mysql://user:hunter2@db"],
    ["MAIL_URL", "smtp://user:hunter2@mail.example.com/inbox"],
    ["MAIL_URL", "smtp://user:hunter2@ mail"],
    ["SIEM_URL", "https://user:hunter2@siem.example.com"],
    ["SIEM_TOKEN", "hunter2 and more"],
  ] as const)
    expect(() => workerEnv({ [name]: value })).toThrow(expect.not.stringContaining("hunter2") as never);
});

test("the README's table says what the code reads", async () => {
  const readme = await readFile("README.md", "utf8");
  for (const { name, default: byDefault, meaning } of VARIABLES)
    expect(readme).toContain(`| \`${name}\` | ${byDefault} | ${meaning} |`);
});
