import { newName, page, roleNamed, type Actions } from "./action.ts";
import { alreadyExists } from "./refusal.ts";
import { addRole, type IamRole } from "./state.ts";
import { checkTrustPolicy } from "./trust-policy.ts";
import type { Xml } from "./xml.ts";

export const MAX_SESSION_SECONDS = 3_600;

export const ROLE_ACTIONS: Actions = {
  GetRole: ({ aws }, form) => ({ Role: roleXml(roleNamed(aws, form)) }),
  ListRoles: ({ aws }, form) => page([...aws.roles.values()], form, "Roles", roleXml),
  CreateRole({ aws, clock }, form) {
    const name = newName(form, "RoleName");
    if (aws.roles.has(name.toLowerCase())) throw alreadyExists("Role", name);
    const policy = form.AssumeRolePolicyDocument ?? "";
    checkTrustPolicy(aws, policy);
    return { Role: roleXml(addRole(aws, name, policy, clock.now().toISOString())) };
  },
  DeleteRole({ aws }, form) {
    aws.roles.delete(roleNamed(aws, form).name.toLowerCase());
    return {};
  },
  // The last writer wins: IAM takes a whole document and compares it with nothing.
  UpdateAssumeRolePolicy({ aws }, form) {
    const role = roleNamed(aws, form);
    const policy = form.PolicyDocument ?? "";
    checkTrustPolicy(aws, policy);
    role.trustPolicy = policy;
    return {};
  },
};

function roleXml(role: IamRole): Xml {
  return {
    Path: "/",
    RoleName: role.name,
    RoleId: role.id,
    Arn: role.arn,
    CreateDate: role.createdAt,
    AssumeRolePolicyDocument: encodeURIComponent(role.trustPolicy),
    MaxSessionDuration: MAX_SESSION_SECONDS,
  };
}
