import {
  AddUserToGroupCommand,
  IAMClient,
  RemoveUserFromGroupCommand,
  type IAMClientConfig,
} from "@aws-sdk/client-iam";
import { at, openSandbox } from "../../../sandbox/testing/sandbox-client.ts";
import { HOST, type Actor } from "../../domain/actor.ts";
import type { Change, ChangeKind } from "../../domain/change.ts";
import type { Entitlement } from "../../domain/entitlement.ts";
import type { RoleSpec } from "../../domain/role.ts";
import { openDb } from "../../db/client.ts";
import { freshDatabase } from "../../db/testing/fresh-database.ts";
import { openProviders } from "../../providers/open-providers.ts";
import { approveRequest } from "../../usecases/approve-request.ts";
import { createRole } from "../../usecases/create-role.ts";
import { submitRequest } from "../../usecases/submit-request.ts";
import type { Deps } from "../deps.ts";
import { syncDirectory } from "../sync-directory.ts";

const CREDENTIALS = { accessKeyId: "AKIASANDBOXDAYPASS01", secretAccessKey: "sandbox" };

export const ROLE_GROUP = "acme/roles/payments-maintainer";
export const IAM_GROUP = "payments-maintainer";
const GIVES: readonly Entitlement[] = [
  { connection: "gitlab", kind: "gitlab-group", target: ROLE_GROUP, level: "maintainer" },
  { connection: "aws", kind: "aws-iam-group", target: IAM_GROUP, level: "member" },
];

/** The sandbox's company with a worker that runs when it is told to. Omar owns payments; ines is an admin. */
export async function openSmallCompany(gives: readonly Entitlement[] = GIVES) {
  const database = await freshDatabase();
  const db = openDb(database.url, { max: 10 });
  const sandbox = await openSandbox();
  const providers = openProviders({
    gitlab: { connection: "gitlab", url: `${sandbox.url}/gitlab`, token: "glpat-sandbox-daypass" },
    aws: { connection: "aws", region: "eu-central-1", endpoint: `${sandbox.url}/aws`, credentials: CREDENTIALS },
  });
  const config: IAMClientConfig = { region: "eu-central-1", endpoint: `${sandbox.url}/aws`, credentials: CREDENTIALS };
  const iam = new IAMClient(config);
  const sync = async () => {
    for (const [name, provider] of providers) await syncDirectory(name, provider, { db, issuer: "sandbox" });
  };
  for (const name of providers.keys()) await db.connection.create({ data: { name, provider: name } });
  await sync();

  const { id: groupId } = await db.group.findFirstOrThrow({ where: { path: "acme/payments" } });
  const specOf = (entitlements: readonly Entitlement[]): RoleSpec => ({
    name: "Payments maintainer",
    summary: "",
    ownerGroupId: groupId,
    requesterGroupId: groupId,
    approvalsNeeded: 1,
    maxMinutes: 240,
    decideWithinMinutes: 60,
    entitlements,
  });
  await createRole(HOST, { slug: "payments", reason: "first", spec: specOf(gives) }, { db });
  const deps: Deps = {
    db,
    turns: db,
    workerId: "worker",
    pause: () => Promise.resolve(),
    providerNamed(name) {
      const provider = providers.get(name);
      if (!provider) throw new Error(`no connection named ${name}`);
      return provider;
    },
  };

  const actor = async (username: string): Promise<Actor> => {
    const { id, name } = await db.person.findFirstOrThrow({ where: { username } });
    return { personId: id, name, isAdmin: username === "ines", isAuditor: username === "theo", via: "web" };
  };
  return {
    db,
    databaseUrl: database.url,
    deps,
    sandbox,
    iam,
    providers,
    actor,
    sync,
    specOf,
    async grant(username: string, minutes: number, startsAt?: Date): Promise<string> {
      const asked = { roleSlug: "payments", minutes, justification: "test", startsAt };
      const { id } = await submitRequest(await actor(username), asked, { db });
      const approved = await approveRequest(await actor("omar"), { requestId: id }, { db });
      if (approved.state !== "APPROVED") throw new Error("one approval is enough here");
      return approved.grantId;
    },
    /** Moves Daypass's clock. */
    async wait(minutes: number): Promise<void> {
      await db.$executeRaw`UPDATE clock SET offset_ms = offset_ms + ${minutes * 60_000}`;
    },
    /** Somebody with rights of their own at GitLab, past Daypass. */
    async byHand(username: string, level: number | null, group = ROLE_GROUP): Promise<void> {
      const userId = await sandbox.userId(username);
      const members = `/groups/${at(group)}/members`;
      await sandbox.gitlab("DELETE", `${members}/${userId}`);
      if (level !== null) await sandbox.gitlab("POST", members, { user_id: userId, access_level: level });
    },
    /** The same at AWS. */
    async byHandAtAws(username: string, isMember: boolean): Promise<void> {
      const input = { GroupName: IAM_GROUP, UserName: username };
      if (isMember) await iam.send(new AddUserToGroupCommand(input));
      else await iam.send(new RemoveUserFromGroupCommand(input));
    },
    faults: (...rules: object[]) => sandbox.send("POST", "/_faults", rules),
    noFaults: () => sandbox.send("DELETE", "/_faults"),
    async story(kind: ChangeKind): Promise<Change[]> {
      const rows = await db.change.findMany({ where: { kind }, orderBy: { seq: "asc" } });
      return rows.map(({ body }) => JSON.parse(body) as Change);
    },
    async close(): Promise<void> {
      await sandbox.close();
      await db.$disconnect();
      await database.drop();
    },
  };
}

export type SmallCompany = Awaited<ReturnType<typeof openSmallCompany>>;
