import { Readable } from "node:stream";
import MailComposer from "nodemailer/lib/mail-composer";
import SMTPConnection from "nodemailer/lib/smtp-connection";
import type { MailServer } from "./mail-server.ts";

/** One mail as it leaves. `id` makes the message's id, so that a repetition can be told from a second mail. */
export type Outgoing = {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly writtenAt: Date;
  /** What mail programs show together. */
  readonly threadId: string | null;
};

/** What came of handing one mail in. */
export type Delivery =
  | { readonly kind: "taken" }
  /** For good, and only this mail. */
  | { readonly kind: "refused"; readonly words: string }
  /** Not now. */
  | { readonly kind: "later"; readonly words: string }
  /** The whole of it was sent and no answer heard: it may have arrived. */
  | { readonly kind: "unsure"; readonly words: string }
  /** Nothing was handed in, and the fault is not this mail's: the server is away, or takes nothing from us. */
  | { readonly kind: "away"; readonly words: string };

const CONNECT_WITHIN_MS = 20_000;
const SEND_WITHIN_MS = 30_000;

export type Smtp = { send(mail: Outgoing): Promise<Delivery>; close(): void };

/** A line to the server, opened with the first mail. What goes wrong is in the answers: it throws nothing. */
export function smtpTo(server: MailServer): Smtp {
  let connection: SMTPConnection | null = null;
  return {
    async send(mail) {
      try {
        connection ??= await opened(server);
      } catch (error) {
        return { kind: "away", words: wordsOf(error) };
      }
      const delivery = await handIn(connection, mail);
      if (delivery.kind === "refused" || delivery.kind === "later") await forgotten(connection);
      if (delivery.kind === "unsure" || delivery.kind === "away") {
        connection.close();
        connection = null;
      }
      return delivery;
    },
    close: () => connection?.quit(),
  };
}

async function opened(server: MailServer): Promise<SMTPConnection> {
  const connection = new SMTPConnection({
    host: server.host,
    port: server.port,
    secure: server.isTls,
    // A password or a justification never crosses the network in the clear, whatever the server offers.
    requireTLS: !server.isTls && !server.isLoopback,
    ignoreTLS: server.isLoopback,
    connectionTimeout: CONNECT_WITHIN_MS,
    greetingTimeout: CONNECT_WITHIN_MS,
    socketTimeout: SEND_WITHIN_MS,
  });
  try {
    await connected(connection);
    if (server.login) await loggedIn(connection, server.login);
    return connection;
  } catch (error) {
    connection.close();
    throw error;
  }
}

function connected(connection: SMTPConnection): Promise<void> {
  return within(CONNECT_WITHIN_MS, (resolve, reject) => {
    // It stays: what breaks while a mail is handed in is told there too, and an unheard "error" ends the process.
    connection.on("error", reject);
    connection.connect((error) => (error ? reject(error) : resolve()));
  });
}

function loggedIn(connection: SMTPConnection, login: NonNullable<MailServer["login"]>): Promise<void> {
  return within(CONNECT_WITHIN_MS, (resolve, reject) => {
    connection.login({ credentials: login }, (error) => (error ? reject(error) : resolve()));
  });
}

/** Ends a mail that was not taken, so that the next one starts afresh. A connection that is lost meanwhile fails there. */
function forgotten(connection: SMTPConnection): Promise<void> {
  return within(CONNECT_WITHIN_MS, (resolve) => {
    connection.reset(() => resolve());
  }).catch(() => undefined);
}

async function handIn(connection: SMTPConnection, mail: Outgoing): Promise<Delivery> {
  const { raw, envelope } = await composed(mail);
  let isBegun = false;
  const content = new Readable({
    // Asked for only after the server said that it takes the mail.
    read() {
      isBegun = true;
      this.push(raw);
      this.push(null);
    },
  });
  try {
    await within(SEND_WITHIN_MS, (resolve, reject) => {
      connection.send(envelope, content, (error) => (error ? reject(error) : resolve()));
    });
    return { kind: "taken" };
  } catch (error) {
    return { kind: kindOf(error, isBegun), words: wordsOf(error) };
  }
}

/** An answer says what came of it; without one it depends on how far it got. */
function kindOf(error: unknown, isBegun: boolean): "refused" | "later" | "unsure" | "away" {
  const { responseCode, command } = error as { responseCode?: number; command?: string };
  if (responseCode === undefined) return isBegun ? "unsure" : "away";
  // A sender that is refused is refused with every mail.
  if (command === "MAIL FROM" || responseCode === 421) return "away";
  return responseCode >= 500 ? "refused" : "later";
}

async function composed(mail: Outgoing) {
  const host = mail.from.match(/@([\w.-]+)/)?.[1] ?? "daypass";
  const node = new MailComposer({
    from: mail.from,
    to: { name: "", address: mail.to },
    subject: mail.subject,
    text: mail.text,
    date: mail.writtenAt,
    messageId: `<${mail.id}@${host}>`,
    ...(mail.threadId ? { references: `<${mail.threadId}@${host}>` } : {}),
    // Nobody's holiday reply comes back, and no robot answers another.
    headers: { "Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All" },
    disableFileAccess: true,
    disableUrlAccess: true,
  }).compile();
  return { raw: await node.build(), envelope: node.getEnvelope() };
}

function within(ms: number, work: (resolve: () => void, reject: (error: unknown) => void) => void): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => reject(new Error("The mail server did not answer in time")), ms);
  work(() => resolve(undefined), reject);
  return promise.finally(() => clearTimeout(timer));
}

/** The server's own answer. It never holds the password: that is sent, not answered. */
function wordsOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).slice(0, 300);
}
