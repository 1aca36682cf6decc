import { Problem, problemResponse } from "#lib/web/problem.ts";

function unknown(): Response {
  return problemResponse(
    new Problem(404, "not-found", "The API has nothing at this address. See /api/v1/openapi.json."),
  );
}

export { unknown as DELETE, unknown as GET, unknown as PATCH, unknown as POST, unknown as PUT };
