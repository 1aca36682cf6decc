/** The OCSF version that events are written for, and the classes of it that they use (schema.ocsf.io). */
export const OCSF_VERSION = "1.9.0";

export const CATEGORY = { category_uid: 3, category_name: "Identity & Access Management" } as const;

/** What is none of these is 99, "Other", under a name of our own. */
const CLASSES = {
  "Entity Management": {
    uid: 3004,
    activities: { Create: 1, Read: 2, Update: 3, Delete: 4, Enable: 8, Disable: 9, Activate: 10, Deactivate: 11 },
  },
  "Group Management": { uid: 3006, activities: { Delete: 5 } },
  "User Management": {
    uid: 3007,
    activities: {
      ...{ Create: 1, Update: 2, Enable: 4, Disable: 5 },
      ...{ "Assign Privileges": 14, "Remove Privileges": 15, "Assign Roles": 16, "Remove Roles": 17 },
    },
  },
  "Role Management": { uid: 3008, activities: { Create: 1, Update: 2 } },
} as const satisfies Record<string, { uid: number; activities: Record<string, number> }>;

export type ClassName = keyof typeof CLASSES;

export const SEVERITIES = { Informational: 1, Low: 2, Medium: 3, High: 4, Critical: 5 } as const;
export type Severity = keyof typeof SEVERITIES;

/** What every event says of what it is. */
export function classified(className: ClassName, activity: string, severity: Severity) {
  const { uid, activities } = CLASSES[className];
  const activityId = new Map<string, number>(Object.entries(activities)).get(activity) ?? 99;
  return {
    ...CATEGORY,
    class_uid: uid,
    class_name: className,
    activity_id: activityId,
    activity_name: activity,
    type_uid: uid * 100 + activityId,
    type_name: `${className}: ${activityId === 99 ? "Other" : activity}`,
    severity_id: SEVERITIES[severity],
    severity,
  };
}

/** `metadata` of every event. */
export function metadata(uid: string, more: object) {
  return {
    version: OCSF_VERSION,
    product: { name: "Daypass", vendor_name: "Daypass" },
    uid,
    log_name: "history",
    ...more,
  };
}
