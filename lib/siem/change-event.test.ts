import { readFileSync } from "node:fs";
import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { canonicalJson, type Change } from "../domain/change.ts";
import { CHANGE_TITLES } from "../domain/change-words.ts";
import type { ChangeKind } from "../domain/change.ts";
import { seal } from "../proof/committed.ts";
import { changeEvent } from "./change-event.ts";
import { checkpointEvent } from "./checkpoint-event.ts";
import { MEANINGS } from "./meanings.ts";
import { classified } from "./ocsf-classes.ts";

const KINDS = Object.keys(CHANGE_TITLES) as ChangeKind[];

function change(kind: ChangeKind, more: Partial<Change> = {}): Change {
  return {
    id: "c0",
    at: "2026-11-24T10:00:00.123Z",
    kind,
    actor: { kind: "person", id: "p1", name: "Omar", via: "web" },
    about: { person: "Maya", role: "payments" },
    ...{ personId: "p2", roleId: "r1", requestId: "q1", grantId: "g1", bindingId: null, causeId: "c9" },
    ...{ why: "Because", before: null, after: null },
    ...more,
  };
}

const made = (kind: ChangeKind, more: Partial<Change> = {}) => {
  const body = canonicalJson(change(kind, more));
  return JSON.parse(changeEvent({ seq: 7n, body, prevHash: "aa", hash: "bb" }).json);
};

/** What each class requires besides what every event has, from the schema of OCSF 1.9.0. */
const REQUIRED: Record<number, string> = { 3004: "entity", 3006: "group", 3007: "user", 3008: "iam_role" };

test.each(KINDS)("%s has everything that OCSF requires", (kind) => {
  const event = made(kind);
  expect(event).toMatchObject({
    category_uid: 3,
    time: Date.parse("2026-11-24T10:00:00.123Z"),
    type_uid: event.class_uid * 100 + event.activity_id,
    severity_id: expect.any(Number),
    metadata: { version: "1.9.0", product: { name: "Daypass" }, uid: "c0", sequence: 7, event_code: kind },
    actor: { user: { uid: "p1", name: "Omar", type_id: 1 } },
  });
  expect(event[REQUIRED[event.class_uid] ?? "no such class"]).toBeTypeOf("object");
  expect(event.message).toMatch(/\w/);
});

test("access at a place says who got which level where", () => {
  const about = { person: "Maya", account: "maya", connection: "gitlab", kind: "gitlab-group", target: "acme/roles/x" };
  const [before, after] = [{ state: "absent" }, { state: "present", level: "maintainer", until: "2026-11-25" }];
  const applied = made("binding.applied", { about, before, after });
  expect(applied).toMatchObject({
    type_uid: 300714,
    user: { uid: "p2", name: "Maya", account: { name: "maya" } },
    privileges: ["maintainer"],
    resources: [{ type: "gitlab-group", name: "acme/roles/x", uid: "gitlab:gitlab-group:acme/roles/x" }],
    unmapped: { after, request_uid: "q1", cause_uid: "c9", why: "Because", chain: { prev_hash: "aa", hash: "bb" } },
  });
  expect(made("binding.removed", { about, before: after, after: before })).toMatchObject({
    type_uid: 300715,
    privileges: ["maintainer"],
  });
});

test("a role in place, gone, and failed", () => {
  expect(made("grant.active")).toMatchObject({
    type_uid: 300716,
    iam_roles: [{ name: "payments", uid: "r1" }],
    status_id: 1,
  });
  expect(made("grant.ended")).toMatchObject({ type_uid: 300717, metadata: { correlation_uid: "q1" } });
  expect(made("grant.failed")).toMatchObject({ type_uid: 300716, status_id: 2, severity_id: 3 });
});

test("a version of a role shows what it gave and gives", () => {
  const version = (level: string) => ({
    entitlements: [{ connection: "aws", kind: "aws-iam-group", target: "pay", level }],
  });
  const event = made("role.published", { before: version("member"), after: version("assume") });
  expect(event).toMatchObject({
    type_uid: 300802,
    iam_role: { name: "payments", privileges: ["member at aws-iam-group pay"] },
    updated_role: { name: "payments", privileges: ["assume at aws-iam-group pay"] },
  });
});

test("access behind no grant is told by its account", () => {
  const about = { person: null, account: "mallory", connection: "gitlab", kind: "gitlab-group", target: "acme/x" };
  const event = made("access.found", {
    about,
    personId: null,
    actor: { kind: "system", id: null, name: "Daypass", via: "worker" },
  });
  expect(event).toMatchObject({
    user: { name: "mallory" },
    severity_id: 3,
    activity_id: 99,
    actor: { user: { type_id: 3 } },
  });
});

test("with the raw data and the hashes the chain can be checked", () => {
  const { body, committed } = seal(change("grant.active"), Buffer.alloc(16, 1));
  const prev = createHash("sha256").update("before").digest();
  const content = createHash("sha256").update(committed).digest();
  const seq = Buffer.alloc(8);
  seq.writeBigInt64BE(41n);
  const hash = createHash("sha256").update(prev).update(seq).update(content).digest("hex");
  const event = JSON.parse(changeEvent({ seq: 41n, body, prevHash: prev.toString("hex"), hash }).json);
  expect(event.raw_data_hash.value).toBe(createHash("sha256").update(event.raw_data).digest("hex"));
  const again = createHash("sha256").update(Buffer.from(event.unmapped.chain.prev_hash, "hex"));
  again.update(seq).update(Buffer.from(event.raw_data_hash.value, "hex"));
  expect(again.digest("hex")).toBe(event.unmapped.chain.hash);
  const { paths, salt } = event.unmapped.chain.personal;
  expect(paths).toContain("/about/person");
  const maya = createHash("sha256").update(Buffer.from(salt, "hex")).update("/about/person\0Maya").digest("hex");
  expect(JSON.parse(event.raw_data).commitments["/about/person"]).toBe(maya);
});

const AT = `"at":"2026-11-24T10:00:00.123Z"`;
test.each([
  "not JSON",
  "null",
  `{"kind":"made.up"}`,
  `{"kind":"grant.active","at":"never"}`,
  `{"kind":"grant.active",${AT},"about":null,"actor":{}}`,
  `{"kind":"role.published",${AT},"about":{},"actor":{"kind":"host"},"before":null,"after":{"entitlements":[null]}}`,
])("an entry that cannot be read, %s, is forwarded as such", (body) => {
  const event = JSON.parse(changeEvent({ seq: 7n, body, prevHash: "aa", hash: "bb" }).json);
  expect(event).toMatchObject({ class_uid: 3004, severity_id: 4, raw_data: body, metadata: { sequence: 7 } });
});

test("a checkpoint is an event without a number of its own", () => {
  const signed = { seq: 9, hash: "ff", previous: 3, at: "2026-11-24T10:00:00.000Z", key: "k", signature: "s" };
  const event = JSON.parse(checkpointEvent(signed).json);
  expect(event).toMatchObject({ type_uid: 300401, entity: { type: "checkpoint", uid: "9", data: signed } });
  expect(event.metadata).not.toHaveProperty("sequence");
});

test("the guide's table says what every kind becomes", () => {
  const guide = readFileSync("docs/siem.md", "utf8");
  const rows = KINDS.map((kind) => {
    const { of, activity, severity, entity, failed } = MEANINGS[kind];
    const { type_uid } = classified(of, activity, severity);
    const what = entity ? `${of} of ${/^[aeiouA]/.test(entity) ? "an" : "a"} ${entity}` : of;
    return `| \`${kind}\` | ${what} | ${activity} | ${type_uid} | ${severity}${failed ? ", failure" : ""} |`;
  });
  expect(guide.split("\n").filter((line) => line.startsWith("| `"))).toEqual(rows);
});
