import {
  AddUserToGroupCommand,
  CreateGroupCommand,
  CreateUserCommand,
  DeleteUserCommand,
  GetRoleCommand,
  IAMClient,
  UpdateAssumeRolePolicyCommand,
  UpdateUserCommand,
} from "@aws-sdk/client-iam";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { NOON, openSandbox, type OpenSandbox } from "../../../sandbox/testing/sandbox-client.ts";
import { ABSENT } from "../../domain/binding.ts";
import type { Place, PlaceKind } from "../../domain/entitlement.ts";
import { CouldNotTell, ProviderBusy, ProviderRefused, Unclear, type Account } from "../provider.ts";
import { allOf } from "../testing/all-of.ts";
import { describeProviderContract } from "../testing/contract.ts";
import { startScripted } from "../testing/scripted-server.ts";
import { createAwsProvider, type AwsConfig } from "./aws.ts";

const REGION = "eu-central-1";
const DAYPASS = { accessKeyId: "AKIASANDBOXDAYPASS01", secretAccessKey: "SECRET" };

const place = (kind: PlaceKind, target: string): Place => ({ connection: "aws", kind, target });
/** The sandbox gives out its ids in this order. */
const USERS = ["maya", "omar", "lena", "noor", "ines", "theo"];
const account = (username: string): Account => ({
  externalId: `AIDASANDBOX${String(USERS.indexOf(username) + 1).padStart(10, "0")}`,
  username,
});
const open = (endpoint: string, options: Partial<AwsConfig> = {}) =>
  createAwsProvider({ connection: "aws", region: REGION, endpoint, credentials: DAYPASS, ...options });
const inMinutes = (minutes: number) => new Date(NOON + minutes * 60_000).toISOString();

const people = { maya: account("maya"), omar: account("omar"), nobody: account("nobody") };

describeProviderContract({
  name: "aws",
  kind: "aws-iam-group",
  open: async (sandbox, { url = `${sandbox.url}/aws`, ...options } = {}) => ({
    ...people,
    provider: open(url, options),
    place: place("aws-iam-group", "payments-maintainer"),
    other: place("aws-iam-group", "payments-owner"),
    missing: place("aws-iam-group", "no-such"),
    standings: [{ level: "member", until: null }],
    writes: { apply: { action: "AddUserToGroup" }, remove: { action: "RemoveUserFromGroup" } },
  }),
});

describeProviderContract({
  name: "aws",
  kind: "aws-iam-role",
  open: async (sandbox, { url = `${sandbox.url}/aws`, ...options } = {}) => ({
    ...people,
    provider: open(url, options),
    place: place("aws-iam-role", "payments-deployer"),
    other: place("aws-iam-role", "platform-deployer"),
    missing: place("aws-iam-role", "no-such"),
    standings: [
      { level: "assume", until: inMinutes(30) },
      { level: "assume", until: inMinutes(90) },
      { level: "assume", until: null },
    ],
    writes: { apply: { action: "UpdateAssumeRolePolicy" }, remove: { action: "UpdateAssumeRolePolicy" } },
  }),
});

describe("AWS in particular", () => {
  const ROLE = place("aws-iam-role", "payments-deployer");
  const GROUP = place("aws-iam-group", "payments-maintainer");
  const { maya, omar } = people;
  let sandbox: OpenSandbox;
  let iam: IAMClient;
  const provider = (options = {}) => open(`${sandbox.url}/aws`, options);
  const policy = async () => {
    const { Role } = await iam.send(new GetRoleCommand({ RoleName: ROLE.target }));
    return decodeURIComponent(Role?.AssumeRolePolicyDocument ?? "");
  };
  const setPolicy = (document: string) =>
    iam.send(new UpdateAssumeRolePolicyCommand({ RoleName: ROLE.target, PolicyDocument: document }));
  const made = async (username: string): Promise<Account> => {
    const { User } = await iam.send(new CreateUserCommand({ UserName: username }));
    return { externalId: User?.UserId ?? "", username };
  };
  const rename = (username: string, to: string) =>
    iam.send(new UpdateUserCommand({ UserName: username, NewUserName: to }));
  const statements = async () => (JSON.parse(await policy()) as { Statement: { Sid?: string }[] }).Statement;
  const faults = (...rules: object[]) =>
    sandbox.send(
      "POST",
      "/_faults",
      rules.map((rule) => ({ provider: "aws", ...rule })),
    );

  beforeAll(async () => {
    sandbox = await openSandbox();
    iam = new IAMClient({ region: REGION, endpoint: `${sandbox.url}/aws`, credentials: DAYPASS });
  });
  beforeEach(() => sandbox.send("POST", "/_reset"));
  afterAll(() => sandbox.close());

  const assume = (username: string) => {
    const credentials = { accessKeyId: `AKIASANDBOX${username.toUpperCase()}`, secretAccessKey: "SECRET" };
    const sts = new STSClient({ region: REGION, endpoint: `${sandbox.url}/aws`, credentials });
    const RoleArn = "arn:aws:iam::111122223333:role/payments-deployer";
    return sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: username }));
  };

  test("the role can be assumed by the person alone, and not a moment after the end", async () => {
    await provider().apply(maya, ROLE, { level: "assume", until: inMinutes(30) });
    await expect(assume("maya")).resolves.toMatchObject({ Credentials: { AccessKeyId: expect.any(String) } });
    await expect(assume("omar")).rejects.toMatchObject({ name: "AccessDenied" });

    await sandbox.send("POST", "/_clock", { at: inMinutes(30) });
    await expect(assume("maya")).rejects.toMatchObject({ name: "AccessDenied" });
  });

  test("after removal the role can no longer be assumed", async () => {
    await provider().apply(maya, ROLE, { level: "assume", until: inMinutes(30) });
    await provider().remove(maya, ROLE);
    await expect(assume("maya")).rejects.toMatchObject({ name: "AccessDenied" });
  });

  test("statements of others come through exactly as they were", async () => {
    const theirs = JSON.stringify({
      Version: "2012-10-17",
      Id: "by hand",
      Statement: [
        { Principal: { AWS: ["arn:aws:iam::111122223333:user/omar"] }, Action: ["sts:AssumeRole"], Effect: "Allow" },
        {
          Effect: "Allow",
          Action: "sts:AssumeRole",
          Condition: {
            StringEquals: { "aws:username": ["lena", "noor"] },
            DateLessThan: { "aws:CurrentTime": "2027-01-01" },
          },
          Principal: { Service: "ec2.amazonaws.com" },
          Sid: "Ec2",
        },
      ],
    });
    await setPolicy(theirs);
    await provider().apply(maya, ROLE, { level: "assume", until: inMinutes(30) });
    await provider().apply(maya, ROLE, { level: "assume", until: inMinutes(60) });
    expect(JSON.stringify((await statements()).slice(0, 2))).toBe(JSON.stringify(JSON.parse(theirs).Statement));
    await provider().remove(maya, ROLE);
    expect(await policy()).toBe(theirs);
  });

  test("a single statement that is no list is kept", async () => {
    const single = {
      Sid: "Only",
      Effect: "Allow",
      Principal: { Service: "ec2.amazonaws.com" },
      Action: "sts:AssumeRole",
    };
    await setPolicy(JSON.stringify({ Version: "2012-10-17", Statement: single }));
    await provider().apply(maya, ROLE, { level: "assume", until: null });
    await provider().remove(maya, ROLE);
    expect(await statements()).toEqual([single]);
  });

  const actionsOf = async (work: () => Promise<unknown>) => {
    const before = (await sandbox.send("GET", "/_log?since=0")).body.at(-1)?.n ?? 0;
    await work();
    const calls = (await sandbox.send("GET", `/_log?since=${before}`)).body as { action: string }[];
    return calls.map(({ action }) => action);
  };

  test("a policy that has nothing of ours is not written at all when there is nothing to remove", async () => {
    expect(await actionsOf(() => provider().remove(maya, ROLE))).toEqual(["GetRole"]);
  });

  test("looks at one group at one moment share its list, and each finds its own user", async () => {
    const aws = provider();
    await aws.apply(maya, GROUP, { level: "member", until: null });
    let seen: unknown;
    const looks = async () => (seen = await Promise.all([maya, omar, maya].map((user) => aws.observe(user, GROUP))));
    expect(await actionsOf(looks)).toEqual(["GetGroup"]);
    const present = { state: "present", level: "member", until: null };
    expect(seen).toEqual([present, ABSENT, present]);
  });

  test("the last statement can be removed though AWS takes no empty policy", async () => {
    await provider().apply(maya, ROLE, { level: "assume", until: null });
    const mine = (await statements()).filter(({ Sid }) => Sid?.startsWith("Daypass"));
    await setPolicy(JSON.stringify({ Version: "2012-10-17", Statement: mine }));
    await provider().remove(maya, ROLE);
    expect(await provider().observe(maya, ROLE)).toEqual(ABSENT);
    await expect(assume("maya")).rejects.toMatchObject({ name: "AccessDenied" });

    await provider().apply(omar, ROLE, { level: "assume", until: null });
    await expect(assume("omar")).resolves.toMatchObject({ Credentials: expect.anything() });
  });

  test("a deleted user's statement does not keep others from being removed", async () => {
    const leaver = await made("leaver");
    await provider().apply(leaver, ROLE, { level: "assume", until: null });
    await provider().apply(maya, ROLE, { level: "assume", until: null });
    await iam.send(new DeleteUserCommand({ UserName: "leaver" }));

    await provider().remove(maya, ROLE);
    expect(await provider().observe(maya, ROLE)).toEqual(ABSENT);
    expect(await provider().observe(leaver, ROLE)).toEqual(ABSENT);
  });

  test("a statement of ours that was changed beyond recognition is not understood, but can be removed", async () => {
    await provider().apply(maya, ROLE, { level: "assume", until: inMinutes(30) });
    await setPolicy((await policy()).replace(`"${inMinutes(30)}"`, `["${inMinutes(30)}"]`));
    await expect(provider().observe(maya, ROLE)).rejects.toBeInstanceOf(CouldNotTell);
    await provider().remove(maya, ROLE);
    expect(await provider().observe(maya, ROLE)).toEqual(ABSENT);
  });

  test("who may assume a role is listed from Daypass's own statements, and nobody from those of others", async () => {
    await provider().apply(maya, ROLE, { level: "assume", until: inMinutes(30) });
    await provider().apply(await made("leaver"), ROLE, { level: "assume", until: null });
    await iam.send(new DeleteUserCommand({ UserName: "leaver" }));
    expect(await allOf(provider().members(ROLE))).toEqual([{ account: maya, level: "assume", until: inMinutes(30) }]);
  });

  test.each([
    ["lets somebody else in", "user/maya", "user/omar"],
    ["lets everybody in", "arn:aws:iam::111122223333:user/maya", "*"],
  ])("a statement of Daypass that %s is not understood, and told as it stands there", async (_what, ours, theirs) => {
    await provider().apply(maya, ROLE, { level: "assume", until: inMinutes(30) });
    await setPolicy((await policy()).replace(ours, theirs));
    const error = await allOf(provider().members(ROLE)).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Unclear);
    expect((error as Unclear).found).toContain(theirs);
  });

  describe.each([
    ["group", GROUP, { level: "member", until: null }],
    ["role", ROLE, { level: "assume", until: inMinutes(30) }],
  ] as const)("a user who is renamed and another who gets the name, at a %s,", (_kind, here, standing) => {
    const present = { state: "present", ...standing };

    test("are told apart: the one keeps the access, the other has none", async () => {
      await provider().apply(maya, here, standing);
      await rename("maya", "maya.chen");
      const other = await made("maya");
      const names = [maya, { ...maya, username: "maya.chen" }];
      for (const known of names) expect(await provider().observe(known, here), known.username).toEqual(present);
      expect(await provider().observe(other, here)).toEqual(ABSENT);
      const listed = await allOf(provider().members(here));
      expect(listed.map((member) => member.account)).toEqual([{ ...maya, username: "maya.chen" }]);
    });

    test("do not lose access to each other's removal", async () => {
      await provider().apply(maya, here, standing);
      await rename("maya", "maya.chen");
      const other = await made("maya");
      await provider().apply(other, here, standing);
      await provider().remove(maya, here);
      expect(await provider().observe(maya, here)).toEqual(ABSENT);
      expect(await provider().observe(other, here)).toEqual(present);
    });

    test("get what is theirs although Daypass knows the old name only", async () => {
      await rename("maya", "maya.chen");
      const other = await made("maya");
      await provider().apply(maya, here, standing);
      expect(await provider().observe(maya, here)).toEqual(present);
      expect(await provider().observe(other, here)).toEqual(ABSENT);
    });
  });

  test("an account whose id is not known yet goes by its name, and its statement is found by its id later", async () => {
    const early = { externalId: "maya", username: "maya" };
    for (const here of [GROUP, ROLE]) {
      await provider().apply(early, here, { level: here === GROUP ? "member" : "assume", until: null });
      for (const known of [early, maya])
        expect(await provider().observe(known, here)).toMatchObject({ state: "present" });
      await provider().remove(maya, here);
      for (const known of [early, maya]) expect(await provider().observe(known, here)).toEqual(ABSENT);
    }
  });

  test("a trust policy that is full is refused in AWS's words, and stays as it was", async () => {
    const full: Account[] = [];
    for (let n = 0; n < 20; n += 1) full.push(await made(`crowd${n}`));
    let refusal: unknown;
    let before = "";
    for (const one of full) {
      before = await policy();
      refusal = await provider()
        .apply(one, ROLE, { level: "assume", until: inMinutes(30) })
        .catch((error: unknown) => error);
      if (refusal instanceof Error) break;
    }
    expect(refusal).toBeInstanceOf(ProviderRefused);
    expect(String(refusal)).toContain("ACLSizePerRole");
    expect(await policy()).toBe(before);
  });

  test("many people at one role at the same moment lose nobody's statement", async () => {
    const shared = provider();
    const names = ["maya", "omar", "lena", "noor", "ines"];
    await Promise.all(
      names.map((name) => shared.apply(account(name), ROLE, { level: "assume", until: inMinutes(30) })),
    );
    for (const name of names) expect(await shared.observe(account(name), ROLE)).toMatchObject({ state: "present" });
    await Promise.all(names.map((name) => shared.remove(account(name), ROLE)));
    expect((await statements()).map(({ Sid }) => Sid)).toEqual(["Tasks"]);
  });

  test("an old policy that AWS still shows is not built upon: it would bring removed access back", async () => {
    const shared = provider();
    await shared.apply(omar, ROLE, { level: "assume", until: inMinutes(30) });
    await faults({ kind: "stale", reads: 1, match: { action: "GetRole" } });
    await shared.remove(omar, ROLE);
    const built = shared.apply(maya, ROLE, { level: "assume", until: inMinutes(30) });
    await expect(built).rejects.toBeInstanceOf(CouldNotTell);

    await shared.apply(maya, ROLE, { level: "assume", until: inMinutes(30) });
    expect(await shared.observe(omar, ROLE)).toEqual(ABSENT);
    expect(await shared.observe(maya, ROLE)).toMatchObject({ state: "present" });
  });

  test("IAM's ten groups for each user are a refusal", async () => {
    for (let n = 0; n < 10; n += 1) {
      await iam.send(new CreateGroupCommand({ GroupName: `extra${n}` }));
      await iam.send(new AddUserToGroupCommand({ GroupName: `extra${n}`, UserName: "omar" }));
    }
    const applied = provider().apply(omar, GROUP, { level: "member", until: null });
    await expect(applied).rejects.toThrow(/LimitExceeded.*GroupsPerUser/);
    await expect(applied).rejects.toMatchObject({ name: "ProviderRefused", status: 409 });
  });

  test("a group is the same group whatever the case of its name", async () => {
    const shouted = place("aws-iam-group", "PAYMENTS-MAINTAINER");
    await provider().apply(maya, shouted, { level: "member", until: null });
    for (const name of [GROUP, shouted])
      expect(await provider().observe(maya, name)).toMatchObject({ state: "present" });
  });

  test("nobody is in a group or a role that AWS does not have", async () => {
    expect(await provider().observe(maya, place("aws-iam-group", "gone"))).toEqual(ABSENT);
    expect(await provider().observe(maya, place("aws-iam-role", "gone"))).toEqual(ABSENT);
    const { words } = await provider().remove(maya, place("aws-iam-role", "gone"));
    expect(words).toContain("NoSuchEntity");
  });

  test("throttling is busy, whatever its status; a rule is a refusal; our own key is neither", async () => {
    await faults({ kind: "status", status: 400, times: 1 });
    await expect(provider().observe(maya, GROUP)).rejects.toBeInstanceOf(ProviderBusy);
    await faults({ kind: "status", status: 403, times: 1 });
    await expect(provider().observe(maya, GROUP)).rejects.toBeInstanceOf(ProviderRefused);
    const unknown = provider({ credentials: { accessKeyId: "AKIAUNKNOWN", secretAccessKey: "SECRET" } });
    await expect(unknown.observe(maya, GROUP)).rejects.toBeInstanceOf(CouldNotTell);
    await expect(unknown.remove(maya, GROUP)).rejects.toBeInstanceOf(CouldNotTell);
  });

  test("the backstop is the end itself in a role, and nothing in a group", () => {
    const end = new Date("2026-03-10T13:00:00.250Z");
    expect(provider().backstop("aws-iam-role", end)).toBe("2026-03-10T13:00:00.250Z");
    expect(provider().backstop("aws-iam-group", end)).toBeNull();
  });

  test("IAM groups have no owners, so none is listed", async () => {
    expect(await allOf(provider().listGroups())).toEqual([]);
  });
});

describe("an AWS that makes no sense", () => {
  const GROUP = place("aws-iam-group", "payments-maintainer");
  const xml = { "content-type": "text/xml", "x-amzn-requestid": "1" };
  const maya = "<UserName>maya</UserName><UserId>AIDA1</UserId><Arn>arn:aws:iam::1:user/maya</Arn>";
  const users = `<Users><member>${maya}</member></Users>`;
  const listing = (rest: string) =>
    `<ListUsersResponse><ListUsersResult>${users}${rest}</ListUsersResult></ListUsersResponse>`;

  test.each([
    ["whose marker leads back to where it was", "<IsTruncated>true</IsTruncated><Marker>again</Marker>"],
    ["that goes on, but does not say where", "<IsTruncated>true</IsTruncated>"],
    ["that does not say whether it goes on", ""],
  ])("a list %s is no list", async (_what, rest) => {
    const server = await startScripted(() => ({ headers: xml, body: listing(rest) }));
    await expect(allOf(open(server.url).listAccounts())).rejects.toBeInstanceOf(CouldNotTell);
    server.close();
  });

  test.each([
    ["lead in a circle", `${users}<IsTruncated>true</IsTruncated><Marker>again</Marker>`],
    ["have no names", "<Users><member></member></Users><IsTruncated>false</IsTruncated>"],
    ["have no ids", "<Users><member><UserName>x</UserName></member></Users><IsTruncated>false</IsTruncated>"],
    ["do not say whether there are more", users],
    ["are not there", "<IsTruncated>false</IsTruncated>"],
  ])("members of a group that %s are no listing, and show nobody gone", async (_what, listed) => {
    const body = `<GetGroupResponse><GetGroupResult>${listed}</GetGroupResult></GetGroupResponse>`;
    const server = await startScripted(() => ({ headers: xml, body }));
    await expect(allOf(open(server.url).members(GROUP))).rejects.toBeInstanceOf(CouldNotTell);
    await expect(open(server.url).observe(people.omar, GROUP)).rejects.toBeInstanceOf(CouldNotTell);
    server.close();
  });

  const role = (policy: string) =>
    `<GetRoleResponse><GetRoleResult><Role><AssumeRolePolicyDocument>${policy}</AssumeRolePolicyDocument></Role></GetRoleResult></GetRoleResponse>`;

  test.each([
    ["an empty 200", ""],
    ["a web page", "<!doctype html><html><body><p>Welcome</body></html>"],
    ["JSON", '{"hello":"there"}'],
    ["half an answer", "<GetGroupResponse><GetGroupResult><Users><member><UserName>om"],
    ["the answer to something else", listing("<IsTruncated>false</IsTruncated>")],
    ["an empty result", "<GetGroupResponse><GetGroupResult/></GetGroupResponse>"],
    ["a trust policy that is no policy", role("%5B%22Statement%22%5D")],
    ["a trust policy that is not JSON", role("Statement")],
    ["a trust policy of half a character", role("%E0%A4%A")],
    ["a role without a trust policy", "<GetRoleResponse><GetRoleResult><Role/></GetRoleResult></GetRoleResponse>"],
  ])("%s tells nothing of a group or a role, and never that access is gone", async (_what, body) => {
    const server = await startScripted(() => ({ headers: xml, body }));
    const asked = open(server.url);
    for (const here of [GROUP, place("aws-iam-role", "deployer")]) {
      await expect(asked.observe(people.omar, here), here.kind).rejects.toBeInstanceOf(CouldNotTell);
      await expect(asked.remove(people.omar, here), here.kind).rejects.toBeInstanceOf(CouldNotTell);
      await expect(allOf(asked.members(here)), here.kind).rejects.toBeInstanceOf(CouldNotTell);
    }
    server.close();
  });

  test("an answer without AWS's request id is somebody else's", async () => {
    const body = listing("<IsTruncated>false</IsTruncated>");
    const server = await startScripted(() => ({ headers: { "content-type": "text/xml" }, body }));
    await expect(allOf(open(server.url).listAccounts())).rejects.toBeInstanceOf(CouldNotTell);
    await expect(open(server.url).remove(people.maya, GROUP)).rejects.toBeInstanceOf(CouldNotTell);
    server.close();
  });
});
