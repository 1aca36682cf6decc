import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { openSandbox, type OpenSandbox } from "../../../sandbox/testing/sandbox-client.ts";
import { ABSENT } from "../../domain/binding.ts";
import type { Place } from "../../domain/entitlement.ts";
import {
  CouldNotTell,
  ProviderBusy,
  ProviderRefused,
  type AccessProvider,
  type Account,
  type Standing,
} from "../provider.ts";
import { allOf } from "./all-of.ts";
import { startScripted } from "./scripted-server.ts";

type CallMatch = { readonly method?: string; readonly action?: string };

/** What the suite needs to know of one kind of place at one provider. */
type Subject = {
  readonly provider: AccessProvider;
  readonly maya: Account;
  readonly omar: Account;
  /** An account that the provider does not have. */
  readonly nobody: Account;
  readonly place: Place;
  readonly other: Place;
  /** A place that the provider does not have. */
  readonly missing: Place;
  /** Different ones; the suite changes each of them into each other. */
  readonly standings: readonly [Standing, ...Standing[]];
  /** The calls that really write, for faults. */
  readonly writes: { readonly apply: CallMatch; readonly remove: CallMatch };
};

type Setting = {
  readonly name: "gitlab" | "aws";
  readonly kind: Place["kind"];
  /** The kind's subject at the sandbox, or at another server of the same paths. */
  open(sandbox: OpenSandbox, options?: { readonly timeoutMs?: number; readonly url?: string }): Promise<Subject>;
};

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

/** What every kind of place at every provider does the same way. The worker builds on this and on nothing else. */
export function describeProviderContract({ name, kind, open }: Setting): void {
  describe(`${kind} through the port`, () => {
    let sandbox: OpenSandbox;
    let subject: Subject;
    const faults = (...rules: object[]) =>
      sandbox.send(
        "POST",
        "/_faults",
        rules.map((rule) => ({ provider: name, ...rule })),
      );
    const callsSince = async (n: number) =>
      (await sandbox.send("GET", `/_log?since=${n}`)).body as { n: number; status: number }[];

    beforeAll(async () => {
      sandbox = await openSandbox();
    });
    beforeEach(async () => {
      await sandbox.send("POST", "/_reset");
      subject = await open(sandbox);
    });
    afterAll(() => sandbox.close());

    /** Every method that asks about one place, as the worker calls it. */
    const askings = (): Record<string, () => Promise<unknown>> => {
      const { provider, maya, place, standings } = subject;
      return {
        observe: () => provider.observe(maya, place),
        apply: () => provider.apply(maya, place, standings[0]),
        remove: () => provider.remove(maya, place),
        describe: () => provider.describe(place),
      };
    };

    test("nothing is seen where nothing was given", async () => {
      const { provider, maya, place } = subject;
      expect(await provider.observe(maya, place)).toEqual(ABSENT);
    });

    test("what was applied is seen exactly", async () => {
      const { provider, maya, place, standings } = subject;
      for (const standing of standings) {
        await provider.apply(maya, place, standing);
        expect(await provider.observe(maya, place)).toEqual({ state: "present", ...standing });
        await provider.remove(maya, place);
      }
    });

    test("every standing can be changed into every other, and back to what was there before", async () => {
      const { provider, maya, place, standings } = subject;
      for (const before of standings)
        for (const ours of standings) {
          await provider.apply(maya, place, before);
          await provider.apply(maya, place, ours);
          expect(await provider.observe(maya, place)).toEqual({ state: "present", ...ours });
          await provider.apply(maya, place, before);
          expect(await provider.observe(maya, place)).toEqual({ state: "present", ...before });
        }
    });

    test("applying twice is as good as once", async () => {
      const { provider, maya, place, standings } = subject;
      await provider.apply(maya, place, standings[0]);
      await provider.apply(maya, place, standings[0]);
      expect(await provider.observe(maya, place)).toEqual({ state: "present", ...standings[0] });
    });

    test("what was removed is seen gone, and removing it again is an answer", async () => {
      const { provider, maya, place, standings } = subject;
      await provider.apply(maya, place, standings[0]);
      expect((await provider.remove(maya, place)).status).toBeLessThan(300);
      expect(await provider.observe(maya, place)).toEqual(ABSENT);
      expect((await provider.remove(maya, place)).words).not.toBe("");
      expect(await provider.observe(maya, place)).toEqual(ABSENT);
    });

    test("nobody else and nowhere else is touched", async () => {
      const { provider, maya, omar, place, other, standings } = subject;
      await provider.apply(omar, place, standings[0]);
      await provider.apply(maya, other, standings[0]);
      await provider.apply(maya, place, standings[0]);
      await provider.remove(maya, place);
      expect(await provider.observe(omar, place)).toEqual({ state: "present", ...standings[0] });
      expect(await provider.observe(maya, other)).toEqual({ state: "present", ...standings[0] });
    });

    test("people who are added and removed at the same moment do not get in each other's way", async () => {
      const { provider, maya, omar, place, standings } = subject;
      await provider.apply(omar, place, standings[0]);
      await Promise.all([provider.apply(maya, place, standings[0]), provider.remove(omar, place)]);
      expect(await provider.observe(maya, place)).toEqual({ state: "present", ...standings[0] });
      expect(await provider.observe(omar, place)).toEqual(ABSENT);
    });

    test("a place that is not there is refused, and said to be missing", async () => {
      const { provider, maya, missing, standings } = subject;
      await expect(provider.apply(maya, missing, standings[0])).rejects.toBeInstanceOf(ProviderRefused);
      expect(await provider.describe(missing)).toMatchObject({ exists: false });
    });

    test("an account that is not there is refused access and has none", async () => {
      const { provider, nobody, place, standings } = subject;
      await expect(provider.apply(nobody, place, standings[0])).rejects.toBeInstanceOf(ProviderRefused);
      expect(await provider.observe(nobody, place)).toEqual(ABSENT);
      await expect(provider.remove(nobody, place)).resolves.toMatchObject({ words: expect.stringMatching(/./) });
    });

    test("a place is described by its name", async () => {
      const { provider, place } = subject;
      expect(await provider.describe(place)).toMatchObject({ exists: true, name: expect.stringMatching(/./) });
    });

    test("everybody with direct access is listed once, as they are seen; whoever lost it is not", async () => {
      const { provider, maya, omar, place, other, standings } = subject;
      expect(await allOf(provider.members(place))).toEqual([]);
      await provider.apply(maya, place, standings[0]);
      await provider.apply(omar, place, standings[0]);
      await provider.apply(omar, other, standings[0]);
      const listed = await allOf(provider.members(place));
      expect(listed.sort((a, b) => (a.account.username < b.account.username ? -1 : 1))).toEqual(
        [maya, omar]
          .sort((a, b) => (a.username < b.username ? -1 : 1))
          .map((account) => ({ account, level: standings[0].level, until: standings[0].until })),
      );
      await provider.remove(maya, place);
      expect((await allOf(provider.members(place))).map(({ account }) => account)).toEqual([omar]);
    });

    test("the members of a place that is not there are refused, not none", async () => {
      await expect(allOf(subject.provider.members(subject.missing))).rejects.toBeInstanceOf(ProviderRefused);
    });

    test("a provider that throttles is busy, for everything", async () => {
      await faults({ kind: "status", status: 429, retryAfter: 7 });
      for (const [what, ask] of Object.entries(askings())) {
        const error = await ask().catch((thrown: unknown) => thrown);
        expect(error, what).toBeInstanceOf(ProviderBusy);
        expect((error as ProviderBusy).afterMs, what).toBeGreaterThan(0);
      }
    });

    test.each(NONSENSE)("a provider that %s tells nothing, and never that access is gone", async (_how, rule) => {
      const { provider, maya, place, standings } = subject;
      await provider.apply(maya, place, standings[0]);
      await faults(rule);
      for (const [what, ask] of Object.entries(askings()))
        await expect(ask(), what).rejects.toBeInstanceOf(CouldNotTell);
      await expect(allOf(provider.listAccounts())).rejects.toBeInstanceOf(CouldNotTell);
      await expect(allOf(provider.members(place))).rejects.toBeInstanceOf(CouldNotTell);

      await sandbox.send("DELETE", "/_faults");
      expect(await provider.observe(maya, place)).toEqual({ state: "present", ...standings[0] });
    });

    test("a provider that takes too long tells nothing", async () => {
      const { provider, maya, place } = await open(sandbox, { timeoutMs: 50 });
      await faults({ kind: "slow", ms: 300, times: 1 });
      await expect(provider.observe(maya, place)).rejects.toBeInstanceOf(CouldNotTell);
    });

    test("a provider whose answer drips without end tells nothing", async () => {
      const server = await startScripted(() => ({ headers: { "x-amzn-requestid": "1" }, body: " ", drips: true }));
      const { provider, maya, place } = await open(sandbox, { timeoutMs: 100, url: server.url });
      await expect(provider.observe(maya, place)).rejects.toBeInstanceOf(CouldNotTell);
      server.close();
    });

    test("a failed call is not repeated: when to try again is not the provider's to decide", async () => {
      const before = (await callsSince(0)).at(-1)?.n ?? 0;
      await faults({ kind: "status", status: 503 });
      for (const ask of Object.values(askings())) await ask().catch(() => undefined);
      expect(await callsSince(before)).toHaveLength(Object.keys(askings()).length);
    });

    test("a lost reply tells nothing, though the access was given; a look shows it", async () => {
      const { provider, maya, place, standings, writes } = subject;
      await faults({ kind: "lost-after", times: 1, match: writes.apply });
      await expect(provider.apply(maya, place, standings[0])).rejects.toBeInstanceOf(CouldNotTell);
      expect(await provider.observe(maya, place)).toEqual({ state: "present", ...standings[0] });
      await provider.apply(maya, place, standings[0]);

      await faults({ kind: "lost-after", times: 1, match: writes.remove });
      await expect(provider.remove(maya, place)).rejects.toBeInstanceOf(CouldNotTell);
      expect(await provider.observe(maya, place)).toEqual(ABSENT);
      await provider.remove(maya, place);
    });

    test("a provider that lags behind is reported as it answers", async () => {
      const { provider, maya, place, standings } = subject;
      await faults({ kind: "stale", reads: 2 });
      await provider.apply(maya, place, standings[0]);
      const looks = [];
      for (let n = 0; n < 3; n += 1) looks.push((await provider.observe(maya, place)).state);
      expect(looks).toEqual(["absent", "absent", "present"]);
    });

    test("no error and no answer gives a secret away", async () => {
      const { provider, maya, missing, place, standings } = subject;
      const words = [
        (await provider.apply(maya, place, standings[0])).words,
        (await provider.remove(maya, place)).words,
      ];
      await provider.apply(maya, missing, standings[0]).catch((error: unknown) => words.push(String(error)));
      await faults({ kind: "status", status: 403, body: { message: "x".repeat(100_000) } });
      await provider.remove(maya, place).catch((error: unknown) => words.push(String(error)));
      for (const text of words) expect(text.length).toBeLessThanOrEqual(2_000);
      expect(words.join()).not.toMatch(/glpat-|AKIA|SECRET/);
    });

    test("all accounts are listed once, however many pages they take", async () => {
      await sandbox.send("POST", "/_seed", { people: 1_150, groups: 0 });
      const accounts = await allOf(subject.provider.listAccounts());
      const names = accounts.map(({ username }) => username);
      expect(new Set(names).size).toBe(names.length);
      expect(names.filter((username) => username.startsWith("person"))).toHaveLength(1_150);
      expect(accounts).toContainEqual(expect.objectContaining({ ...subject.maya, active: true }));
    });
  });
}
