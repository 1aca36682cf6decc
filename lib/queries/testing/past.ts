import { v7 as newId } from "uuid";
import type { Db } from "../../db/client.ts";
import type { GrantState } from "../../domain/grant.ts";
import type { RequestState } from "../../domain/request.ts";
import type { Company, Username } from "./company.ts";

export type Past = {
  readonly who: Username;
  readonly role: string;
  /** ISO 8601, as all of them. */
  readonly askedAt: string;
  readonly tookSeconds?: number;
  readonly state?: RequestState;
  readonly grant?: {
    readonly state: GrantState;
    readonly activeAt?: string;
    readonly endsAt: string;
    readonly endingAt?: string;
    readonly closedAt?: string;
  };
};

/** A request that lies in the past, with the grant that came of it, as rows alone. */
export async function happened(db: Db, company: Company, past: Past): Promise<void> {
  const { who, role: slug, askedAt, tookSeconds = 60, grant, state = grant ? "APPROVED" : "DENIED" } = past;
  const role = await db.role.findUniqueOrThrow({ where: { slug }, include: { versions: true } });
  const asked = new Date(askedAt);
  const closedAt = state === "PENDING" ? null : new Date(asked.getTime() + tookSeconds * 1_000);
  const of = { roleId: role.id, roleVersionId: role.versions[0]?.id ?? "", minutes: 60 };
  const request = await db.accessRequest.create({
    data: {
      ...of,
      id: newId(),
      requesterId: company.idOf(who),
      justification: "",
      state,
      createdAt: asked,
      decideBy: asked,
      closedAt,
    },
  });
  if (!grant) return;
  const at = (moment: string | undefined) => (moment === undefined ? null : new Date(moment));
  await db.grant.create({
    data: {
      ...of,
      id: newId(),
      requestId: request.id,
      personId: company.idOf(who),
      state: grant.state,
      startsAt: at(grant.activeAt) ?? asked,
      activeAt: at(grant.activeAt),
      endsAt: new Date(grant.endsAt),
      endingAt: at(grant.endingAt),
      closedAt: at(grant.closedAt),
    },
  });
}
