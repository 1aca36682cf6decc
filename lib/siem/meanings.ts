import type { ChangeKind } from "../domain/change.ts";
import type { ClassName, Severity } from "./ocsf-classes.ts";

/** What a kind of change is in OCSF. `entity`: the type of what Entity Management is about. */
export type Meaning = {
  readonly of: ClassName;
  readonly activity: string;
  readonly severity: Severity;
  readonly entity?: string;
  readonly failed?: true;
};

export const MEANINGS: Record<ChangeKind, Meaning> = {
  "request.submitted": entity("access request", "Create"),
  "request.approved": entity("access request", "Update"),
  "request.denied": entity("access request", "Update"),
  "request.withdrawn": entity("access request", "Update"),
  "request.expired": entity("access request", "Update"),
  "grant.scheduled": entity("grant", "Create"),
  "grant.activating": entity("grant", "Activate"),
  "grant.active": user("Assign Roles"),
  "grant.ending": entity("grant", "Deactivate"),
  "grant.ended": user("Remove Roles"),
  "grant.revoking": entity("grant", "Deactivate"),
  "grant.revoked": user("Remove Roles"),
  "grant.failed": { ...user("Assign Roles", "Medium"), failed: true },
  "grant.narrowed": entity("grant", "Update"),
  "binding.applied": user("Assign Privileges"),
  "binding.removed": user("Remove Privileges"),
  "binding.restored": user("Assign Privileges"),
  "binding.drifted": user("Changed by hand", "Medium"),
  "access.found": user("Found without a grant", "Medium"),
  "access.gone": user("Gone without a grant"),
  "access.kept": user("Kept as an exception", "Low"),
  "access.exception-ended": user("Exception over", "Low"),
  "access.removal-asked": user("Removal asked"),
  "access.removed": user("Remove Privileges"),
  "place.missing": entity("place", "Not found", "Medium"),
  "place.found": entity("place", "Found again"),
  "place.unclear": entity("place", "Not understood", "Medium"),
  "place.clear": entity("place", "Understood again"),
  "role.created": role("Create"),
  "role.published": role("Update"),
  "role.rolled-back": role("Update", "Low"),
  "role.widened": role("Update", "Low"),
  "rollback.change": entity("configuration", "Update", "Low"),
  "rollback.point": entity("configuration", "Update", "Medium"),
  "widening.proposed": entity("proposal", "Create"),
  "widening.approved": entity("proposal", "Update", "Low"),
  "widening.denied": entity("proposal", "Update"),
  "widening.withdrawn": entity("proposal", "Update"),
  "widening.expired": entity("proposal", "Update"),
  "widening.overtaken": entity("proposal", "Update"),
  "four-eyes.switched": entity("setting", "Update", "Medium"),
  "person.joined": user("Create"),
  "account.missing": user("Account missing", "Medium"),
  "account.found": user("Account found again"),
  "person.renamed": user("Update"),
  "person.roles-changed": user("Update", "Medium"),
  "person.deactivated": user("Disable"),
  "person.reactivated": user("Enable", "Low"),
  "token.created": entity("API token", "Create"),
  "token.revoked": entity("API token", "Delete"),
  "group.missing": group("Delete", "Medium"),
  "group.owners-changed": group("Owners changed"),
  "history.exported": entity("history", "Read", "Low"),
  "history.key-added": entity("signing key", "Create", "Low"),
  "history.broken": { ...entity("history", "Found broken", "Critical"), failed: true },
  "history.redacted": entity("history", "Personal fields redacted", "Low"),
  "retention.changed": entity("setting", "Update", "Medium"),
};

function user(activity: string, severity: Severity = "Informational"): Meaning {
  return { of: "User Management", activity, severity };
}

function role(activity: string, severity: Severity = "Informational"): Meaning {
  return { of: "Role Management", activity, severity };
}

function group(activity: string, severity: Severity = "Informational"): Meaning {
  return { of: "Group Management", activity, severity };
}

function entity(type: string, activity: string, severity: Severity = "Informational"): Meaning {
  return { of: "Entity Management", activity, severity, entity: type };
}
