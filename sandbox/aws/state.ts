type Entity = { readonly name: string; readonly id: string; readonly arn: string; readonly createdAt: string };
export type IamUser = Entity & { readonly accessKeyId: string; readonly tags: Map<string, string> };
export type IamGroup = Entity & { readonly members: Set<string> };
export type IamRole = Entity & { trustPolicy: string };

/** One AWS account. Maps are keyed by the lower-case name: IAM names are unique whatever their case. */
export type AwsState = {
  readonly account: string;
  readonly users: Map<string, IamUser>;
  readonly groups: Map<string, IamGroup>;
  readonly roles: Map<string, IamRole>;
  /** A new unique id with this prefix, as IAM makes them. */
  nextId(prefix: "AIDA" | "AGPA" | "AROA"): string;
  snapshot(): unknown;
  clone(): AwsState;
};

type Content = Pick<AwsState, "users" | "groups" | "roles"> & { ids: number };

const ACCOUNT = "111122223333";
const MADE = "2026-01-01T00:00:00Z";
const PEOPLE = ["maya", "omar", "lena", "noor", "ines", "theo"];
const GROUPS: Readonly<Record<string, readonly string[]>> = {
  "payments-maintainer": [],
  "payments-owner": [],
  "platform-maintainer": [],
  "data-developer": [],
  "billing-read": ["maya"],
};
const ROLES = ["payments-deployer", "platform-deployer"];

/** The sandbox's account as it is after a reset. */
export function createAwsState(): AwsState {
  const state = stateOf({ users: new Map(), groups: new Map(), roles: new Map(), ids: 0 });
  for (const name of PEOPLE) addUser(state, name, MADE);
  for (const [name, members] of Object.entries(GROUPS)) {
    const group = addGroup(state, name, MADE);
    for (const member of members) group.members.add(member);
  }
  for (const name of ROLES) addRole(state, name, initialTrust(), MADE);
  return state;
}

/** Every user has one access key, `AKIASANDBOX` and the name in capitals, to try out what they may do. */
export function addUser(state: AwsState, name: string, createdAt: string): IamUser {
  const accessKeyId = `AKIASANDBOX${name.toUpperCase().replaceAll(/[^A-Z0-9]/g, "")}`;
  const user = { ...entity(state, "AIDA", name, createdAt), accessKeyId, tags: new Map<string, string>() };
  state.users.set(name.toLowerCase(), user);
  return user;
}

export function renameUser(state: AwsState, user: IamUser, name: string): void {
  const arn = user.arn.slice(0, -user.name.length) + name;
  for (const group of groupsOf(state, user)) {
    group.members.delete(user.name);
    group.members.add(name);
  }
  for (const role of state.roles.values())
    role.trustPolicy = role.trustPolicy.replaceAll(JSON.stringify(user.arn), JSON.stringify(arn));
  state.users.delete(user.name.toLowerCase());
  state.users.set(name.toLowerCase(), { ...user, name, arn });
}

export function addGroup(state: AwsState, name: string, createdAt: string): IamGroup {
  const group = { ...entity(state, "AGPA", name, createdAt), members: new Set<string>() };
  state.groups.set(name.toLowerCase(), group);
  return group;
}

export function addRole(state: AwsState, name: string, trustPolicy: string, createdAt: string): IamRole {
  const role = { ...entity(state, "AROA", name, createdAt), trustPolicy };
  state.roles.set(name.toLowerCase(), role);
  return role;
}

export function groupsOf(state: AwsState, user: IamUser): IamGroup[] {
  return [...state.groups.values()].filter((group) => group.members.has(user.name));
}

const RESOURCES = { AIDA: "user", AGPA: "group", AROA: "role" } as const;

function entity(state: AwsState, prefix: keyof typeof RESOURCES, name: string, createdAt: string): Entity {
  return { name, id: state.nextId(prefix), arn: `arn:aws:iam::${ACCOUNT}:${RESOURCES[prefix]}/${name}`, createdAt };
}

function stateOf(content: Content): AwsState {
  const { users, groups, roles } = content;
  return {
    account: ACCOUNT,
    users,
    groups,
    roles,
    nextId(prefix) {
      content.ids += 1;
      return `${prefix}SANDBOX${String(content.ids).padStart(10, "0")}`;
    },
    snapshot: () => ({
      account: ACCOUNT,
      users: [...users.values()].map((user) => user.name),
      groups: Object.fromEntries([...groups.values()].map((group) => [group.name, [...group.members].sort()])),
      roles: Object.fromEntries(
        [...roles.values()].map((role) => [role.name, JSON.parse(role.trustPolicy) as unknown]),
      ),
    }),
    clone: () => stateOf(structuredClone(content)),
  };
}

/** Somebody else's statement, which Daypass must leave alone. */
function initialTrust(): string {
  const principal = { Service: "ecs-tasks.amazonaws.com" };
  const statement = { Sid: "Tasks", Effect: "Allow", Principal: principal, Action: "sts:AssumeRole" };
  return JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
}
