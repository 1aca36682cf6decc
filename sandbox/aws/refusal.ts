import type { ContentfulStatusCode } from "hono/utils/http-status";

/** An AWS error by its wire code. Codes and statuses: the IAM and STS service models. */
export class AwsRefusal extends Error {
  readonly code: string;
  readonly status: ContentfulStatusCode;

  constructor(code: string, status: ContentfulStatusCode, message: string) {
    super(message);
    this.name = "AwsRefusal";
    this.code = code;
    this.status = status;
  }
}

export const noSuchEntity = (what: string, name: string) =>
  new AwsRefusal("NoSuchEntity", 404, `The ${what} with name ${name} cannot be found.`);
export const alreadyExists = (what: string, name: string) =>
  new AwsRefusal("EntityAlreadyExists", 409, `${what} with name ${name} already exists.`);
export const deleteConflict = (why: string) => new AwsRefusal("DeleteConflict", 409, `Cannot delete entity, ${why}.`);
export const limitExceeded = (quota: string, limit: number) =>
  new AwsRefusal("LimitExceeded", 409, `Cannot exceed quota for ${quota}: ${limit}`);
export const malformedPolicy = (message: string) => new AwsRefusal("MalformedPolicyDocument", 400, message);
export const invalid = (message: string) => new AwsRefusal("ValidationError", 400, message);
export const accessDenied = (arn: string, action: string, resource: string) =>
  new AwsRefusal("AccessDenied", 403, `User: ${arn} is not authorized to perform: ${action} on resource: ${resource}`);
