import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

type Scripted = { readonly status?: number; readonly headers?: Record<string, string>; readonly body: string };

/** A server that says whatever a test wants, for answers that no sandbox gives. */
export async function startScripted(answer: (request: IncomingMessage, body: string) => Scripted) {
  const server = createServer(async (request, response) => {
    let text = "";
    for await (const chunk of request) text += String(chunk);
    const { status = 200, headers = {}, body } = answer(request, text);
    response.writeHead(status, headers).end(body);
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
