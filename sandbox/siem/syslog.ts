import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import type { World } from "../world.ts";
import { readFrames } from "./frames.ts";

/**
 * Takes RFC 5424 messages in octet counting (RFC 6587) over TCP. Faults of the provider `siem` strike at `CONNECT` and at
 * `MESSAGE`, whose path is the number of the message in its connection: "slow" waits, everything else cuts the line.
 */
export async function startSyslogServer(world: World, { port, host }: { port: number; host: string }) {
  const open = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    open.add(socket);
    socket.on("close", () => open.delete(socket));
    socket.on("error", () => undefined);
    // As a receiver does that dies: without a goodbye that its sender could take for one.
    void receive(world, socket).then(
      () => socket.end(),
      () => socket.resetAndDestroy(),
    );
  });
  server.listen(port, host);
  await once(server, "listening");
  const address = server.address();
  return {
    port: typeof address === "object" && address !== null ? address.port : port,
    async close() {
      for (const socket of open) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

async function receive(world: World, socket: Socket): Promise<void> {
  await strike(world, "CONNECT", "");
  let count = 0;
  // Left alone on an error: it would be ended in order otherwise.
  for await (const message of readFrames(socket.iterator({ destroyOnReturn: false }))) {
    count += 1;
    await strike(world, "MESSAGE", String(count));
    world.siem.add("syslog", eventIn(message), world.clock.now());
  }
}

/** @throws when the line is to be cut */
async function strike(world: World, method: "CONNECT" | "MESSAGE", path: string): Promise<void> {
  const seen = { provider: "siem" as const, method, path };
  const struck = world.faults.striking(seen);
  for (const rule of struck) if (rule.kind === "slow") await wait(rule.ms);
  const isCut = struck.some(({ kind }) => kind !== "slow");
  world.log.record({ at: world.clock.now().toISOString(), ...seen, status: isCut ? 0 : 200 });
  if (isCut) throw new Error("cut");
}

/** Priority, version, time, host, application, process, message id and no structured data, then the event. */
const MESSAGE = /^<\d{1,3}>1 \S+ \S+ daypass - \S+ - (\{.*\})$/;

function eventIn(message: string): Record<string, unknown> {
  const [, json] = MESSAGE.exec(message) ?? [];
  if (json === undefined) throw new Error("not a message of RFC 5424 as Daypass writes it");
  return JSON.parse(json) as Record<string, unknown>;
}
