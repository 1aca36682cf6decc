import type { World } from "../world.ts";
import { invalid, noSuchEntity } from "./refusal.ts";
import type { AwsState, IamGroup, IamRole, IamUser } from "./state.ts";
import type { Xml } from "./xml.ts";

export type Form = Readonly<Record<string, string>>;

/** Whose access key signed the call. Only Daypass's own may change anything. */
export type Caller = { readonly arn: string; readonly id: string; readonly name: string; readonly isDaypass: boolean };

/** One operation: takes the form that the SDK sent, gives what is inside `<…Result>`. */
type Action = (world: World, form: Form, caller: Caller) => Xml;

export type Actions = Readonly<Record<string, Action>>;

const NAME = /^[\w+=,.@-]+$/;

/** IAM's own pages: `MaxItems` (100), `Marker`, `IsTruncated`. */
export function page<T>(items: readonly T[], form: Form, name: string, xml: (item: T) => Xml) {
  const size = Number(form.MaxItems ?? 100);
  const from = Number(form.Marker ?? 0);
  if (!(size >= 1 && size <= 1_000) || !(from >= 0)) throw invalid("Invalid Marker or MaxItems");
  const isTruncated = from + size < items.length;
  return {
    [name]: items.slice(from, from + size).map(xml),
    IsTruncated: isTruncated,
    ...(isTruncated ? { Marker: String(from + size) } : {}),
  };
}

/** The name for something new. @throws AwsRefusal ValidationError when IAM would not take it. */
export function newName(form: Form, field: "UserName" | "GroupName" | "RoleName"): string {
  const name = form[field] ?? "";
  const longest = field === "GroupName" ? 128 : 64;
  if (!NAME.test(name) || name.length > longest) throw invalid(`The specified value for ${field} is invalid.`);
  return name;
}

export function userNamed(aws: AwsState, form: Form): IamUser {
  return named(aws.users, form.UserName, "user");
}

export function groupNamed(aws: AwsState, form: Form): IamGroup {
  return named(aws.groups, form.GroupName, "group");
}

export function roleNamed(aws: AwsState, form: Form): IamRole {
  return named(aws.roles, form.RoleName, "role");
}

function named<T>(map: ReadonlyMap<string, T>, name: string | undefined, what: string): T {
  if (name === undefined || name === "") throw invalid(`A ${what} name is missing.`);
  const found = map.get(name.toLowerCase());
  if (!found) throw noSuchEntity(what, name);
  return found;
}
