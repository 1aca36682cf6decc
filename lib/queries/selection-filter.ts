import "server-only";
import type { Outcome } from "../domain/outcome.ts";
import type { Provider } from "../domain/entitlement.ts";
import type { SelectionFilter } from "../domain/selection.ts";
import { seesAll, type Viewer } from "../domain/viewer.ts";
import type { Db } from "../db/client.ts";

/** What people ask of the history: a role by its slug, a person and an actor by their ids. */
export type Asked = {
  readonly words?: string | undefined;
  readonly role?: string | undefined;
  readonly person?: string | undefined;
  readonly actor?: string | undefined;
  readonly kind?: string | undefined;
  readonly outcome?: Outcome | undefined;
  readonly provider?: Provider | undefined;
  readonly target?: string | undefined;
  readonly request?: string | undefined;
  readonly grant?: string | undefined;
  readonly since?: string | undefined;
  readonly until?: string | undefined;
};

/** What that means for this viewer; null when the role does not exist. */
export async function selectionFilter(
  viewer: Viewer,
  asked: Asked,
  { db }: { db: Db },
): Promise<SelectionFilter | null> {
  const { role: slug, person, actor, request, grant, words, kind, outcome, provider, target, since, until } = asked;
  const role = slug ? await db.role.findUnique({ where: { slug }, select: { id: true } }) : null;
  if (slug && !role) return null;
  const meant = {
    ...{ words, kind, outcome, provider, target, since, until },
    ...{ personId: person, actorId: actor, roleId: role?.id, requestId: request, grantId: grant },
    seenBy: seesAll(viewer) ? undefined : viewer.personId,
  };
  return Object.fromEntries(Object.entries(meant).filter(([, value]) => value));
}
