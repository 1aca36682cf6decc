import "server-only";
import * as access from "../answers/access-answers.ts";
import { dashboardAnswer } from "../answers/dashboard-answer.ts";
import * as requests from "../answers/request-answers.ts";
import * as schemas from "../api-schemas.ts";
import type { Operation } from "./operation.ts";

export const ACCESS_OPERATIONS: readonly Operation[] = [
  {
    method: "get",
    path: "/grants",
    summary: "Grants that you may see, newest first",
    scope: "grants:read",
    query: schemas.grantsQuery,
    answer: access.grantPage,
  },
  {
    method: "get",
    path: "/grants/{id}",
    summary: "One grant with its bindings, end-stops and receipts",
    scope: "grants:read",
    answer: access.grantDetail,
  },
  {
    method: "post",
    path: "/grants/{id}/revoke",
    summary: "Take it back, as owner or admin",
    scope: "grants:write",
    body: schemas.revocation,
    status: 204,
  },
  {
    method: "post",
    path: "/grants/{id}/extend",
    summary: "Ask to go on where your own ends, without a gap; gives the request",
    scope: "requests:write",
    body: schemas.extension,
    status: 201,
    answer: requests.requestMade,
  },
  {
    method: "post",
    path: "/grants/{id}/release",
    summary: "Give your own back early",
    scope: "grants:write",
    status: 204,
  },
  {
    method: "get",
    path: "/dashboard",
    summary: "The figures of the overview, of the roles that you own, or of all as admin or auditor",
    scope: "grants:read",
    query: schemas.dashboardQuery,
    answer: dashboardAnswer,
  },
  {
    method: "get",
    path: "/drift",
    summary: "What is not as Daypass made it, newest first; kept=true: access that is kept as an exception",
    scope: "grants:read",
    query: schemas.driftQuery,
    answer: access.findingPage,
  },
  {
    method: "post",
    path: "/drift/{id}/keep",
    summary: "Let access behind no grant stay until a day, as owner or admin",
    scope: "grants:write",
    body: schemas.keeping,
    status: 204,
  },
  {
    method: "post",
    path: "/drift/{id}/remove",
    summary: "Have access behind no grant removed, as owner or admin",
    scope: "grants:write",
    body: schemas.revocation,
    status: 204,
  },
];
