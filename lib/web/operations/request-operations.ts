import "server-only";
import * as requests from "../answers/request-answers.ts";
import * as schemas from "../api-schemas.ts";
import type { Operation } from "./operation.ts";

export const REQUEST_OPERATIONS: readonly Operation[] = [
  {
    method: "get",
    path: "/requests",
    summary: "Requests that you may see, newest first; awaiting=true: those that you may decide, oldest first",
    scope: "requests:read",
    query: schemas.requestsQuery,
    answer: requests.requestPage,
  },
  {
    method: "post",
    path: "/requests",
    summary: "Ask for a role",
    scope: "requests:write",
    body: schemas.newRequest,
    status: 201,
    answer: requests.requestMade,
  },
  {
    method: "get",
    path: "/requests/{id}",
    summary: "One request",
    scope: "requests:read",
    answer: requests.requestDetail,
  },
  {
    method: "post",
    path: "/requests/{id}/approve",
    summary: "Approve, for at most the time that was asked",
    scope: "approvals:write",
    body: schemas.approval,
    answer: requests.approved,
  },
  {
    method: "post",
    path: "/requests/{id}/deny",
    summary: "Deny",
    scope: "approvals:write",
    body: schemas.note,
    status: 204,
  },
  {
    method: "post",
    path: "/requests/{id}/withdraw",
    summary: "Withdraw your own",
    scope: "requests:write",
    status: 204,
  },
];
