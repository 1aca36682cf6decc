import type { Change, Json } from "../domain/change.ts";
import type { ClassName } from "./ocsf-classes.ts";
import type { Meaning } from "./meanings.ts";

/** Whom or what a change is about, in the fields of its class. */
export function subjectOf(change: Change, meaning: Meaning): object {
  return SUBJECTS[meaning.of](change, meaning);
}

const SUBJECTS: Record<ClassName, (change: Change, meaning: Meaning) => object> = {
  "Entity Management": (change, { entity = "entity" }) => ({
    entity: { type: entity, ...namedEntity(change, entity) },
    ...(change.why ? { comment: change.why } : {}),
  }),
  "Group Management": ({ about }) => ({ group: { name: text(about.group) ?? "unknown" } }),
  "Role Management": ({ about, roleId, before, after }) => ({
    iam_role: { ...roleNamed(about.role, roleId), ...given(before ?? after) },
    ...(before === null ? {} : { updated_role: { ...roleNamed(about.role, roleId), ...given(after) } }),
  }),
  "User Management": (change) => ({
    user: userOf(change),
    ...(change.about.role === undefined ? {} : { iam_roles: [roleNamed(change.about.role, change.roleId)] }),
    ...placeOf(change),
  }),
};

/** Access behind no grant is known by its account; that need not be anybody whom Daypass knows. */
function userOf({ about, personId, actor }: Change) {
  const account = text(about.account);
  return {
    name: text(about.person) ?? account ?? actor.name,
    ...(personId ? { uid: personId } : {}),
    ...(account ? { account: { name: account, ...labelled(about.connection) } } : {}),
    type_id: personId ? 1 : 0,
  };
}

/** The level after it, or before it where nothing is left, at the place in question. */
function placeOf({ about, before, after }: Change): object {
  const target = text(about.target);
  if (target === null) return {};
  const level = levelIn(after) ?? levelIn(before);
  return {
    ...(level ? { privileges: [level] } : {}),
    resources: [resource({ connection: about.connection, kind: about.kind, target })],
  };
}

function namedEntity({ about, requestId, grantId, personId }: Change, type: string): object {
  const role = text(about.role);
  switch (type) {
    case "access request":
      return { uid: requestId, name: role };
    case "grant":
      return { uid: grantId, name: role };
    case "proposal":
      return { name: role ?? "four eyes", ...(typeof about.widening === "string" ? { uid: about.widening } : {}) };
    case "setting":
      return { name: "four eyes" };
    case "API token":
      return {
        name: text(about.token),
        ...(personId ? { data: { owner_uid: personId, owner: about.person ?? null } } : {}),
      };
    case "place":
      return resource(about);
    case "signing key":
      return { uid: text(about.key), name: "history" };
    default:
      return { name: type };
  }
}

/** What a version of a role gives. */
function given(version: Json): object {
  const { entitlements } = (version ?? {}) as { entitlements?: readonly Record<string, Json>[] };
  if (!Array.isArray(entitlements)) return {};
  const levels = entitlements.map(({ level, kind, target }) => `${String(level)} at ${String(kind)} ${String(target)}`);
  return { privileges: levels, resources: entitlements.map(resource) };
}

function resource({ connection, kind, target }: Record<string, Json | undefined>) {
  return { type: text(kind), name: text(target), uid: [connection, kind, target].map(text).join(":") };
}

function roleNamed(slug: Json | undefined, roleId: string | null) {
  return { name: text(slug) ?? "unknown", ...(roleId ? { uid: roleId } : {}) };
}

function labelled(connection: Json | undefined): object {
  return typeof connection === "string" ? { labels: [connection] } : {};
}

function levelIn(standing: Json): string | null {
  return text((standing as { level?: Json } | null)?.level);
}

function text(value: Json | undefined): string | null {
  return typeof value === "string" ? value : null;
}
