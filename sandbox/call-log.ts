export type ProviderName = "gitlab" | "aws" | "idp" | "mail" | "siem";

/** One call that reached a provider. `path` carries no query string and no header, so no token can be in it. */
export type Call = {
  readonly n: number;
  readonly at: string;
  readonly provider: ProviderName;
  readonly method: string;
  readonly path: string;
  /** AWS only: the action that the form body named. */
  readonly action?: string;
  /** 0 when the connection was cut instead of answered. */
  readonly status: number;
};

export type CallLog = {
  record(call: Omit<Call, "n">): void;
  since(n: number): readonly Call[];
  clear(): void;
};

const KEPT = 2000;

/** Remembers the last 2,000 calls. Numbers keep growing across a reset, so a reader that polls never sees one twice. */
export function createCallLog(): CallLog {
  const ring: Call[] = [];
  let recorded = 0;

  return {
    record(call) {
      recorded += 1;
      ring[recorded % KEPT] = { n: recorded, ...call };
    },
    since: (n) => ring.filter((call) => call.n > n).sort((a, b) => a.n - b.n),
    clear: () => void (ring.length = 0),
  };
}
