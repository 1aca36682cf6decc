import { once } from "node:events";
import { createServer } from "node:net";

/** @throws with a sentence for people when something else listens on the port. */
export async function claimPort(port: number, variable: string): Promise<void> {
  for (const host of ["127.0.0.1", "::1", undefined]) {
    const probe = createServer().listen({ port, ...(host ? { host } : {}) });
    try {
      await once(probe, "listening");
    } catch (error) {
      if (error instanceof Error && "code" in error && error.code === "EADDRINUSE")
        throw new Error(`port ${port} is in use; free it, or set ${variable} to another one`, { cause: error });
    } finally {
      probe.close();
    }
  }
}
