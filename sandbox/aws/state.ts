export type IamUser = { readonly name: string; readonly id: string; readonly arn: string; readonly createdAt: string; tags: Map<string, string> };
export type IamGroup = { readonly name: string; readonly id: string; readonly arn: string; readonly createdAt: string; members: Set<string> };
export type IamRole = { readonly name: string; readonly id: string; readonly arn: string; readonly createdAt: string; trustPolicy: string };

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

export function addUser(state: AwsState, name: string, createdAt: string): IamUser {
  const arn = `arn:aws:iam::${state.account}:user/${name}`;
  const user = { name, id: state.nextId("AIDA"), arn, createdAt, tags: new Map<string, string>() };
  state.users.set(name.toLowerCase(), user);
  return user;
}

export function addGroup(state: AwsState, name: string, createdAt: string): IamGroup {
  const arn = `arn:aws:iam::${state.account}:group/${name}`;
  const group = { name, id: state.nextId("AGPA"), arn, createdAt, members: new Set<string>() };
  state.groups.set(name.toLowerCase(), group);
  return group;
}

export function addRole(state: AwsState, name: string, trustPolicy: string, createdAt: string): IamRole {
  const arn = `arn:aws:iam::${state.account}:role/${name}`;
  const role = { name, id: state.nextId("AROA"), arn, createdAt, trustPolicy };
  state.roles.set(name.toLowerCase(), role);
  return role;
}

function stateOf(content: Content): AwsState {
  return {
    account: ACCOUNT,
    users: content.users,
    groups: content.groups,
    roles: content.roles,
    nextId(prefix) {
      content.ids += 1;
      return `${prefix}SANDBOX${String(content.ids).padStart(10, "0")}`;
    },
    snapshot: () => ({
      account: ACCOUNT,
      users: [...content.users.values()].map((user) => user.name),
      groups: Object.fromEntries([...content.groups.values()].map((group) => [group.name, [...group.members].sort()])),
      roles: Object.fromEntries(
        [...content.roles.values()].map((role) => [role.name, JSON.parse(role.trustPolicy) as unknown]),
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
