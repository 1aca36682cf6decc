import "server-only";
import * as roles from "../answers/role-answers.ts";
import * as schemas from "../api-schemas.ts";
import type { Operation } from "./operation.ts";

export const ROLE_OPERATIONS: readonly Operation[] = [
  {
    method: "get",
    path: "/roles",
    summary: "Roles that you may ask for, own or watch over, by slug",
    scope: "roles:read",
    query: schemas.rolesQuery,
    answer: roles.rolePage,
  },
  {
    method: "post",
    path: "/roles",
    summary: "Make a role",
    scope: "roles:write",
    body: schemas.newRole,
    status: 201,
    answer: roles.roleChanged,
  },
  {
    method: "get",
    path: "/roles/{slug}",
    summary: "One role; its version is the ETag",
    scope: "roles:read",
    answer: roles.roleDetail,
  },
  {
    method: "put",
    path: "/roles/{slug}",
    summary: "Publish the next version; send the version that you looked at as If-Match",
    scope: "roles:write",
    body: schemas.editedRole,
    answer: roles.roleChanged,
  },
  {
    method: "get",
    path: "/roles/{slug}/versions",
    summary: "Every version, newest first",
    scope: "roles:read",
    answer: roles.versionPage,
  },
  {
    method: "post",
    path: "/roles/{slug}/rollback",
    summary: "Publish what an older version said; dryRun only tells what would happen",
    scope: "roles:write",
    body: schemas.rollback,
    answer: roles.roleRollback,
  },
  {
    method: "post",
    path: "/history/{seq}/rollback",
    summary: "Roll one change back, as admin; dryRun only tells what would happen and gives the basis to send back",
    scope: "roles:write",
    body: schemas.changeRollback,
    answer: roles.rollback,
  },
  {
    method: "post",
    path: "/rollback",
    summary: "Roll everything that is configured back to right after a change or to a moment, as admin",
    scope: "roles:write",
    body: schemas.pointRollback,
    answer: roles.rollback,
  },
];
