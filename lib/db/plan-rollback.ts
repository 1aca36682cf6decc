import { createHash } from "node:crypto";
import { canonicalJson, type Change } from "../domain/change.ts";
import { changeIn } from "../domain/personal.ts";
import { Refused } from "../domain/refusals.ts";
import { sameSpec, type RoleSpec } from "../domain/role.ts";
import { undoneRole, type Choice, type Conflict } from "../domain/undo.ts";
import { ROLE_CHANGES, isRoleChange, isRollback, whyNotUndoable } from "../domain/undoable.ts";
import { givingNothing } from "../domain/widening.ts";
import type { Db, Tx } from "./client.ts";
import { needsFourEyes } from "./four-eyes.ts";
import { withKnownGroups, type LostGroups } from "./known-groups.ts";
import { fieldsOf } from "./publish-version.ts";
import { readRoleVersion, type RoleVersionCase } from "./read-role-version.ts";

/** What is rolled back: one change, or everything that is configured to how it was right after one. */
export type Aim = { readonly kind: "change" | "point"; readonly seq: number };

/** By role and field: `payments maxMinutes`. */
export type Choices = Readonly<Record<string, Choice>>;

/** What one role goes back to. */
export type RoleTarget = {
  readonly roleId: string;
  readonly slug: string;
  readonly current: RoleVersionCase;
  readonly target: RoleSpec;
  /** The version that this restores exactly; null when it restores none. */
  readonly restores: number | null;
  readonly conflicts: readonly Conflict[];
  readonly lost: LostGroups;
};

export type RollbackPlan = {
  readonly aim: Aim;
  /** When the change that is meant was made. */
  readonly at: Date;
  readonly roles: readonly RoleTarget[];
  /** What the rule of the second person goes back to; null when it stays. */
  readonly fourEyes: boolean | null;
  /** What was looked at. Another one later means that something changed since. */
  readonly basis: string;
};

/** Roles that an aim can touch, so that they can be locked before it is planned. Null: all of them. */
export async function rolesAimedAt(db: Db | Tx, aim: Aim): Promise<readonly string[] | null> {
  if (aim.kind === "point") return null;
  return (await changesAimedAt(db, aim)).flatMap(({ roleId }) => (roleId === null ? [] : [roleId]));
}

/**
 * What a rollback would do. The preview and the rollback itself both ask here.
 * @throws Refused not-found, point-unknown or change-not-undoable
 */
export async function planRollback(db: Db | Tx, aim: Aim, choices: Choices): Promise<RollbackPlan> {
  const { at } = await entryAt(db, aim);
  const { looked, roles, fourEyes } = aim.kind === "change" ? await undo(db, aim, choices) : await back(db, aim);
  const needed = await needsFourEyes(db);
  return {
    aim,
    at: new Date(at),
    roles: roles.filter(
      ({ target, current, conflicts }) => conflicts.length > 0 || !sameSpec(target, fieldsOf(current)),
    ),
    fourEyes: fourEyes === needed ? null : fourEyes,
    basis: createHash("sha256")
      .update(canonicalJson([looked, needed]))
      .digest("base64url"),
  };
}

export function choiceKey(slug: string, field: string): string {
  return `${slug} ${field}`;
}

type Looked = { readonly [slug: string]: number };
type Targets = { looked: Looked; roles: RoleTarget[]; fourEyes: boolean | null };

async function undo(db: Db | Tx, aim: Aim, choices: Choices): Promise<Targets> {
  const changes = await changesAimedAt(db, aim);
  const roles: RoleTarget[] = [];
  for (const change of changes.filter(({ kind }) => isRoleChange(kind))) roles.push(await undoOne(db, change, choices));
  const switched = changes.find(({ kind }) => kind === "four-eyes.switched");
  const before = switched?.before as { needed: boolean } | undefined;
  return { looked: lookedAt(roles), roles, fourEyes: before?.needed ?? null };
}

async function undoOne(db: Db | Tx, change: Change, choices: Choices): Promise<RoleTarget> {
  const role = await db.role.findUniqueOrThrow({ where: { id: change.roleId ?? "" } });
  const current = await versionOrThrow(db, role.id, role.currentVersion);
  const after = await versionOrThrow(db, role.id, versionIn(change));
  // What made a role is undone by leaving nothing of it to give.
  const first = change.kind === "role.created";
  const before = first ? null : await versionOrThrow(db, role.id, after.version - 1);
  const mine = Object.entries(choices).flatMap(([key, choice]) =>
    key.startsWith(`${role.slug} `) ? [[key.slice(role.slug.length + 1), choice] as const] : [],
  );
  const sides = { before: before ? fieldsOf(before) : givingNothing(fieldsOf(after)), after: fieldsOf(after) };
  const undone = undoneRole(sides, fieldsOf(current), Object.fromEntries(mine));
  const { spec, lost } = await withKnownGroups(db, undone.target, fieldsOf(current));
  const isWhole = before !== null && sameSpec(spec, fieldsOf(before));
  return {
    roleId: role.id,
    slug: role.slug,
    current,
    target: spec,
    restores: isWhole ? before.version : null,
    conflicts: undone.conflicts,
    lost,
  };
}

/** Every role as it was right after that change. One that did not exist then gives nothing. */
async function back(db: Db | Tx, { seq }: Aim): Promise<Targets> {
  const rows = await db.$queryRaw<{ id: string; slug: string; currentVersion: number; version: number | null }[]>`
    SELECT r.id, r.slug, r.current_version AS "currentVersion", old.version
    FROM role r LEFT JOIN (
      SELECT DISTINCT ON (c.role_id) c.role_id, (c.body::jsonb #>> '{about,version}')::int AS version
      FROM change c WHERE c.kind = ANY(${[...ROLE_CHANGES]}::text[]) AND c.seq <= ${seq}::bigint
      ORDER BY c.role_id, c.seq DESC
    ) AS old ON old.role_id = r.id
    ORDER BY r.slug`;
  const moved = rows.filter(({ currentVersion, version }) => version !== currentVersion);
  const roles: RoleTarget[] = [];
  for (const { id, slug, currentVersion, version } of moved) {
    const current = await versionOrThrow(db, id, currentVersion);
    const old = version === null ? givingNothing(fieldsOf(current)) : fieldsOf(await versionOrThrow(db, id, version));
    const { spec, lost } = await withKnownGroups(db, old, fieldsOf(current));
    const restores = lost.length === 0 ? version : null;
    roles.push({ roleId: id, slug, current, target: spec, restores, conflicts: [], lost });
  }
  const looked = Object.fromEntries(rows.map((row) => [row.slug, row.currentVersion]));
  return { looked, roles, fourEyes: await fourEyesAt(db, seq) };
}

async function fourEyesAt(db: Db | Tx, seq: number): Promise<boolean> {
  const [row] = await db.$queryRaw<{ needed: boolean }[]>`
    SELECT (body::jsonb #> '{after,needed}')::bool AS needed FROM change
    WHERE kind = 'four-eyes.switched' AND seq <= ${seq}::bigint ORDER BY seq DESC LIMIT 1`;
  return row?.needed ?? true;
}

/** The change itself, or what it caused when it was a rollback of several. @throws Refused change-not-undoable */
async function changesAimedAt(db: Db | Tx, aim: Aim): Promise<Change[]> {
  const change = await entryAt(db, aim);
  if (whyNotUndoable(change.kind) !== null) throw new Refused("change-not-undoable");
  if (!isRollback(change.kind)) return [change];
  const rows = await db.$queryRaw<{ body: string }[]>`
    SELECT body FROM change WHERE cause_id = ${change.id}::uuid ORDER BY seq`;
  const caused = rows.map(({ body }) => changeIn(body));
  return caused.filter(({ kind }) => isRoleChange(kind) || kind === "four-eyes.switched");
}

async function entryAt(db: Db | Tx, { kind, seq }: Aim): Promise<Change> {
  const row = Number.isSafeInteger(seq) && seq > 0 ? await db.change.findUnique({ where: { seq } }) : null;
  if (!row) throw new Refused(kind === "point" ? "point-unknown" : "not-found");
  return changeIn(row.body);
}

function versionIn({ about }: Change): number {
  return typeof about.version === "number" ? about.version : 0;
}

function lookedAt(roles: readonly RoleTarget[]): Looked {
  return Object.fromEntries(roles.map(({ slug, current }) => [slug, current.version]));
}

async function versionOrThrow(db: Db | Tx, roleId: string, version: number): Promise<RoleVersionCase> {
  const found = await readRoleVersion(db, roleId, version);
  if (!found) throw new Error(`the role ${roleId} has no version ${version}`);
  return found;
}
