/** The fields of the role form that say their own refusals. Not in the form's own file, which runs in the browser. */
export const ROLE_FORM_FIELDS = [
  "name",
  "ownerGroup",
  "requesterGroup",
  "maxMinutes",
  "approvalsNeeded",
  "decideWithinMinutes",
  "entitlements",
] as const;
