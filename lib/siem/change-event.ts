import { createHash } from "node:crypto";
import type { Change, StoredChange } from "../domain/change.ts";
import { changeWords, isChangeKind } from "../domain/change-words.ts";
import { openChange } from "../domain/personal.ts";
import { committedText } from "../proof/committed.ts";
import { MEANINGS, type Meaning } from "./meanings.ts";
import { classified, metadata, SEVERITIES } from "./ocsf-classes.ts";
import { subjectOf } from "./ocsf-subject.ts";
import type { Outgoing } from "./receiver.ts";

/** One entry of the history with its place in the chain; hashes in hex. */
export type Entry = {
  readonly seq: bigint;
  readonly body: string;
  readonly prevHash: string;
  readonly hash: string;
};

/** What a version of Daypass that came later wrote, or somebody who had the database: it is forwarded all the same. */
const UNKNOWN: Meaning = { of: "Entity Management", activity: "Unreadable entry", severity: "High", entity: "history" };

/**
 * An entry as one OCSF event. `raw_data` is exactly what the chain hashes, the entry's committed form, so whoever keeps the
 * events can check the chain: SHA-256(previous hash || seq as 8 bytes, big-endian || SHA-256(raw_data)).
 */
export function changeEvent(entry: Entry): Outgoing {
  try {
    return eventOf(entry, storedIn(entry.body));
  } catch {
    // Whoever has the database may leave anything in it; that must not keep the rest of the history from the SIEM.
    return eventOf(entry, null);
  }
}

function eventOf(entry: Entry, stored: StoredChange | null): Outgoing {
  const change = stored && openChange(stored);
  const raw = (stored && committedText(entry.body, stored)) ?? entry.body;
  const meaning = change ? MEANINGS[change.kind] : UNKNOWN;
  const at = new Date(change?.at ?? 0);
  const event = {
    ...classified(meaning.of, meaning.activity, meaning.severity),
    time: at.getTime(),
    message: change ? changeWords(change) : `Entry ${entry.seq} of the history is not as this Daypass writes it`,
    status_id: meaning.failed ? 2 : 1,
    status: meaning.failed ? "Failure" : "Success",
    metadata: metadata(change?.id ?? `entry-${entry.seq}`, {
      sequence: Number(entry.seq),
      event_code: change?.kind ?? "unknown",
      original_time: at.toISOString(),
      ...(change?.requestId ? { correlation_uid: change.requestId } : {}),
    }),
    ...(change ? { actor: { user: actorOf(change) }, ...subjectOf(change, meaning) } : UNKNOWN_SUBJECT),
    unmapped: {
      ...(change ? restOf(change) : {}),
      chain: {
        prev_hash: entry.prevHash,
        hash: entry.hash,
        ...(stored?.personal ? { personal: stored.personal } : {}),
      },
    },
    raw_data: raw,
    raw_data_hash: {
      algorithm_id: 3,
      algorithm: "SHA-256",
      value: createHash("sha256").update(raw).digest("hex"),
    },
  };
  const severity = SEVERITIES[meaning.severity];
  return { json: JSON.stringify(event), at, severity, name: change?.kind ?? "unknown" };
}

const UNKNOWN_SUBJECT = { entity: { type: "history", name: "history" } };

function storedIn(body: string): StoredChange | null {
  const stored = JSON.parse(body) as StoredChange | null;
  return stored && isChangeKind(stored.kind) && !Number.isNaN(Date.parse(stored.at)) ? stored : null;
}

/** OCSF: 1 a regular user, 2 an administrator, 3 the system. */
function actorOf({ actor }: Change) {
  if (actor.kind === "person") return { uid: actor.id, name: actor.name, type_id: 1, type: "User" };
  return actor.kind === "host"
    ? { name: actor.name, type_id: 2, type: "Admin" }
    : { name: actor.name, type_id: 3, type: "System" };
}

/** What OCSF has no field for. Ids that are not there are left out. */
function restOf({ actor, about, why, before, after, roleId, requestId, grantId, bindingId, causeId }: Change) {
  const ids = {
    role_uid: roleId,
    request_uid: requestId,
    grant_uid: grantId,
    binding_uid: bindingId,
    cause_uid: causeId,
  };
  const there = Object.fromEntries(
    Object.entries({ why, before, after, ...ids }).filter(([, value]) => value !== null),
  );
  return { via: actor.via, about, ...there };
}
