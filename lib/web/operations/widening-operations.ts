import "server-only";
import * as roles from "../answers/role-answers.ts";
import * as schemas from "../api-schemas.ts";
import type { Operation } from "./operation.ts";

export const WIDENING_OPERATIONS: readonly Operation[] = [
  {
    method: "get",
    path: "/widenings",
    summary: "What was proposed to give more, newest first; awaiting=true: what you may decide",
    scope: "roles:read",
    query: schemas.wideningsQuery,
    answer: roles.wideningPage,
  },
  {
    method: "get",
    path: "/widenings/{id}",
    summary: "One of them, with what it would add",
    scope: "roles:read",
    answer: roles.widening,
  },
  {
    method: "post",
    path: "/widenings/{id}/approve",
    summary: "Approve as the second person: it is in force at once",
    scope: "approvals:write",
    body: schemas.note,
    status: 204,
  },
  {
    method: "post",
    path: "/widenings/{id}/deny",
    summary: "Deny",
    scope: "approvals:write",
    body: schemas.note,
    status: 204,
  },
  {
    method: "post",
    path: "/widenings/{id}/withdraw",
    summary: "Withdraw what you proposed",
    scope: "roles:write",
    status: 204,
  },
  {
    method: "get",
    path: "/four-eyes",
    summary: "Whether what gives more waits for a second person, for admins and auditors",
    scope: "roles:read",
    answer: roles.fourEyesState,
  },
  {
    method: "post",
    path: "/four-eyes",
    summary: "Switch that; switching it off waits for a second person itself",
    scope: "roles:write",
    body: schemas.fourEyes,
    answer: roles.fourEyesSwitched,
  },
];
