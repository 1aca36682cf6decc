/** An AWS error by its wire code. Codes and statuses: the IAM and STS service models. */
export class AwsRefusal extends Error {
  readonly code: string;
  readonly status: number;

  constructor(code: string, status: number, message: string) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

export function noSuchEntity(what: string, name: string): AwsRefusal {
  return new AwsRefusal("NoSuchEntity", 404, `The ${what} with name ${name} cannot be found.`);
}

export function alreadyExists(what: string, name: string): AwsRefusal {
  return new AwsRefusal("EntityAlreadyExists", 409, `${what} with name ${name} already exists.`);
}

export function invalid(message: string): AwsRefusal {
  return new AwsRefusal("ValidationError", 400, message);
}
