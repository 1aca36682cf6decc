import { once } from "node:events";
import { buffer } from "node:stream/consumers";
import { setTimeout as wait } from "node:timers/promises";
import PostalMime from "postal-mime";
import { SMTPServer, type SMTPServerSession } from "smtp-server";
import type { CallSeen } from "../faults.ts";
import type { World } from "../world.ts";

const LARGEST_BYTES = 1_000_000;

/**
 * Takes every mail and sends none on. Faults of the provider `mail` strike at `CONNECT`, `RCPT` and `DATA` (the path is
 * the recipient's address); a status is the server's reply.
 */
export async function startMailServer(world: World, { port, host }: { port: number; host: string }) {
  const server = new SMTPServer({
    banner: "Daypass sandbox",
    disabledCommands: ["AUTH", "STARTTLS"],
    disableReverseLookup: true,
    size: LARGEST_BYTES,
    onConnect: (session, callback) => {
      answer(() => strike({ method: "CONNECT", path: "" }, session), callback);
    },
    onRcptTo: ({ address }, session, callback) => {
      answer(() => strike({ method: "RCPT", path: address }, session), callback);
    },
    onData: (stream, session, callback) => {
      answer(async () => {
        const raw = await buffer(stream);
        if (stream.sizeExceeded) throw new Reply(552, "This message is too large");
        const { isLost } = await strike({ method: "DATA", path: recipients(session).join(" ") }, session);
        await receive(world, raw, session);
        if (isLost) cut(session);
      }, callback);
    },
  });
  // A client that breaks off is its own trouble, not the sandbox's.
  server.on("error", () => undefined);

  async function strike(call: Omit<CallSeen, "provider">, session: SMTPServerSession): Promise<{ isLost: boolean }> {
    const seen = { provider: "mail" as const, ...call };
    const note = (status: number) => world.log.record({ at: world.clock.now().toISOString(), ...seen, status });
    const struck = world.faults.striking(seen);
    for (const rule of struck) {
      if (rule.kind === "slow") await wait(rule.ms);
      if (rule.kind === "status") {
        note(rule.status);
        throw new Reply(rule.status, "The sandbox was told to say this");
      }
      if (rule.kind === "down" || rule.kind === "lost-before") {
        note(0);
        cut(session);
      }
    }
    const isLost = struck.some(({ kind }) => kind === "lost-after");
    note(isLost ? 0 : 250);
    return { isLost };
  }

  /** Ends the connection without a word; nothing that is said afterwards is heard. */
  function cut(session: SMTPServerSession): never {
    for (const connection of server.connections) if (connection.id === session.id) connection.close();
    throw new Reply(421, "Cut");
  }

  const listening = server.listen(port, host);
  await once(listening, "listening");
  const address = listening.address();
  return {
    port: typeof address === "object" && address !== null ? address.port : port,
    async close() {
      for (const connection of server.connections) connection.close();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

class Reply extends Error {
  readonly responseCode: number;
  constructor(responseCode: number, words: string) {
    super(words);
    this.responseCode = responseCode;
  }
}

function answer(work: () => Promise<unknown>, callback: (error?: Error | null) => void): void {
  work().then(
    () => callback(),
    (error: unknown) => callback(error instanceof Error ? error : new Error(String(error))),
  );
}

async function receive(world: World, raw: Buffer, session: SMTPServerSession): Promise<void> {
  const { from, subject, text, html } = await PostalMime.parse(raw);
  world.mail.add({
    at: world.clock.now(),
    from: from?.address ?? "",
    to: recipients(session),
    subject: subject ?? "",
    text: text ?? "",
    hasHtml: html !== undefined,
  });
}

function recipients({ envelope }: SMTPServerSession): string[] {
  return envelope.rcptTo.map(({ address }) => address);
}
