import { v7 as newId } from "uuid";
import { startSandbox } from "../../../sandbox/server.ts";
import type { Db } from "../../db/client.ts";
import { openProviders } from "../../providers/open-providers.ts";
import type { AccessProvider } from "../../providers/provider.ts";
import { syncDirectory } from "../sync-directory.ts";

/** The sandbox, its people and one owner group, shared by many random histories; each history takes two new people. */
export type World = {
  readonly db: Db;
  readonly providers: ReadonlyMap<string, AccessProvider>;
  readonly ownerId: string;
  readonly groupId: string;
  /** The next two people who were in no history yet. */
  nextPeople(): { id: string; name: string; gitlab: string; aws: string }[];
  /** Moves Daypass's clock and the sandbox's by the same time. */
  wait(minutes: number): Promise<void>;
  close(): Promise<void>;
};

export async function startWorld(db: Db): Promise<World> {
  const sandbox = await startSandbox({ port: 0, daypassUrl: "http://localhost:3000" });
  const post = async (path: string, body: unknown) => {
    const answer = await fetch(`${sandbox.url}${path}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  };
  await post("/_seed", { people: 1_200, groups: 0 });
  const providers = openProviders({
    gitlab: { connection: "gitlab", url: `${sandbox.url}/gitlab`, token: "glpat-sandbox-daypass" },
    aws: {
      connection: "aws",
      region: "eu-central-1",
      endpoint: `${sandbox.url}/aws`,
      credentials: { accessKeyId: "AKIASANDBOXDAYPASS01", secretAccessKey: "sandbox" },
    },
  });
  for (const [name, provider] of providers) {
    await db.connection.create({ data: { name, provider: name } });
    await syncDirectory(name, provider, { db, issuer: "sandbox" });
  }
  const owner = await db.person.findFirstOrThrow({ where: { username: "omar" } });
  const people = await db.person.findMany({
    where: { username: { startsWith: "person" } },
    include: { accounts: true },
    orderBy: { username: "asc" },
  });
  const groupId = await requesterGroup(
    db,
    owner.id,
    people.map((person) => person.id),
  );
  const rest = people.map(({ id, name, accounts }) => ({
    id,
    name,
    gitlab: accounts.find((account) => account.connection === "gitlab")?.externalId ?? "",
    aws: accounts.find((account) => account.connection === "aws")?.externalId ?? "",
  }));
  return {
    db,
    providers,
    ownerId: owner.id,
    groupId,
    nextPeople: () => rest.splice(0, 2),
    async wait(minutes) {
      await post("/_clock", { advanceMs: minutes * 60_000 });
      await db.$executeRaw`UPDATE clock SET offset_ms = offset_ms + ${minutes * 60_000}`;
    },
    close: () => sandbox.close(),
  };
}

/** A group that only this test knows: everybody may ask, omar decides. */
async function requesterGroup(db: Db, ownerId: string, personIds: readonly string[]): Promise<string> {
  const group = await db.group.create({
    data: { id: newId(), connection: "test", path: "histories", name: "histories" },
  });
  await db.groupMember.createMany({
    data: [
      { groupId: group.id, personId: ownerId, isOwner: true },
      ...personIds.map((personId) => ({ groupId: group.id, personId, isOwner: false })),
    ],
  });
  return group.id;
}
