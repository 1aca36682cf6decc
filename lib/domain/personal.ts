import type { Change, StoredChange } from "./change.ts";

/**
 * What an entry of the history may say of its subject, and whether that is personal. A name that is not here is no field:
 * whoever adds one has to say what it is.
 */
const ABOUT = {
  account: "personal",
  approver: "personal",
  by: "personal",
  formerly: "personal",
  person: "personal",
  proposer: "personal",
  answer: "plain",
  at: "plain",
  connection: "plain",
  days: "plain",
  drift: "plain",
  entry: "plain",
  extends: "plain",
  format: "plain",
  group: "plain",
  key: "plain",
  kind: "plain",
  minutes: "plain",
  needed: "plain",
  partly: "plain",
  receipt: "plain",
  restores: "plain",
  role: "plain",
  target: "plain",
  to: "plain",
  token: "plain",
  undoes: "plain",
  upTo: "plain",
  version: "plain",
  what: "plain",
  widening: "plain",
} as const;

export type AboutField = keyof typeof ABOUT;

const PERSONAL_ABOUT = Object.entries(ABOUT).flatMap(([name, what]) => (what === "personal" ? [name] : []));
const PERSONAL_SIDE = ["username"];
/** What somebody searched for may be a name. */
const WORDS = "/after/selection/filter/words";

/** Where an entry says "[redacted]", a policy took out what was there. */
export const REDACTED = "[redacted]";

/** The paths of the personal fields that this entry has, like "/about/person", in their order. */
export function personalPaths(change: Change): string[] {
  const places: readonly (readonly [part: string, fields: unknown, names: readonly string[]])[] = [
    ["about", change.about, PERSONAL_ABOUT],
    ["actor", change.actor, change.actor.kind === "person" ? ["name"] : []],
    ["after", change.after, PERSONAL_SIDE],
    ["before", change.before, PERSONAL_SIDE],
  ];
  const paths = places.flatMap(([part, fields, names]) =>
    names.filter((name) => typeof fieldOf(fields, name) === "string").map((name) => `/${part}/${name}`),
  );
  const rest = [WORDS, "/why"].filter((path) => typeof valueAt(change, path) === "string");
  return [...paths, ...rest].sort();
}

/** What is at a path; undefined where there is nothing. */
export function valueAt(change: object, path: string): unknown {
  return keysOf(path).reduce<unknown>(fieldOf, change);
}

/** The entry without what is at these paths. The order of its other keys stays. */
export function withoutPaths<T extends object>(change: T, paths: readonly string[]): T {
  return without(change, paths.map(keysOf)) as T;
}

/** As people read it: without salt and commitments, and with "[redacted]" where something was taken out. */
export function openChange({ personal: _personal, commitments, ...change }: StoredChange): Change {
  const paths = Object.keys(commitments ?? {});
  return paths.reduce<object>((copy, path) => marked(copy, keysOf(path)), change) as Change;
}

/** The entry that a stored body says. */
export function changeIn(body: string): Change {
  return openChange(JSON.parse(body) as StoredChange);
}

type Fields = Readonly<Record<string, unknown>>;

/** In one go: every entry that is verified comes through here. */
function without(fields: object, paths: readonly (readonly string[])[]): object {
  const left: [string, unknown][] = [];
  for (const [name, value] of Object.entries(fields)) {
    const inner = paths.flatMap(([first, ...rest]) => (first === name ? [rest] : []));
    if (inner.length === 0) left.push([name, value]);
    else if (inner.every(({ length }) => length > 0)) left.push([name, without(value as object, inner)]);
  }
  return Object.fromEntries(left);
}

function marked(fields: object, [name = "", ...inner]: readonly string[]): object {
  return { ...fields, [name]: inner.length === 0 ? REDACTED : marked(fieldOf(fields, name) ?? {}, inner) };
}

function keysOf(path: string): string[] {
  return path.slice(1).split("/");
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, name)
    ? (value as Fields)[name]
    : undefined;
}
