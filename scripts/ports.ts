import { once } from "node:events";
import { createServer } from "node:net";

/** @throws with a sentence for people when the port is taken, or not for this user. */
export async function claimPort(port: number, variable: string): Promise<void> {
  for (const host of ["127.0.0.1", "::1", undefined]) {
    const probe = createServer().listen({ port, ...(host ? { host } : {}) });
    try {
      await once(probe, "listening");
    } catch (error) {
      const code = error instanceof Error && "code" in error ? error.code : undefined;
      if (code === "EADDRINUSE")
        throw new Error(`port ${port} is in use; free it, or set ${variable} to another one`, { cause: error });
      if (code === "EACCES")
        throw new Error(`port ${port} is not for this user; set ${variable} to another one`, { cause: error });
    } finally {
      probe.close();
    }
  }
}
