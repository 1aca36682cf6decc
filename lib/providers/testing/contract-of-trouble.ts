import { expect, test } from "vitest";
import { ABSENT } from "../../domain/binding.ts";
import { CouldNotTell, ProviderBusy } from "../provider.ts";
import { allOf } from "./all-of.ts";
import type { Scene } from "./contract-scene.ts";
import { startScripted } from "./scripted-server.ts";

/** Answers that say nothing of what was asked, and never that access is gone. */
const NONSENSE: readonly (readonly [how: string, fault: object])[] = [
  ["breaks", { kind: "status", status: 500 }],
  ["has a broken gateway", { kind: "status", status: 502, body: "<html>Bad Gateway</html>" }],
  ["is overloaded", { kind: "status", status: 503 }],
  ["is down", { kind: "down" }],
  ["cuts the line", { kind: "lost-before" }],
  ["answers with a web page", { kind: "html" }],
  ["answers with nothing", { kind: "status", status: 200, body: "" }],
  ["answers with half an answer", { kind: "status", status: 200, body: '{"id":' }],
  ["answers with something else", { kind: "status", status: 200, body: { hello: "there" } }],
  ["answers with a list", { kind: "status", status: 200, body: [] }],
  ["answers with null", { kind: "status", status: 200, body: null }],
  ["answers with a number", { kind: "status", status: 200, body: 0 }],
  [
    "answers with XML of another kind",
    { kind: "status", status: 200, body: "<Feed><IsTruncated>false</IsTruncated></Feed>" },
  ],
  ["does not know Daypass", { kind: "status", status: 401, body: { message: "401 Unauthorized" } }],
  ["is hidden by a proxy that finds nothing", { kind: "status", status: 404, body: "<h1>404 Not found</h1>" }],
  ["is hidden by a proxy that forbids", { kind: "status", status: 403, body: "<h1>403 Forbidden</h1>" }],
];

/** No, not now, and could not tell are three things, and none of them is gone. */
export function describeTrouble(scene: Scene): void {
  /** Every method that asks about one place, as the worker calls it. */
  const askings = (): Record<string, () => Promise<unknown>> => {
    const { provider, maya, place, standings } = scene.subject;
    return {
      observe: () => provider.observe(maya, place),
      apply: () => provider.apply(maya, place, standings[0]),
      remove: () => provider.remove(maya, place),
      describe: () => provider.describe(place),
    };
  };

  test("a provider that throttles is busy, for everything", async () => {
    await scene.faults({ kind: "status", status: 429, retryAfter: 7 });
    for (const [what, ask] of Object.entries(askings())) {
      const error = await ask().catch((thrown: unknown) => thrown);
      expect(error, what).toBeInstanceOf(ProviderBusy);
      expect((error as ProviderBusy).afterMs, what).toBeGreaterThan(0);
    }
  });

  test.each(NONSENSE)("a provider that %s tells nothing, and never that access is gone", async (_how, rule) => {
    const { provider, maya, place, standings } = scene.subject;
    await provider.apply(maya, place, standings[0]);
    await scene.faults(rule);
    for (const [what, ask] of Object.entries(askings())) await expect(ask(), what).rejects.toBeInstanceOf(CouldNotTell);
    await expect(allOf(provider.listAccounts())).rejects.toBeInstanceOf(CouldNotTell);
    await expect(allOf(provider.members(place))).rejects.toBeInstanceOf(CouldNotTell);

    await scene.sandbox.send("DELETE", "/_faults");
    expect(await provider.observe(maya, place)).toEqual({ state: "present", ...standings[0] });
  });

  test("a provider that takes too long tells nothing", async () => {
    const { provider, maya, place } = await scene.open(scene.sandbox, { timeoutMs: 50 });
    await scene.faults({ kind: "slow", ms: 300, times: 1 });
    await expect(provider.observe(maya, place)).rejects.toBeInstanceOf(CouldNotTell);
  });

  test("a provider whose answer drips without end tells nothing", async () => {
    const server = await startScripted(() => ({ headers: { "x-amzn-requestid": "1" }, body: " ", drips: true }));
    const { provider, maya, place } = await scene.open(scene.sandbox, { timeoutMs: 100, url: server.url });
    await expect(provider.observe(maya, place)).rejects.toBeInstanceOf(CouldNotTell);
    server.close();
  });

  test("a failed call is not repeated: when to try again is not the provider's to decide", async () => {
    const before = (await scene.callsSince(0)).at(-1)?.n ?? 0;
    await scene.faults({ kind: "status", status: 503 });
    for (const ask of Object.values(askings())) await ask().catch(() => undefined);
    // A call that took too long in another test may be logged only now.
    const failed = (await scene.callsSince(before)).filter(({ status }) => status === 503);
    expect(failed).toHaveLength(Object.keys(askings()).length);
  });

  test("a lost reply tells nothing, though the access was given; a look shows it", async () => {
    const { provider, maya, place, standings, writes } = scene.subject;
    await scene.faults({ kind: "lost-after", times: 1, match: writes.apply });
    await expect(provider.apply(maya, place, standings[0])).rejects.toBeInstanceOf(CouldNotTell);
    expect(await provider.observe(maya, place)).toEqual({ state: "present", ...standings[0] });
    await provider.apply(maya, place, standings[0]);

    await scene.faults({ kind: "lost-after", times: 1, match: writes.remove });
    await expect(provider.remove(maya, place)).rejects.toBeInstanceOf(CouldNotTell);
    expect(await provider.observe(maya, place)).toEqual(ABSENT);
    await provider.remove(maya, place);
  });

  test("a provider that lags behind is reported as it answers", async () => {
    const { provider, maya, place, standings } = scene.subject;
    await scene.faults({ kind: "stale", reads: 2 });
    await provider.apply(maya, place, standings[0]);
    const looks = [];
    for (let n = 0; n < 3; n += 1) looks.push((await provider.observe(maya, place)).state);
    expect(looks).toEqual(["absent", "absent", "present"]);
  });

  test("no error and no answer gives a secret away", async () => {
    const { provider, maya, missing, place, standings } = scene.subject;
    const words = [(await provider.apply(maya, place, standings[0])).words, (await provider.remove(maya, place)).words];
    await provider.apply(maya, missing, standings[0]).catch((error: unknown) => words.push(String(error)));
    await scene.faults({ kind: "status", status: 403, body: { message: "x".repeat(100_000) } });
    await provider.remove(maya, place).catch((error: unknown) => words.push(String(error)));
    for (const text of words) expect(text.length).toBeLessThanOrEqual(2_000);
    expect(words.join()).not.toMatch(/glpat-|AKIA|SECRET/);
  });
}
