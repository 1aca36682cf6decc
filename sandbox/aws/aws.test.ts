import * as Iam from "@aws-sdk/client-iam";
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { NOON, openSandbox, type OpenSandbox } from "../testing/sandbox-client.ts";

let sandbox: OpenSandbox;
let iam: Iam.IAMClient;

const settings = (accessKeyId: string) => ({
  region: "eu-central-1",
  endpoint: `${sandbox.url}/aws`,
  credentials: { accessKeyId, secretAccessKey: "SECRET" },
  maxAttempts: 1,
});
const stsOf = (accessKeyId: string) => new STSClient(settings(accessKeyId));
const refusal = (call: Promise<unknown>) =>
  call.then(
    () => null,
    (error: unknown) => {
      const { name, $metadata } = error as Iam.IAMServiceException;
      return { name, status: $metadata.httpStatusCode };
    },
  );

const ROLE = "payments-deployer";
const allow = (principal: string, rest: object = {}) => ({
  Effect: "Allow",
  Principal: { AWS: principal },
  Action: "sts:AssumeRole",
  ...rest,
});
const trust = (...statements: object[]) =>
  iam.send(
    new Iam.UpdateAssumeRolePolicyCommand({
      RoleName: ROLE,
      PolicyDocument: JSON.stringify({ Version: "2012-10-17", Statement: statements }),
    }),
  );
const user = (name: string) => `arn:aws:iam::111122223333:user/${name}`;
const assume = (name: string, options = {}) =>
  stsOf(`AKIASANDBOX${name.toUpperCase()}`).send(
    new AssumeRoleCommand({ RoleArn: `arn:aws:iam::111122223333:role/${ROLE}`, RoleSessionName: name, ...options }),
  );

beforeAll(async () => {
  sandbox = await openSandbox();
  iam = new Iam.IAMClient(settings("AKIASANDBOXDAYPASS01"));
});
beforeEach(() => sandbox.send("POST", "/_reset"));
afterAll(() => sandbox.close());

test("whoever is renamed keeps their id, their groups, their key and the roles that trust them", async () => {
  await trust(allow(user("maya")));
  const groups = async (name: string) => (await iam.send(new Iam.ListGroupsForUserCommand({ UserName: name }))).Groups;
  const before = await iam.send(new Iam.GetUserCommand({ UserName: "maya" }));
  const held = await groups("maya");
  await iam.send(new Iam.UpdateUserCommand({ UserName: "maya", NewUserName: "maya.chen" }));
  const after = await iam.send(new Iam.GetUserCommand({ UserName: "maya.chen" }));
  expect(after.User).toMatchObject({ UserId: before.User?.UserId, Arn: user("maya.chen") });
  expect(await groups("maya.chen")).toEqual(held);
  await expect(assume("maya")).resolves.toMatchObject({ Credentials: expect.anything() });
  expect(await refusal(iam.send(new Iam.GetUserCommand({ UserName: "maya" })))).toMatchObject({ status: 404 });
  const taken = iam.send(new Iam.UpdateUserCommand({ UserName: "omar", NewUserName: "MAYA.CHEN" }));
  expect(await refusal(taken)).toMatchObject({ name: "EntityAlreadyExistsException" });
});

test("names are unique whatever their case, and found whatever it is", async () => {
  expect(await refusal(iam.send(new Iam.CreateUserCommand({ UserName: "MAYA" })))).toEqual({
    name: "EntityAlreadyExistsException",
    status: 409,
  });
  const { User } = await iam.send(new Iam.GetUserCommand({ UserName: "Maya" }));
  expect(User).toMatchObject({ UserName: "maya", Arn: user("maya") });
});

test("what is not there is NoSuchEntity, what is in use cannot be deleted", async () => {
  const calls = [
    iam.send(new Iam.GetUserCommand({ UserName: "nobody" })),
    iam.send(new Iam.GetGroupCommand({ GroupName: "nothing" })),
    iam.send(new Iam.GetRoleCommand({ RoleName: "nothing" })),
    iam.send(new Iam.AddUserToGroupCommand({ GroupName: "nothing", UserName: "maya" })),
    iam.send(new Iam.RemoveUserFromGroupCommand({ GroupName: "payments-owner", UserName: "maya" })),
  ];
  // All at once: one that is refused before anybody waits for it would be an error outside of every test.
  const refusals = await Promise.all(calls.map(refusal));
  expect(refusals).toEqual(calls.map(() => ({ name: "NoSuchEntityException", status: 404 })));
  const inUse = { name: "DeleteConflictException", status: 409 };
  expect(await refusal(iam.send(new Iam.DeleteUserCommand({ UserName: "maya" })))).toEqual(inUse);
  expect(await refusal(iam.send(new Iam.DeleteGroupCommand({ GroupName: "billing-read" })))).toEqual(inUse);
});

test("adding somebody twice changes nothing, and an eleventh group is too many", async () => {
  for (let n = 1; n <= 10; n += 1) {
    await iam.send(new Iam.CreateGroupCommand({ GroupName: `g${n}` }));
    await iam.send(new Iam.AddUserToGroupCommand({ GroupName: `g${n}`, UserName: "omar" }));
    await iam.send(new Iam.AddUserToGroupCommand({ GroupName: `g${n}`, UserName: "omar" }));
  }
  const eleventh = iam.send(new Iam.AddUserToGroupCommand({ GroupName: "payments-owner", UserName: "omar" }));
  expect(await refusal(eleventh)).toEqual({ name: "LimitExceededException", status: 409 });
  const { Groups } = await iam.send(new Iam.ListGroupsForUserCommand({ UserName: "omar" }));
  expect(Groups).toHaveLength(10);
});

test("lists come in pages that the SDK can follow", async () => {
  for (let n = 0; n < 25; n += 1) await iam.send(new Iam.CreateUserCommand({ UserName: `extra${n}` }));
  const names: (string | undefined)[] = [];
  for await (const { Users } of Iam.paginateListUsers({ client: iam, pageSize: 10 }, {}))
    names.push(...(Users ?? []).map(({ UserName }) => UserName));
  expect(new Set(names).size).toBe(31);
  expect(names).toHaveLength(31);
});

test("tags are kept, keys of XML and all", async () => {
  await iam.send(new Iam.TagUserCommand({ UserName: "maya", Tags: [{ Key: "a<b", Value: `"&" > <` }] }));
  const { Tags } = await iam.send(new Iam.ListUserTagsCommand({ UserName: "maya" }));
  expect(Tags).toEqual([{ Key: "a<b", Value: `"&" > <` }]);
});

test("a call must be signed, with a key that exists, for an action that exists", async () => {
  const post = (body: string, authorization?: string) =>
    fetch(`${sandbox.url}/aws/`, {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded", ...(authorization ? { authorization } : {}) },
      body,
    });
  const signed = (key: string) =>
    `AWS4-HMAC-SHA256 Credential=${key}/20260310/eu-central-1/iam/aws4_request, SignedHeaders=host, Signature=ab12`;
  const unsigned = await post("Action=ListUsers&Version=2010-05-08");
  expect([unsigned.status, await unsigned.text()]).toEqual([
    403,
    expect.stringContaining("MissingAuthenticationToken"),
  ]);
  const stranger = await post("Action=ListUsers&Version=2010-05-08", signed("AKIASTRANGER"));
  expect([stranger.status, await stranger.text()]).toEqual([403, expect.stringContaining("InvalidClientTokenId")]);
  for (const action of ["Nonsense", "constructor", "AssumeRole"]) {
    const answer = await post(`Action=${action}&Version=2010-05-08`, signed("AKIASANDBOXDAYPASS01"));
    expect([answer.status, await answer.text()]).toEqual([400, expect.stringContaining("<Code>InvalidAction</Code>")]);
    expect(answer.headers.get("x-amzn-requestid")).toMatch(/^[\da-f-]{36}$/);
  }
});

test("people's own keys say who they are, and change nothing in IAM", async () => {
  const me = await stsOf("AKIASANDBOXMAYA").send(new GetCallerIdentityCommand({}));
  expect(me).toMatchObject({ Account: "111122223333", Arn: user("maya") });
  const maya = new Iam.IAMClient(settings("AKIASANDBOXMAYA"));
  const asked = maya.send(new Iam.AddUserToGroupCommand({ GroupName: "payments-owner", UserName: "maya" }));
  expect(await refusal(asked)).toEqual({ name: "AccessDenied", status: 403 });
});

test.each([
  ["no JSON", "{"],
  ["no statement", JSON.stringify({ Version: "2012-10-17", Statement: [] })],
  ["no effect", JSON.stringify({ Statement: [{ Principal: "*", Action: "sts:AssumeRole" }] })],
  ["an unknown user", JSON.stringify({ Statement: [allow(user("nobody"))] })],
  ["an unknown account", JSON.stringify({ Statement: [allow("arn:aws:iam::999999999999:root")] })],
  ["a bad Sid", JSON.stringify({ Statement: [allow(user("maya"), { Sid: "no-dash" })] })],
  [
    "a Sid twice",
    JSON.stringify({ Statement: [allow(user("maya"), { Sid: "A" }), allow(user("omar"), { Sid: "A" })] }),
  ],
])("a trust policy with %s is malformed and changes nothing", async (_what, PolicyDocument) => {
  const before = (await sandbox.state()).aws.roles;
  const call = iam.send(new Iam.UpdateAssumeRolePolicyCommand({ RoleName: ROLE, PolicyDocument }));
  expect(await refusal(call)).toEqual({ name: "MalformedPolicyDocumentException", status: 400 });
  expect((await sandbox.state()).aws.roles).toEqual(before);
});

test("a trust policy may have 2,048 characters, white space apart", async () => {
  const statement = (sid: string) => ({ Version: "2012-10-17", Statement: [allow(user("maya"), { Sid: sid })] });
  const rest = JSON.stringify(statement("")).length;
  const fits = JSON.stringify(statement("a".repeat(2_048 - rest)), null, 4);
  await iam.send(new Iam.UpdateAssumeRolePolicyCommand({ RoleName: ROLE, PolicyDocument: fits }));
  const tooLong = JSON.stringify(statement("a".repeat(2_049 - rest)));
  const call = iam.send(new Iam.UpdateAssumeRolePolicyCommand({ RoleName: ROLE, PolicyDocument: tooLong }));
  expect(await refusal(call)).toEqual({ name: "LimitExceededException", status: 409 });
});

test("a trust policy is evaluated: who, what, until when, and a Deny wins", async () => {
  const denied = { name: "AccessDenied", status: 403 };
  const end = new Date(NOON + 60_000).toISOString();
  await trust(allow(user("maya"), { Condition: { DateLessThan: { "aws:CurrentTime": end } } }));
  await expect(assume("maya")).resolves.toMatchObject({ Credentials: { AccessKeyId: expect.stringMatching(/^ASIA/) } });
  expect(await refusal(assume("omar"))).toEqual(denied);
  await sandbox.send("POST", "/_clock", { at: end });
  expect(await refusal(assume("maya"))).toEqual(denied);

  await trust(allow("*", { Condition: { StringEquals: { "aws:username": ["omar", "lena"] } } }));
  await expect(assume("omar")).resolves.toBeDefined();
  expect(await refusal(assume("maya"))).toEqual(denied);

  await trust(allow("*"), { ...allow(user("omar")), Effect: "Deny" });
  await expect(assume("maya")).resolves.toBeDefined();
  expect(await refusal(assume("omar"))).toEqual(denied);

  await trust(allow("*", { Condition: { IpAddress: { "aws:SourceIp": "127.0.0.1" } } }));
  expect(await refusal(assume("maya"))).toEqual(denied);
});

test("a session lasts between a quarter of an hour and the role's longest", async () => {
  await trust(allow(user("maya")));
  const { Credentials } = await assume("maya", { DurationSeconds: 900 });
  expect(Credentials?.Expiration?.getTime()).toBe(NOON + 900_000);
  for (const DurationSeconds of [899, 3_601])
    expect(await refusal(assume("maya", { DurationSeconds }))).toEqual({ name: "ValidationError", status: 400 });
});

test("a new user of an old name inherits nothing, and the policy must be cleaned before it is saved again", async () => {
  await iam.send(new Iam.CreateUserCommand({ UserName: "leaver" }));
  await trust(allow(user("leaver")));
  await iam.send(new Iam.DeleteUserCommand({ UserName: "leaver" }));
  await iam.send(new Iam.CreateUserCommand({ UserName: "leaver" }));
  expect(await refusal(assume("leaver"))).toEqual({ name: "AccessDenied", status: 403 });

  const { Role } = await iam.send(new Iam.GetRoleCommand({ RoleName: ROLE }));
  const PolicyDocument = decodeURIComponent(Role?.AssumeRolePolicyDocument ?? "");
  expect(PolicyDocument).toMatch(/AIDASANDBOX/);
  const call = iam.send(new Iam.UpdateAssumeRolePolicyCommand({ RoleName: ROLE, PolicyDocument }));
  expect(await refusal(call)).toEqual({ name: "MalformedPolicyDocumentException", status: 400 });
});

test("a reset brings the seed back", async () => {
  await iam.send(new Iam.AddUserToGroupCommand({ GroupName: "payments-owner", UserName: "lena" }));
  expect((await sandbox.state()).aws.groups["payments-owner"]).toEqual(["lena"]);
  await sandbox.send("POST", "/_reset");
  expect((await sandbox.state()).aws.groups).toMatchObject({ "payments-owner": [], "billing-read": ["maya"] });
});
