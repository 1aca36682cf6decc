import "server-only";
import { changeWords } from "../domain/change-words.ts";
import { ROLE_FIELDS } from "../domain/role-difference.ts";
import { fieldValueWords, fieldWords, type Choice } from "../domain/undo.ts";
import { whatStays, type SincePoint } from "../domain/undoable.ts";
import type { Viewer } from "../domain/viewer.ts";
import { changeIn } from "../domain/personal.ts";
import type { Db } from "../db/client.ts";
import { needsFourEyes } from "../db/four-eyes.ts";
import { choiceKey, planRollback, type Aim, type Choices, type RoleTarget } from "../db/plan-rollback.ts";
import { fieldsOf } from "../db/publish-version.ts";
import { effectsOf, groupNames, type Effect } from "./effects.ts";

/** A field that was changed again since, in words, and what was chosen for it. */
export type ConflictShown = {
  readonly key: string;
  readonly what: string;
  readonly before: string;
  readonly after: string;
  readonly now: string;
  readonly choice: Choice | null;
};

export type RolePreview = Effect & {
  readonly slug: string;
  readonly name: string;
  readonly version: number;
  readonly conflicts: readonly ConflictShown[];
};

export type RollbackPreview = {
  readonly aim: Aim;
  readonly at: Date;
  /** The change that is meant, as a sentence. */
  readonly sentence: string;
  readonly roles: readonly RolePreview[];
  /** What the rule of the second person goes back to; null when it stays. */
  readonly fourEyes: boolean | null;
  /** What stays as it is although it happened since, and why. */
  readonly stays: readonly string[];
  /** Sent back with the confirmation, so that a stale preview is noticed. */
  readonly basis: string;
  readonly undecided: number;
};

/**
 * Exactly what a rollback would do, and what it cannot. For admins; null for everybody else.
 * @throws Refused not-found, point-unknown or change-not-undoable
 */
export async function previewOfRollback(
  viewer: Viewer,
  aim: Aim,
  choices: Choices,
  { db }: { db: Db },
): Promise<RollbackPreview | null> {
  if (!viewer.isAdmin) return null;
  const plan = await planRollback(db, aim, choices);
  const fourEyes = (await needsFourEyes(db)) || plan.fourEyes === true;
  const edits = plan.roles.map(({ roleId, current, target }) => ({ roleId, now: fieldsOf(current), spec: target }));
  const [effects, nameOf, change, since] = await Promise.all([
    effectsOf(db, edits, fourEyes),
    conflictNames(db, plan.roles),
    db.change.findUniqueOrThrow({ where: { seq: aim.seq } }),
    aim.kind === "point" ? countsSince(db, aim.seq) : lossesBy(db, aim.seq),
  ]);
  const roles = plan.roles.flatMap((role, i) => {
    const effect = effects[i];
    return effect ? [{ ...shownOf(role, nameOf), ...effect }] : [];
  });
  return {
    aim,
    at: plan.at,
    sentence: changeWords(changeIn(change.body)),
    roles,
    fourEyes: plan.fourEyes,
    stays: [...whatStays(since), ...plan.roles.flatMap(lostWords)],
    basis: plan.basis,
    undecided: roles.flatMap(({ conflicts }) => conflicts).filter(({ choice }) => choice === null).length,
  };
}

function shownOf({ slug, current, conflicts }: RoleTarget, nameOf: (id: string) => string) {
  return {
    slug,
    name: current.name,
    version: current.version,
    conflicts: conflicts.map(({ field, before, after, now, choice }) => ({
      key: choiceKey(slug, field),
      what: fieldWords(field),
      before: fieldValueWords(field, before, nameOf),
      after: fieldValueWords(field, after, nameOf),
      now: fieldValueWords(field, now, nameOf),
      choice,
    })),
  };
}

function lostWords({ slug, lost }: RoleTarget): string[] {
  return lost.map((field) => `${ROLE_FIELDS[field]} of ${slug} stays: the group of then is gone from the directory.`);
}

async function conflictNames(db: Db, roles: readonly RoleTarget[]): Promise<(id: string) => string> {
  const ids = roles.flatMap(({ conflicts }) => conflicts.flatMap(({ before, after, now }) => [before, after, now]));
  return groupNames(
    db,
    ids.filter((id) => typeof id === "string"),
  );
}

/** How often each kind of thing happened after the point. */
async function countsSince(db: Db, seq: number): Promise<SincePoint> {
  const rows = await db.$queryRaw<{ kind: string; count: number }[]>`
    SELECT kind, count(*)::int AS count FROM change WHERE seq > ${seq}::bigint AND kind = ANY(${[
      "request.approved",
      "request.denied",
      "grant.ended",
      "grant.revoked",
      "grant.failed",
      "grant.narrowed",
      "history.redacted",
      "person.deactivated",
      "token.created",
      "token.revoked",
    ]}::text[]) GROUP BY kind`;
  return Object.fromEntries(rows.map(({ kind, count }) => [kind, count]));
}

/** What one change took from live grants, which its rollback does not give back. */
async function lossesBy(db: Db, seq: number): Promise<SincePoint> {
  const [row] = await db.$queryRaw<[{ count: number }]>`
    SELECT count(*)::int AS count FROM change c WHERE c.kind = 'grant.narrowed' AND c.cause_id IN (
      SELECT id FROM change WHERE seq = ${seq}::bigint
      UNION ALL SELECT o.id FROM change o JOIN change u ON o.cause_id = u.id WHERE u.seq = ${seq}::bigint)`;
  return { "grant.narrowed": row.count };
}
