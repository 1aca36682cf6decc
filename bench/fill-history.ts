import { v7 as newId } from "uuid";
import type { Db } from "../lib/db/client.ts";
import { append } from "../lib/db/record.ts";
import type { Change, ChangeKind } from "../lib/domain/change.ts";
import type { Filled } from "./fill.ts";

const BATCH = 100;
const EVERY_MS = 5 * 60_000;
const START_MS = Date.UTC(2024, 0, 1);
export const CHANGES_PER_GRANT = 10;

/** Said in every entry of one grant, and nowhere else. */
export const RARE = "zanzibar";
/** Said in every request. */
export const COMMON = "deployment";
const WHY = ["Look into a failed", "Repair the", "Undo the broken", "Watch the first", "Find out why it hangs: the"];
const WHEN = [
  "of last night",
  "before the release",
  "that customers report",
  "in the second region",
  "after the upgrade",
];

type Past = {
  readonly n: number;
  readonly person: Filled["people"][number];
  readonly role: Filled["roles"][number];
  readonly ownerName: string;
  readonly requestId: string;
  readonly grantId: string;
  readonly places: readonly { readonly bindingId: string; readonly told: Told }[];
};

type Told = Readonly<Record<"connection" | "kind" | "target" | "level", string>>;

/** Years of grants, asked for, given and gone, with the whole story of each: `CHANGES_PER_GRANT` entries. Returns how many. */
export async function fillHistory(db: Db, { people, roles }: Filled, grants: number): Promise<number> {
  const names = new Map(people.map(({ id, name }) => [id, name]));
  const bindings = new Map<string, string>();
  for (let from = 0; from < grants; from += BATCH) {
    const batch = Array.from({ length: Math.min(BATCH, grants - from) }, (_, i): Past => {
      const n = from + i;
      const person = at(people, n);
      const role = at(roles, Math.floor(n / 3) * 7);
      const places = placesOf(role.slug).map((told) => ({
        told,
        bindingId: bindingOf(bindings, person.id, told.target),
      }));
      const ownerName = names.get(role.ownerId) ?? "";
      return { n, person, role, ownerName, requestId: newId(), grantId: newId(), places };
    });
    await writeRows(db, batch);
    await append(db, batch.flatMap(storyOf));
  }
  await db.$executeRaw`VACUUM ANALYZE`;
  return grants * CHANGES_PER_GRANT;
}

function placesOf(slug: string): Told[] {
  return [
    { connection: "gitlab", kind: "gitlab-group", target: `acme/roles/${slug}`, level: "maintainer" },
    { connection: "aws", kind: "aws-iam-group", target: slug, level: "member" },
  ];
}

function bindingOf(known: Map<string, string>, personId: string, target: string): string {
  const key = `${personId} ${target}`;
  const id = known.get(key) ?? newId();
  known.set(key, id);
  return id;
}

async function writeRows(db: Db, batch: readonly Past[]): Promise<void> {
  await db.accessRequest.createMany({
    data: batch.map(({ n, role, person, requestId }) => ({
      id: requestId,
      roleId: role.id,
      roleVersionId: role.versionId,
      requesterId: person.id,
      minutes: 60,
      justification: whyOf(n),
      state: "APPROVED",
      createdAt: momentOf(n, 0),
      decideBy: momentOf(n, 1_440),
      closedAt: momentOf(n, 3),
    })),
  });
  await db.grant.createMany({
    data: batch.map(({ n, role, person, requestId, grantId }) => ({
      id: grantId,
      requestId,
      roleId: role.id,
      roleVersionId: role.versionId,
      personId: person.id,
      minutes: 60,
      state: "ENDED",
      startsAt: momentOf(n, 3),
      activeAt: momentOf(n, 3),
      endsAt: momentOf(n, 63),
      endingAt: momentOf(n, 63),
      closedAt: momentOf(n, 63),
      endReason: "Its time was up",
    })),
  });
  // Looked at so late that no sweep of this run looks again.
  const seenAt = new Date(Date.UTC(2100, 0, 1));
  await db.binding.createMany({
    data: batch.flatMap(({ person, places }) =>
      places.map(({ bindingId, told: { connection, kind, target } }) => {
        return { id: bindingId, personId: person.id, connection, kind, target, seenAt };
      }),
    ),
    skipDuplicates: true,
  });
  await db.grantBinding.createMany({
    data: batch.flatMap(({ n, grantId, places }) =>
      places.map(({ bindingId, told }) => {
        const [appliedAt, goneAt] = [momentOf(n, 3), momentOf(n, 63)];
        return { grantId, bindingId, level: told.level, appliedAt, goneAt };
      }),
    ),
  });
}

function storyOf(past: Past): Change[] {
  const { n, person, ownerName, role, places } = past;
  const asker = { kind: "person", id: person.id, name: person.name, via: "web" } as const;
  const owner = { kind: "person", id: role.ownerId, name: ownerName, via: "web" } as const;
  const state = (before: string | null, after: string) => ({
    before: before && { state: before },
    after: { state: after },
  });
  return [
    entryOf(past, "request.submitted", 0, { actor: asker, why: whyOf(n), ...state(null, "PENDING") }),
    entryOf(past, "request.approved", 3, { actor: owner, ...state("PENDING", "APPROVED") }),
    entryOf(past, "grant.activating", 3, { actor: owner, ...state(null, "ACTIVATING") }),
    ...places.map((place) => placeEntry(past, place, "binding.applied", 3)),
    entryOf(past, "grant.active", 3, state("ACTIVATING", "ACTIVE")),
    entryOf(past, "grant.ending", 63, state("ACTIVE", "ENDING")),
    ...places.map((place) => placeEntry(past, place, "binding.removed", 63)),
    entryOf(past, "grant.ended", 63, state("ENDING", "ENDED")),
  ];
}

function placeEntry(
  past: Past,
  { bindingId, told }: Past["places"][number],
  kind: ChangeKind,
  minutes: number,
): Change {
  const { level, ...place } = told;
  const present = { state: "present", level, until: null };
  const [before, after] = kind === "binding.applied" ? [{ state: "absent" }, present] : [present, { state: "absent" }];
  const about = { person: past.person.name, account: past.person.username, ...place, answer: "201 Created" };
  return entryOf(past, kind, minutes, { bindingId, about, before, after });
}

function entryOf(
  { n, person, role, requestId, grantId }: Past,
  kind: ChangeKind,
  minutes: number,
  says: Partial<Change>,
): Change {
  return {
    id: newId(),
    at: momentOf(n, minutes).toISOString(),
    kind,
    actor: { kind: "system", id: null, name: "Daypass", via: "worker" },
    about: { person: person.name, role: role.slug },
    personId: person.id,
    roleId: role.id,
    requestId,
    grantId: kind.startsWith("request.") ? null : grantId,
    bindingId: null,
    causeId: null,
    why: null,
    before: null,
    after: null,
    ...says,
  };
}

function whyOf(n: number): string {
  return `${at(WHY, n)} ${COMMON} ${at(WHEN, Math.floor(n / 5))}, ticket OPS-${n}${n === 777 ? `, ${RARE}` : ""}`;
}

function momentOf(n: number, minutes: number): Date {
  return new Date(START_MS + n * EVERY_MS + minutes * 60_000);
}

/** In turn. */
function at<T>(items: readonly T[], n: number): T {
  const item = items[n % items.length];
  if (item === undefined) throw new Error("nothing to choose from");
  return item;
}
