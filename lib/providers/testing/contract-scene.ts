import { afterAll, beforeAll, beforeEach } from "vitest";
import { openSandbox, type OpenSandbox } from "../../../sandbox/testing/sandbox-client.ts";
import type { Place } from "../../domain/entitlement.ts";
import type { AccessProvider, Account, Standing } from "../provider.ts";

type CallMatch = { readonly method?: string; readonly action?: string };

/** What the suite needs to know of one kind of place at one provider. */
export type Subject = {
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

export type Setting = {
  readonly name: "gitlab" | "aws";
  readonly kind: Place["kind"];
  /** The kind's subject at the sandbox, or at another server of the same paths. */
  open(sandbox: OpenSandbox, options?: { readonly timeoutMs?: number; readonly url?: string }): Promise<Subject>;
};

/** One kind of place at a fresh sandbox, anew for each test. */
export type Scene = {
  readonly sandbox: OpenSandbox;
  readonly subject: Subject;
  readonly open: Setting["open"];
  readonly faults: (...rules: object[]) => Promise<unknown>;
  readonly callsSince: (n: number) => Promise<{ n: number; status: number }[]>;
};

/** Opens the sandbox before the tests of this `describe`, and gives what they work with. */
export function openScene({ name, open }: Setting): Scene {
  let sandbox: OpenSandbox;
  let subject: Subject;
  beforeAll(async () => {
    sandbox = await openSandbox();
  });
  beforeEach(async () => {
    await sandbox.send("POST", "/_reset");
    subject = await open(sandbox);
  });
  afterAll(() => sandbox.close());
  return {
    open,
    get sandbox() {
      return sandbox;
    },
    get subject() {
      return subject;
    },
    faults: (...rules) =>
      sandbox.send(
        "POST",
        "/_faults",
        rules.map((rule) => ({ provider: name, ...rule })),
      ),
    callsSince: async (n) => (await sandbox.send("GET", `/_log?since=${n}`)).body as { n: number; status: number }[],
  };
}
