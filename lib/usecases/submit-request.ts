import { v7 as newId } from "uuid";
import type { Actor } from "../domain/actor.ts";
import { afterMinutes } from "../domain/duration.ts";
import { Refused, orRefuse } from "../domain/refusals.ts";
import { judgeSubmission, type Submission } from "../domain/request.ts";
import type { Db, Tx } from "../db/client.ts";
import { durably } from "../db/durably.ts";
import { readRoleCase, type RoleCase } from "../db/read-role-case.ts";
import { record } from "../db/record.ts";

export type SubmitRequest = {
  readonly roleSlug: string;
  readonly minutes: number;
  readonly justification: string;
  readonly ticket?: string | null | undefined;
  readonly startsAt?: Date | null | undefined;
};

/** Asks for a role. A request that nobody could approve is refused here, not left to wait. */
export async function submitRequest(actor: Actor, input: SubmitRequest, { db }: { db: Db }): Promise<{ id: string }> {
  return durably(db, (tx) => submitWithin(tx, actor, input));
}

/** @param extendsId the grant that the new one is to go on from, when it is to go on from one */
export async function submitWithin(
  tx: Tx,
  actor: Actor,
  input: SubmitRequest,
  extendsId: string | null = null,
): Promise<{ id: string }> {
  const asked: Submission = { ...input, ticket: input.ticket ?? null, startsAt: input.startsAt ?? null };
  const role = await readRoleCase(tx, input.roleSlug, actor.personId);
  if (!role?.mayAsk) throw new Refused("role-unknown", "role");
  if (role.entitlements.length === 0) throw new Refused("role-empty", "role");

  const verdict = judgeSubmission(
    { ...role, requesterId: actor.personId, pendingForSameRole: role.pendingForPerson },
    asked,
    role.now,
  );
  orRefuse(verdict, verdict.field);

  const id = newId();
  await insertRequest(tx, id, actor, role, asked, extendsId);
  await record(tx, actor, role.now, [
    {
      kind: "request.submitted",
      about: { person: actor.name, role: role.slug, minutes: asked.minutes, extends: extendsId !== null },
      personId: actor.personId,
      roleId: role.id,
      requestId: id,
      why: asked.justification,
      after: {
        state: "PENDING",
        minutes: asked.minutes,
        roleVersion: role.version,
        startsAt: asked.startsAt?.toISOString() ?? null,
        ticket: asked.ticket,
      },
    },
  ]);
  return { id };
}

async function insertRequest(
  tx: Tx,
  id: string,
  actor: Actor,
  role: RoleCase,
  asked: Submission,
  extendsId: string | null,
): Promise<void> {
  const decideBy = afterMinutes(role.now, role.decideWithinMinutes);
  const inserted = await tx.$executeRaw`
    INSERT INTO access_request (id, role_id, role_version_id, requester_id, minutes, justification, ticket, starts_at,
      extends_id, state, created_at, decide_by)
    VALUES (${id}::uuid, ${role.id}::uuid, ${role.versionId}::uuid, ${actor.personId}::uuid, ${asked.minutes},
      ${asked.justification}, ${asked.ticket}, ${asked.startsAt}, ${extendsId}::uuid, 'PENDING', ${role.now}, ${decideBy})
    ON CONFLICT (requester_id, role_id) WHERE state = 'PENDING' DO NOTHING`;
  if (inserted === 0) throw new Refused("duplicate-request");
}
