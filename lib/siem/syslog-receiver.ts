import { connect as connectTcp, isIP, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { ANSWER_WITHIN_MS, faultWords, type Answer, type Receiver } from "./receiver.ts";
import { syslogFrame } from "./syslog-message.ts";

export type SyslogServer = {
  readonly address: string;
  readonly host: string;
  readonly port: number;
  readonly isTls: boolean;
};

/**
 * Sends each batch over a connection of its own. Syslog has no answer, so the end of the connection stands for one: we end
 * our side after the last byte, and the receiver ends its own only after it has read everything. What breaks off, or is not
 * ended in time, was not taken.
 */
export function syslogReceiver(
  server: SyslogServer,
  hostname: string,
  { answerWithinMs = ANSWER_WITHIN_MS }: { answerWithinMs?: number } = {},
): Receiver {
  return {
    address: server.address,
    async send(batch, signal) {
      const frames = batch.map((event) => syslogFrame(event, hostname)).join("");
      const late = AbortSignal.timeout(answerWithinMs);
      try {
        return await handOver(server, frames, AbortSignal.any([signal, late]));
      } catch (error) {
        const words = late.aborted ? "It did not read everything in time" : faultWords(error);
        return { kind: "later", words, afterMs: null };
      }
    },
  };
}

function handOver(server: SyslogServer, frames: string, signal: AbortSignal): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const begin = () => socket.end(frames);
  const socket = opened(server, begin);
  const abort = () => socket.destroy(new Error("It was broken off"));
  signal.addEventListener("abort", abort);
  let isReadToItsEnd = false;
  // Nothing is said to a sender of syslog, but without a reader its end would not be seen.
  socket.resume();
  socket.on("end", () => (isReadToItsEnd = socket.writableFinished));
  socket.on("error", reject);
  socket.on("close", () => {
    signal.removeEventListener("abort", abort);
    if (isReadToItsEnd) resolve({ kind: "taken", words: "It read everything and ended the connection" });
    else reject(new Error("It ended the connection before it had read everything"));
  });
  if (signal.aborted) abort();
  return promise;
}

function opened({ host, port, isTls }: SyslogServer, begin: () => void): Socket {
  if (!isTls) return connectTcp({ host, port }, begin);
  return connectTls({ host, port, ...(isIP(host) ? {} : { servername: host }) }, begin);
}
