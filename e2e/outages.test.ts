import { execFileSync } from "node:child_process";
import { afterAll, beforeAll, expect, test } from "vitest";
import { eventually, openStage, type Stage } from "./daypass.ts";
import { mintTokenFor } from "./mint.ts";

/** Whatever goes away while a grant lives, nothing is lost: it heals by itself when the other side returns. */

let stage: Stage;
let maya: string;
let omar: string;

beforeAll(async () => {
  stage = await openStage();
  const tokenOf = async (username: string) =>
    mintTokenFor(stage.db, (await stage.db.person.findFirstOrThrow({ where: { username } })).id);
  [maya, omar] = [await tokenOf("maya"), await tokenOf("omar")];
});
afterAll(async () => {
  await stage.close();
});

async function call<T>(token: string, method: string, path: string, body?: object): Promise<T> {
  const answer = await fetch(`${stage.url}/api/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${text}`);
  return (text === "" ? null : JSON.parse(text)) as T;
}

async function approvedGrant(): Promise<string> {
  const asked = { role: "payments-maintainer", minutes: 60, justification: "Through an outage" };
  const { id } = await call<{ id: string }>(maya, "POST", "/requests", asked);
  return (await call<{ grantId: string }>(omar, "POST", `/requests/${id}/approve`, {})).grantId;
}

type Shown = { state: string; bindings: { connection: string; lastError: string | null; tries: number }[] };

function grant(id: string): Promise<Shown> {
  return call<Shown>(maya, "GET", `/grants/${id}`);
}

async function reaches(id: string, state: string): Promise<void> {
  await eventually(async () => expect((await grant(id)).state).toBe(state));
}

async function held(): Promise<{ gitlab: boolean; aws: boolean }> {
  const { gitlab, aws } = await stage.sandboxState();
  return {
    gitlab:
      gitlab.groups["acme/roles/payments-maintainer"]?.members.some(({ username }) => username === "maya") ?? false,
    aws: aws.groups["payments-maintainer"]?.includes("maya") ?? false,
  };
}

test.each(["gitlab", "aws"] as const)(
  "%s is down while access is set up and while it is taken back",
  async (provider) => {
    await stage.sandbox("/_faults", [{ provider, kind: "down" }]);
    const id = await approvedGrant();
    await eventually(async () => {
      const shown = await grant(id);
      expect(shown.state).toBe("ACTIVATING");
      const waiting = shown.bindings.find(({ connection }) => connection === provider);
      expect(waiting?.lastError).toContain("did not answer");
    });
    await stage.sandbox("/_faults", {}, "DELETE");
    await stage.wait(2);
    await reaches(id, "ACTIVE");
    expect(await held()).toEqual({ gitlab: true, aws: true });

    await stage.sandbox("/_faults", [{ provider, kind: "down" }]);
    await stage.wait(61);
    await eventually(async () => {
      const shown = await grant(id);
      expect(shown.state).toBe("ENDING");
      expect(shown.bindings.find(({ connection }) => connection === provider)?.tries).toBeGreaterThan(0);
    });
    expect((await held())[provider]).toBe(true);
    await stage.sandbox("/_faults", {}, "DELETE");
    await stage.wait(2);
    await reaches(id, "ENDED");
    expect(await held()).toEqual({ gitlab: false, aws: false });
  },
);

test("the SIEM refuses for a while, and misses nothing", async () => {
  const ready = async () => (await (await fetch(`${stage.url}/api/health/ready`)).json()) as { siem: object };
  await stage.sandbox("/_faults", [{ provider: "siem", kind: "status", status: 403 }]);
  await approvedGrant();
  await eventually(async () => expect((await ready()).siem).toMatchObject({ downSeconds: expect.any(Number) }));
  await stage.sandbox("/_faults", {}, "DELETE");
  await stage.wait(2);
  await eventually(async () => expect((await ready()).siem).toMatchObject({ behind: 0, downSeconds: null }));
  const received = (await (await fetch(`${stage.sandboxUrl}/_siem`)).json()) as object;
  expect(received).toMatchObject({ first: 1, missing: [] });
  await stage.wait(61);
});

test("the database dies while a grant is live", async () => {
  const id = await approvedGrant();
  await reaches(id, "ACTIVE");
  const [backend] = await stage.db.$queryRaw<[{ pid: number }]>`SELECT pg_backend_pid() AS pid`;
  const postmaster = Number(execFileSync("ps", ["-o", "ppid=", "-p", String(backend.pid)], { encoding: "utf8" }));
  process.kill(postmaster, "SIGKILL");
  // Its connections live a moment longer, and would still say that all is well.
  await eventually(async () => expect(() => process.kill(backend.pid, 0)).toThrow("ESRCH"));
  await eventually(async () => expect((await fetch(`${stage.url}/api/health/ready`)).status).toBe(200));
  // A word that was read before it was on disk is lost with the database; the worker looks again and says the same.
  await reaches(id, "ACTIVE");
  await stage.wait(61);
  await reaches(id, "ENDED");
  expect(await held()).toEqual({ gitlab: false, aws: false });
});

test("the worker dies while a grant is live", async () => {
  const id = await approvedGrant();
  await reaches(id, "ACTIVE");
  process.kill(stage.workerPid(), "SIGKILL");
  await stage.wait(61);
  await reaches(id, "ENDED");
  expect(await held()).toEqual({ gitlab: false, aws: false });
});
