import { Hono, type Context } from "hono";
import { z } from "zod";
import { growForBenchmark, seedSize } from "./bench-seed.ts";
import { faultRules } from "./faults.ts";
import { sweepIfDue } from "./gitlab/nightly-sweep.ts";
import { limitSettings } from "./limits.ts";
import type { World } from "./world.ts";

const clockMove = z.union([
  z.strictObject({ advanceMs: z.number() }),
  z.strictObject({ offsetMs: z.number() }),
  z.strictObject({ at: z.iso.datetime({ offset: true }) }),
]);

/**
 * The doors for tests and testers. Each takes and gives JSON.
 *
 * - `GET /_state`: everything the providers and the mailbox hold, and what the SIEM counted.
 * - `POST /_reset`: the seed again, no faults, no limits, real time.
 * - `GET /_clock`, `POST /_clock` with `{"advanceMs"}`, `{"offsetMs"}` or `{"at"}`.
 * - `GET /_faults`, `POST /_faults` with a list of rules (see faults.ts), `DELETE /_faults`.
 * - `GET /_limits`, `POST /_limits` with the settings to change (see limits.ts).
 * - `GET /_log?since=n`: the last 2,000 provider calls after number n.
 * - `GET /_siem?since=n`: the last 2,000 forwarded events after number n, and what their sequence numbers tell.
 * - `POST /_seed` with `{"people", "groups"}` (see bench-seed.ts).
 */
export function controlRoutes(world: World): Hono {
  const app = new Hono();

  app.use("/_*", async (call, next) => {
    // A page on the web must not move the sandbox of whoever reads it.
    const origin = call.req.header("origin");
    if (origin !== undefined && origin !== new URL(call.req.url).origin)
      return call.json({ error: "Not from here." }, 403);
    await next();
  });

  app.get("/_state", (call) => call.json(world.snapshot()));
  app.post("/_reset", (call) => {
    world.reset();
    return call.json({ reset: true });
  });

  const clock = () => ({ now: world.clock.now().toISOString(), offsetMs: world.clock.offsetMs() });
  app.get("/_clock", (call) => call.json(clock()));
  app.post("/_clock", async (call) => {
    const move = await parsed(call, clockMove);
    if (!move.success) return refused(call, move.error);
    world.clock.moveTo(offsetAfter(world, move.data));
    sweepIfDue(world.gitlab, world.clock.now());
    return call.json(clock());
  });

  app.get("/_faults", (call) => call.json(world.faults.list()));
  app.post("/_faults", async (call) => {
    const rules = await parsed(call, faultRules);
    if (!rules.success) return refused(call, rules.error);
    world.faults.add(rules.data);
    return call.json(world.faults.list());
  });
  app.delete("/_faults", (call) => {
    world.faults.clear();
    return call.json([]);
  });

  app.get("/_limits", (call) => call.json(world.limits.settings));
  app.post("/_limits", async (call) => {
    const change = await parsed(call, limitSettings.partial());
    if (!change.success) return refused(call, change.error);
    world.limits.settings = limitSettings.parse({ ...world.limits.settings, ...change.data });
    return call.json(world.limits.settings);
  });

  app.get("/_log", (call) => call.json(world.log.since(Number(call.req.query("since") ?? 0))));
  app.get("/_siem", (call) => {
    const events = world.siem.since(Number(call.req.query("since") ?? 0));
    return call.json({ ...world.siem.summary(), events });
  });
  app.post("/_seed", async (call) => {
    const size = await parsed(call, seedSize);
    if (!size.success) return refused(call, size.error);
    await growForBenchmark(world, size.data);
    return call.json(size.data);
  });

  return app;
}

function offsetAfter({ clock }: World, move: z.infer<typeof clockMove>): number {
  if ("advanceMs" in move) return clock.offsetMs() + move.advanceMs;
  if ("offsetMs" in move) return move.offsetMs;
  return clock.offsetMs() + Date.parse(move.at) - clock.now().getTime();
}

async function parsed<Shape extends z.ZodType>(call: Context, shape: Shape) {
  return shape.safeParse(await call.req.json().catch(() => null));
}

function refused(call: Context, error: z.ZodError) {
  return call.json({ error: z.prettifyError(error) }, 400);
}
