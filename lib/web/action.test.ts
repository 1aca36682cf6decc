import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { z } from "zod";
import { withdrawRequestAction, submitRequestAction } from "../../app/(portal)/requests/actions.ts";
import { Conflict } from "../domain/refusals.ts";
import { daypassAdapter } from "../identity/adapter.ts";
import { action } from "./action.ts";
import { openWeb, type OpenWeb } from "./testing/open-web.ts";

const jar = { name: "next-auth.session-token", value: "" };
// Other files of the same process may have loaded what is tested here, without the two modules that stand in for Next's.
vi.hoisted(() => vi.resetModules());
vi.mock("next/headers", () => ({
  cookies: () => Promise.resolve({ get: (name: string) => (name === jar.name ? { value: jar.value } : undefined) }),
}));
vi.mock("next/cache", () => ({ revalidatePath: () => undefined }));

let web: OpenWeb;
beforeAll(async () => void (web = await openWeb()));
afterAll(async () => {
  await web.close();
  for (const name of ["next/headers", "next/cache"]) vi.doUnmock(name);
  vi.resetModules();
});
beforeEach(async () => {
  jar.name = "next-auth.session-token";
  jar.value = "mayas";
  await web.db.session.deleteMany();
  const expires = new Date(Date.now() + 60_000);
  await daypassAdapter(web.db, "test").createSession!({
    sessionToken: "mayas",
    userId: web.company.idOf("maya"),
    expires,
  });
});

const untouched = { kind: "untouched" } as const;

function form(fields: Record<string, string>): FormData {
  const data = new FormData();
  for (const [name, value] of Object.entries(fields)) data.set(name, value);
  return data;
}

const asked = { roleSlug: "payments", length: "30", justification: "Fix the queue" };

async function changesNothing(work: () => Promise<unknown>): Promise<void> {
  const before = await web.world();
  await work();
  expect(await web.world()).toEqual(before);
}

test("who is not signed in is sent to sign in, before anything they sent is looked at", async () => {
  const leads = expect.objectContaining({ digest: expect.stringContaining("/sign-in") as string }) as object;
  jar.value = "forged";
  await expect(submitRequestAction(untouched, form({}))).rejects.toEqual(leads);
  jar.value = "mayas";
  await web.db.session.updateMany({ data: { expires: new Date(0) } });
  await expect(submitRequestAction(untouched, form({}))).rejects.toEqual(leads);
});

test("a deactivated person is out with the next click, even with a session left behind", async () => {
  const where = { id: web.company.idOf("maya") };
  await web.db.person.update({ where, data: { deactivatedAt: new Date() } });
  await expect(submitRequestAction(untouched, form(asked))).rejects.toMatchObject({
    digest: expect.stringContaining("/sign-in") as string,
  });
  await web.db.person.update({ where, data: { deactivatedAt: null } });
});

test.each<[string, Record<string, string>, string]>([
  ["no minutes", { length: "exact", exact: "" }, "minutes"],
  ["zero minutes", { length: "0" }, "minutes"],
  ["negative minutes", { length: "-5" }, "minutes"],
  ["half minutes", { length: "exact", exact: "0.5" }, "minutes"],
  ["minutes over the limit", { length: "241" }, "minutes"],
  ["minutes in words", { length: "soon" }, "minutes"],
  ["an empty justification", { justification: "  " }, "justification"],
  ["100 kB of justification", { justification: "x".repeat(100_000) }, "justification"],
  ["a NUL", { justification: "a\0b" }, "justification"],
  ["a NUL in the ticket", { ticket: "\0" }, "ticket"],
  ["a start that is no time", { startsAt: "yesterday-ish" }, "startsAt"],
])("%s is refused beside its field, keeps what was typed and changes nothing", async (_what, typed, field) => {
  await changesNothing(async () => {
    const fields = { ...asked, ...typed };
    const state = await submitRequestAction(untouched, form(fields));
    expect(state).toMatchObject({ kind: "refused", field });
    expect(state).toHaveProperty("words", expect.stringMatching(/^[A-Z].*\.$/) as string);
    expect(state).toHaveProperty("values", fields);
  });
});

test("what somebody else asked for is not there, like what nobody asked for", async () => {
  const { id } = await web.company.ask("lena", "platform");
  await changesNothing(async () => {
    const theirs = await withdrawRequestAction(untouched, form({ requestId: id }));
    const nobodys = await withdrawRequestAction(untouched, form({ requestId: "01900000-0000-7000-8000-000000000000" }));
    expect(theirs).toMatchObject({ kind: "refused", words: "There is nothing here that you may see." });
    expect({ ...nobodys, values: {} }).toEqual({ ...theirs, values: {} });
  });
});

test("the slower of two people is told so, and a fault is told without its words", async () => {
  const failing = (error: Error) =>
    action(z.object({}), () => Promise.reject(error))(untouched, form({ note: "typed" }));
  expect(await failing(new Conflict("request"))).toMatchObject({
    kind: "refused",
    words: expect.stringContaining("faster") as string,
    values: { note: "typed" },
  });
  const fault = await failing(new Error("password=hunter2"));
  expect(fault).toMatchObject({ kind: "refused", values: { note: "typed" } });
  expect((fault as { words: string }).words).toMatch(/Reference [0-9a-f-]{36}\.$/);
  expect(JSON.stringify(fault)).not.toContain("hunter2");
});

test("over https only the cookie that such a site can set counts", async () => {
  vi.stubEnv("PUBLIC_URL", "https://daypass.example");
  vi.resetModules();
  const { viewerOrNull } = await import("./session.ts");
  expect(await viewerOrNull()).toBeNull();
  jar.name = "__Secure-next-auth.session-token";
  expect(await viewerOrNull()).toMatchObject({ name: "Maya" });
  vi.stubEnv("PUBLIC_URL", "http://localhost:3000");
});
