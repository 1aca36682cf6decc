import "server-only";
import * as access from "../answers/access-answers.ts";
import * as history from "../answers/history-answers.ts";
import * as schemas from "../api-schemas.ts";
import { EXPORT_TYPES } from "../export-history.ts";
import type { Operation } from "./operation.ts";

export const HISTORY_OPERATIONS: readonly Operation[] = [
  { method: "get", path: "/me", summary: "Who the token belongs to", scope: null, answer: history.me },
  {
    method: "get",
    path: "/history",
    summary: "What happened, newest first",
    scope: "history:read",
    query: schemas.historyQuery,
    answer: history.historyPage,
  },
  {
    method: "get",
    path: "/history/export",
    summary:
      "What you may see of the history, oldest first, streamed; evidence takes a request or a quarter like 2026-Q4",
    scope: "history:read",
    query: schemas.exportQuery,
    answer: history.exported,
    types: EXPORT_TYPES,
  },
  {
    method: "get",
    path: "/history/checkpoints",
    summary: "Signed points of the chain, newest first, and the public keys to check them with",
    scope: "history:read",
    query: schemas.checkpointsQuery,
    answer: history.checkpointPage,
  },
  {
    method: "get",
    path: "/history/access",
    summary: "Who held what through Daypass at a past moment, at a place or of a person",
    scope: "history:read",
    query: schemas.accessQuery,
    answer: access.accessList,
  },
  {
    method: "get",
    path: "/history/{seq}",
    summary: "One change, what caused it and what it caused",
    scope: "history:read",
    answer: history.historyDetail,
  },
  {
    method: "get",
    path: "/retention",
    summary: "For how long personal fields are kept and, with ?days=, what redacting would do; for admins and auditors",
    scope: "history:read",
    query: schemas.retentionQuery,
    answer: history.retentionState,
  },
  {
    method: "post",
    path: "/retention",
    summary: "Set that; redacting more cannot be undone and waits for a second admin where four eyes are on",
    scope: "roles:write",
    body: schemas.retention,
    answer: history.retentionSet,
  },
  {
    method: "get",
    path: "/openapi.json",
    summary: "This document",
    scope: null,
    open: true,
    answer: history.description,
  },
];
