import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { openDb, type Db } from "../db/client.ts";
import { freshDatabase } from "../db/testing/fresh-database.ts";
import type { WebEnv } from "../env.ts";
import { foundCompany, type Company } from "../queries/testing/company.ts";
import { authOptions } from "./auth-options.ts";

let db: Db;
let company: Company;
let drop: () => Promise<void>;
const faults: string[] = [];
beforeAll(async () => {
  const database = await freshDatabase();
  drop = () => database.drop();
  db = openDb(database.url, { max: 3 });
  company = await foundCompany(db);
});
afterAll(async () => {
  await db.$disconnect();
  await drop();
});
beforeEach(() => void faults.splice(0));

const env = {
  OIDC_ISSUER: "test",
  PUBLIC_URL: "http://localhost:3000",
  ADMIN_GROUPS: ["admins"],
  AUDITOR_GROUPS: ["auditors"],
  ADMIN_SUBJECTS: ["root"],
} as unknown as WebEnv;

function signIn(profile: object, database = db) {
  const onFault = (what: string) => void faults.push(what);
  const { callbacks } = authOptions({ db: database, env, scope: "", onFault });
  return callbacks!.signIn!({ profile } as never);
}

const personOf = (subject: string) =>
  db.person.findUniqueOrThrow({ where: { issuer_subject: { issuer: "test", subject } } });
const kinds = async (personId: string) =>
  (await db.change.findMany({ where: { personId }, orderBy: { seq: "asc" } })).map(({ kind, via }) => `${kind} ${via}`);

test("who comes for the first time is made, and the history says so", async () => {
  expect(await signIn({ sub: "new", email: "new@acme.test", name: "New", preferred_username: "newbie" })).toBe(true);
  const person = await personOf("new");
  expect(person).toMatchObject({ email: "new@acme.test", name: "New", username: "newbie", isAdmin: false });
  expect(await kinds(person.id)).toEqual(["person.joined sign-in"]);
});

test("whom the directory knew before becomes no second person", async () => {
  const people = await db.person.count();
  expect(await signIn({ sub: "maya", email: "maya@new.test", name: "Maya M.", preferred_username: "maya" })).toBe(true);
  expect(await db.person.count()).toBe(people);
  expect(await personOf("maya")).toMatchObject({ id: company.idOf("maya"), email: "maya@new.test", name: "Maya M." });
  expect(await kinds(company.idOf("maya"))).toEqual([]);
});

test("somebody else's e-mail address makes nobody somebody else", async () => {
  expect(await signIn({ sub: "mallory", email: "omar@acme.test", name: "Omar", preferred_username: "omar2" })).toBe(
    true,
  );
  expect((await personOf("mallory")).id).not.toBe(company.idOf("omar"));
});

test("portal roles follow the provider's groups and subjects at every sign-in, and each change is recorded", async () => {
  const noor = { sub: "noor", email: "noor@acme.test", name: "Noor", preferred_username: "noor" };
  await signIn({ ...noor, groups: ["admins", "auditors"] });
  expect(await personOf("noor")).toMatchObject({ isAdmin: true, isAuditor: true });
  await signIn({ ...noor, groups: ["admins", "auditors"] });
  await signIn(noor);
  expect(await personOf("noor")).toMatchObject({ isAdmin: false, isAuditor: false });
  expect(await kinds(company.idOf("noor"))).toEqual(["person.roles-changed sign-in", "person.roles-changed sign-in"]);
  await signIn({ sub: "root" });
  expect(await personOf("root")).toMatchObject({ isAdmin: true, username: "root", name: "root" });
});

test("groups that are no list of names promote nobody", async () => {
  for (const groups of ["admins", { 0: "admins" }, [1], null]) {
    expect(await signIn({ sub: "odd", groups })).toBe(true);
    expect(await personOf("odd")).toMatchObject({ isAdmin: false });
  }
});

test("an admin named on the host stays one without the group", async () => {
  const id = company.idOf("ines");
  await db.person.update({ where: { id }, data: { hostAdmin: true, isAdmin: true } });
  await signIn({ sub: "ines", email: "ines@acme.test", name: "Ines", preferred_username: "ines" });
  expect(await personOf("ines")).toMatchObject({ isAdmin: true });
});

test("a deactivated person is refused, and nothing of them is changed", async () => {
  const id = company.idOf("theo");
  await db.person.update({ where: { id }, data: { deactivatedAt: new Date() } });
  const before = await personOf("theo");
  const outcome = await signIn({ sub: "theo", email: "other@acme.test", name: "Other", groups: ["admins"] });
  expect(outcome).toBe("/sign-in?error=Deactivated");
  expect(await personOf("theo")).toEqual(before);
  expect(await kinds(id)).toEqual([]);
});

test("what goes wrong is told to the log, and not in the address", async () => {
  const away = openDb("postgresql://nobody:hunter2@127.0.0.1:1/nothing");
  expect(await signIn({ sub: "maya" }, away)).toBe("/sign-in?error=Callback");
  expect(await signIn({ name: "nobody at all" })).toBe("/sign-in?error=Callback");
  expect(faults).toEqual(["SIGN_IN_ERROR", "SIGN_IN_ERROR"]);
});
