import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

type Scripted = {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  readonly body: string;
  /** Sends a piece of the body every now and then, and never comes to its end. */
  readonly drips?: boolean;
};

/** A server that says whatever a test wants, for answers that no sandbox gives. */
export async function startScripted(answer: (request: IncomingMessage) => Scripted) {
  const server = createServer((request, response) => {
    request.resume().on("end", () => {
      const { status = 200, headers = {}, body, drips = false } = answer(request);
      response.writeHead(status, headers);
      if (!drips) return response.end(body);
      const drip = setInterval(() => response.write(body), 10);
      return response.on("close", () => clearInterval(drip));
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
