import type { SignedCheckpoint } from "../proof/checkpoint.ts";
import { classified, metadata } from "./ocsf-classes.ts";
import type { Outgoing } from "./receiver.ts";

/**
 * A signed point of the chain as an event: held elsewhere, it keeps whoever has the database and the signing key from
 * writing another history up to it. It has no `sequence`, which counts entries.
 */
export function checkpointEvent(signed: SignedCheckpoint): Outgoing {
  const at = new Date(signed.at);
  const event = {
    ...classified("Entity Management", "Create", "Informational"),
    time: at.getTime(),
    message: `The history was signed up to entry ${signed.seq}`,
    status_id: 1,
    status: "Success",
    metadata: metadata(`checkpoint-${signed.seq}`, { event_code: "checkpoint", original_time: signed.at }),
    actor: { user: { name: "Daypass", type_id: 3, type: "System" } },
    entity: { type: "checkpoint", uid: String(signed.seq), name: "history", data: signed },
  };
  return { json: JSON.stringify(event), at, severity: 1, name: "checkpoint" };
}
