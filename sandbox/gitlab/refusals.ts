import type { ContentfulStatusCode } from "hono/utils/http-status";

/** An answer of GitLab that is not a success, with its body word for word. */
export class Refusal extends Error {
  readonly status: ContentfulStatusCode;
  readonly body: string | object;
  constructor(status: ContentfulStatusCode, body: string | object) {
    super(`GitLab answers ${status}`);
    this.name = "Refusal";
    this.status = status;
    this.body = body;
  }
}

export const unauthorized = () => new Refusal(401, { message: "401 Unauthorized" });
export const forbidden = () => new Refusal(403, { message: "403 Forbidden" });
export const notFound = (what: "Group" | "Project" | "User") => new Refusal(404, { message: `404 ${what} Not Found` });
/** A row that a lookup inside an endpoint did not find. GitLab spells this one with a small f. */
export const noSuchRow = () => new Refusal(404, { message: "404 Not found" });
export const badRequest = () => new Refusal(400, { message: "400 Bad request" });
export const conflict = (message: string) => new Refusal(409, { message });
export const methodNotAllowed = () => new Refusal(405, { message: "405 Method Not Allowed" });
export const preconditionFailed = () => new Refusal(412, { message: "412 Precondition Failed" });
export const tooManyRequests = () =>
  new Refusal(429, { message: { error: "This endpoint has been requested too many times. Try again later." } });

/** The parameters were not even looked at. */
export const badParameters = (problems: readonly string[]) => new Refusal(400, { error: problems.join(", ") });

/** The parameters made sense but the row they describe is not valid. */
export const invalidRow = (problems: Record<string, readonly string[]>) => new Refusal(400, { message: problems });
