import { SYSTEM } from "../domain/actor.ts";
import type { ChangeKind } from "../domain/change.ts";
import type { GrantState } from "../domain/grant.ts";
import type { Db } from "../db/client.ts";
import { Prisma } from "../db/generated/client.ts";
import { databaseNow } from "../db/now.ts";
import { record } from "../db/record.ts";

type Moved = {
  id: string;
  requestId: string;
  roleId: string;
  roleSlug: string;
  personId: string;
  personName: string;
  was: GrantState;
  state: GrantState;
  failure: string | null;
};

const KIND: Partial<Record<GrantState, ChangeKind>> = {
  ACTIVATING: "grant.activating",
  ENDING: "grant.ending",
  ACTIVATION_FAILED: "grant.failed",
};

/** That the time of a row of `access_grant` has come. */
function turnAt(now: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`(state = 'SCHEDULED' AND starts_at <= ${now} OR state IN ('ACTIVATING', 'ACTIVE') AND ends_at <= ${now})`;
}

/** Whether any grant's time has come, and what time it is: a round that finds nothing to move writes nothing. */
export async function readTurn(db: Db): Promise<{ readonly now: Date; readonly isTurn: boolean }> {
  const [turn] = await db.$queryRaw<[{ now: Date; isTurn: boolean }]>`
    SELECT now, EXISTS (SELECT 1 FROM access_grant WHERE ${turnAt(Prisma.sql`now`)}) AS "isTurn"
    FROM (SELECT daypass_now() AS now OFFSET 0) AS clock`;
  return turn;
}

/**
 * Moves every grant whose time has come, all in one transaction, and makes their bindings due. A removal is owed from the
 * grant's own end on, so that removals that have to wait keep their order. Several workers may call it at once: each grant
 * is moved by one of them.
 */
export async function advanceGrants(db: Db): Promise<void> {
  await db.$transaction(async (tx) => {
    const now = await databaseNow(tx);
    const moved = await tx.$queryRaw<Moved[]>`
      WITH turn AS (
        SELECT id, ends_at, state AS was,
          CASE WHEN ends_at > ${now} THEN 'ACTIVATING' WHEN state = 'ACTIVE' THEN 'ENDING' ELSE 'ACTIVATION_FAILED' END
            AS state
        FROM access_grant
        WHERE ${turnAt(Prisma.sql`${now}`)}
        ORDER BY id FOR UPDATE SKIP LOCKED
      ), due AS (
        UPDATE binding SET due_at = LEAST(due_at, ${now}),
          owed_since = LEAST(owed_since, place.ended_at)
        FROM (SELECT binding_id, min(turn.ends_at) FILTER (WHERE turn.state <> 'ACTIVATING') AS ended_at
          FROM grant_binding JOIN turn ON turn.id = grant_id GROUP BY binding_id) place
        WHERE id = place.binding_id
      )
      UPDATE access_grant g SET state = turn.state, revision = revision + 1,
        ending_at = CASE WHEN turn.state = 'ACTIVATING' THEN NULL ELSE ${now}::timestamptz END,
        end_reason = CASE turn.state WHEN 'ENDING' THEN 'Its time was up' ELSE g.end_reason END,
        failure = CASE turn.state WHEN 'ACTIVATION_FAILED' THEN 'Not everything could be set up in time' END
      FROM turn, role r, person p
      WHERE g.id = turn.id AND r.id = g.role_id AND p.id = g.person_id
      RETURNING g.id, g.request_id AS "requestId", g.role_id AS "roleId", r.slug AS "roleSlug",
        g.person_id AS "personId", p.name AS "personName", turn.was, g.state, g.failure`;
    await record(
      tx,
      SYSTEM,
      now,
      moved.flatMap((grant) => {
        const kind = KIND[grant.state];
        return kind ? [{ ...grantEntry(grant), kind, why: grant.failure }] : [];
      }),
    );
  });
}

function grantEntry(grant: Moved) {
  return {
    about: { person: grant.personName, role: grant.roleSlug },
    personId: grant.personId,
    roleId: grant.roleId,
    requestId: grant.requestId,
    grantId: grant.id,
    before: { state: grant.was },
    after: { state: grant.state },
  };
}
