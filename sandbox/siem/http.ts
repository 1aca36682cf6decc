import { Hono } from "hono";
import { z } from "zod";
import { gate, type SandboxEnv } from "../gate.ts";
import type { World } from "../world.ts";

const TOKEN = "sandbox-siem-token";
const LARGEST_BYTES = 2_000_000;
const events = z.array(z.record(z.string(), z.unknown())).min(1);

/** `POST /siem/events` takes a JSON array of events, all or none, from whoever has the token. */
export function siemIntake(world: World): Hono<SandboxEnv> {
  const app = new Hono<SandboxEnv>();
  app.use("/siem/events", gate(world, "siem"));
  app.post("/siem/events", async (call) => {
    if (call.req.header("authorization") !== `Bearer ${TOKEN}`)
      return call.json({ error: "Not with this token." }, 401);
    const text = await call.req.text();
    if (text.length > LARGEST_BYTES) return call.json({ error: "Too much at once." }, 413);
    const batch = events.safeParse(parsed(text));
    if (!batch.success) return call.json({ error: "A JSON array of objects is wanted." }, 400);
    for (const event of batch.data) world.siem.add("http", event, world.clock.now());
    return call.json({ taken: batch.data.length });
  });
  return app;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
