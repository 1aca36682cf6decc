import { Conflict, Refused } from "../../domain/refusals.ts";
import { SYSTEM } from "../../domain/actor.ts";
import type { Db } from "../../db/client.ts";
import { approveRequest } from "../../usecases/approve-request.ts";
import { deactivatePerson } from "../../usecases/deactivate-person.ts";
import { denyRequest } from "../../usecases/deny-request.ts";
import { extendGrant } from "../../usecases/extend-grant.ts";
import { publishRole } from "../../usecases/publish-role.ts";
import { releaseGrant } from "../../usecases/release-grant.ts";
import { revokeGrant } from "../../usecases/revoke-grant.ts";
import { rollbackRole } from "../../usecases/rollback-role.ts";
import { submitRequest } from "../../usecases/submit-request.ts";
import { withdrawRequest } from "../../usecases/withdraw-request.ts";
import { HOLDERS, OWNERS, ROLES, actorOf, at, specOf, type Holder } from "./company.ts";
import type { Move } from "./moves.ts";
import type { Rows } from "./rows.ts";

type Act = Extract<
  Move,
  {
    kind:
      | "grant"
      | "ask"
      | "extend"
      | "approve"
      | "deny"
      | "withdraw"
      | "revoke"
      | "release"
      | "publish"
      | "roll-back"
      | "deactivate";
  }
>;

/** Somebody does something in the portal, through the real use case. Gives what came of it in words. */
export async function act(move: Act, rows: Rows, db: Db): Promise<string> {
  try {
    return await perform(move, rows, db);
  } catch (error) {
    if (error instanceof Refused || error instanceof Conflict) return `refused: ${error.message}`;
    throw error;
  }
}

async function perform(move: Act, rows: Rows, db: Db): Promise<string> {
  switch (move.kind) {
    case "grant": {
      const { id } = await ask(move, rows, move.inMinutes ?? 0, db);
      return approve(id, at(OWNERS, move.minutes), undefined, db);
    }
    case "ask":
      await ask(move, rows, move.inMinutes, db);
      return "waits";
    case "approve": {
      const request = pending(rows, move.pick);
      return request ? approve(request.id, at(OWNERS, move.owner), move.shorter ? 1 : undefined, db) : NOBODY;
    }
    case "deny":
    case "withdraw": {
      const request = pending(rows, move.pick);
      if (!request) return NOBODY;
      const holder = personOf(request.requesterId);
      if (move.kind === "withdraw") await withdrawRequest(actorOf(holder), { requestId: request.id }, { db });
      else await denyRequest(actorOf(at(OWNERS, move.pick)), { requestId: request.id }, { db });
      return "closed";
    }
    case "revoke":
    case "release": {
      if (rows.grants.length === 0) return NOBODY;
      const grant = at(rows.grants, move.pick);
      const asked = { grantId: grant.id, reason: "no longer" };
      if (move.kind === "release") await releaseGrant(actorOf(personOf(grant.personId)), asked, { db });
      else await revokeGrant(actorOf(at(OWNERS, move.pick)), asked, { db });
      return "taken back";
    }
    case "extend": {
      if (rows.grants.length === 0) return NOBODY;
      const { id: grantId, personId } = at(rows.grants, move.pick);
      const asked = { grantId, minutes: move.minutes, justification: "not done yet" };
      const { id } = await extendGrant(actorOf(personOf(personId)), asked, { db });
      return approve(id, at(OWNERS, move.minutes), undefined, db);
    }
    case "publish":
    case "roll-back":
      return publish(move, rows, db);
    case "deactivate": {
      await deactivatePerson(SYSTEM, { personId: at(HOLDERS, move.who).id, reason: "left" }, { db });
      return "gone";
    }
  }
}

const NOBODY = "nothing to do";

function ask(move: { who: number; role: number; minutes: number }, rows: Rows, inMinutes: number, db: Db) {
  const startsAt = inMinutes > 0 ? new Date(rows.now + inMinutes * 60_000) : null;
  const asked = { roleSlug: at(ROLES, move.role).slug, minutes: move.minutes, justification: "to see", startsAt };
  return submitRequest(actorOf(at(HOLDERS, move.who)), asked, { db });
}

async function approve(requestId: string, owner: Holder, minutes: number | undefined, db: Db): Promise<string> {
  const { state } = await approveRequest(actorOf(owner), { requestId, minutes }, { db });
  return state;
}

async function publish(
  { kind, role: n, version }: { kind: "publish" | "roll-back"; role: number; version: number },
  rows: Rows,
  db: Db,
) {
  const role = at(ROLES, n);
  const omar = actorOf(at(OWNERS, 0));
  const current = rows.roles[role.id] ?? 1;
  const published =
    kind === "publish"
      ? await publishRole(
          omar,
          { slug: role.slug, spec: specOf(role, version), reason: "better", expectedVersion: current },
          { db },
        )
      : await rollbackRole(omar, { slug: role.slug, version: Math.min(version, current), reason: "back" }, { db });
  return `version ${published.version}`;
}

function pending(rows: Rows, pick: number) {
  const waiting = rows.requests.filter((request) => request.state === "PENDING");
  return waiting.length > 0 ? at(waiting, pick) : null;
}

function personOf(id: string): Holder {
  return HOLDERS.find((holder) => holder.id === id) ?? at(HOLDERS, 0);
}
