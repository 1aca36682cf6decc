/** One event that arrived. */
export type Received = {
  readonly n: number;
  readonly at: Date;
  readonly via: "http" | "syslog";
  readonly event: Readonly<Record<string, unknown>>;
};

/** What a SIEM would tell of the sequence numbers. */
export type Summary = {
  readonly received: number;
  /** Entries that had arrived before: "at least once" makes some. */
  readonly repeated: number;
  /** The entries between the first and the last that never came, as "first-last". */
  readonly missing: readonly string[];
  readonly first: number | null;
  readonly last: number | null;
};

export type SiemStore = {
  add(via: Received["via"], event: Received["event"], at: Date): void;
  since(n: number): readonly Received[];
  summary(): Summary;
  clear(): void;
};

const KEPT = 2_000;
const NOTHING: Summary = { received: 0, repeated: 0, missing: [], first: null, last: null };

/** Keeps the last 2,000 events and counts all. Numbers keep growing across a reset, so a reader never sees one twice. */
export function createSiemStore(): SiemStore {
  let kept: Received[] = [];
  let count = 0;
  let summary = NOTHING;

  return {
    add(via, event, at) {
      count += 1;
      kept.push({ n: count, at, via, event });
      if (kept.length > 2 * KEPT) kept = kept.slice(-KEPT);
      summary = withOneMore(summary, sequenceOf(event));
    },
    since: (n) => kept.filter((each) => each.n > n),
    summary: () => summary,
    clear() {
      kept = [];
      summary = NOTHING;
    },
  };
}

function withOneMore({ received, repeated, missing, first, last }: Summary, sequence: number | null): Summary {
  const more = { received: received + 1, repeated, missing, first, last };
  if (sequence === null) return more;
  if (last === null) return { ...more, first: sequence, last: sequence };
  if (sequence <= last) return { ...more, repeated: repeated + 1 };
  const gap = sequence > last + 1 ? [`${last + 1}-${sequence - 1}`] : [];
  return { ...more, missing: [...missing, ...gap], last: sequence };
}

/** What is no entry of the history has none. */
function sequenceOf(event: Received["event"]): number | null {
  const { sequence } = (event["metadata"] ?? {}) as { sequence?: unknown };
  return typeof sequence === "number" ? sequence : null;
}
