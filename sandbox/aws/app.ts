import { randomUUID } from "node:crypto";
import { Hono } from "hono";
import type { World } from "../world.ts";
import type { Actions, Caller } from "./action.ts";
import { GROUP_ACTIONS } from "./groups.ts";
import { accessDenied, AwsRefusal } from "./refusal.ts";
import { ROLE_ACTIONS } from "./roles.ts";
import type { AwsState } from "./state.ts";
import { STS_ACTIONS } from "./sts.ts";
import { USER_ACTIONS } from "./users.ts";
import { element, type Xml } from "./xml.ts";

/** Daypass's own key. Every IAM user of the account has one too, see `addUser`. */
export const ACCESS_KEY_ID = "AKIASANDBOXDAYPASS01";

const IAM_ACTIONS: Actions = { ...USER_ACTIONS, ...GROUP_ACTIONS, ...ROLE_ACTIONS };
const SERVICES: ReadonlyMap<string, { readonly name: string; readonly actions: Actions }> = new Map([
  ["2010-05-08", { name: "iam", actions: IAM_ACTIONS }],
  ["2011-06-15", { name: "sts", actions: STS_ACTIONS }],
]);
const AUTHORIZATION =
  /^AWS4-HMAC-SHA256 Credential=(?<key>[^/]+)\/\d{8}\/[\w-]+\/(?<service>iam|sts)\/aws4_request,.*Signature=\w+/;

/**
 * IAM and STS as the AWS SDKs speak to them: the Query protocol, a form in and XML out. A call must be signed with a known
 * access key, but the signature itself is not verified.
 */
export function awsApp(world: World): Hono {
  const app = new Hono();
  app.post("*", async (call) => {
    const form = Object.fromEntries(new URLSearchParams(await call.req.text()));
    const requestId = randomUUID();
    call.header("x-amzn-requestid", requestId);
    call.header("content-type", "text/xml");
    try {
      const caller = callerOf(world.aws, call.req.header("authorization"));
      return call.body(answerTo(world, form, caller, requestId));
    } catch (error) {
      if (!(error instanceof AwsRefusal)) throw error;
      return call.body(refusalXml(error, requestId), error.status);
    }
  });
  return app;
}

function answerTo(world: World, form: Readonly<Record<string, string>>, caller: Caller, requestId: string): string {
  const { Action: action = "", Version: version = "" } = form;
  const service = SERVICES.get(version);
  const run = service && Object.hasOwn(service.actions, action) ? service.actions[action] : undefined;
  if (!service || !run)
    throw new AwsRefusal("InvalidAction", 400, `Could not find operation ${action} for version ${version}`);
  if (service.name === "iam" && !caller.isDaypass) throw accessDenied(caller.arn, `iam:${action}`, "*");

  const result: Xml = { [`${action}Result`]: run(world, form, caller), ResponseMetadata: { RequestId: requestId } };
  const xmlns = `https://${service.name}.amazonaws.com/doc/${version}/`;
  return element(`${action}Response`, result).replace(">", ` xmlns="${xmlns}">`);
}

function refusalXml({ code, message, status }: AwsRefusal, requestId: string): string {
  const type = status >= 500 ? "Receiver" : "Sender";
  return element("ErrorResponse", { Error: { Type: type, Code: code, Message: message }, RequestId: requestId });
}

function callerOf(aws: AwsState, authorization: string | undefined): Caller {
  if (authorization === undefined)
    throw new AwsRefusal("MissingAuthenticationToken", 403, "Request is missing Authentication Token");
  const signed = AUTHORIZATION.exec(authorization)?.groups;
  if (!signed) throw new AwsRefusal("IncompleteSignature", 400, "Authorization header is not a version 4 signature.");
  if (signed["key"] === ACCESS_KEY_ID) {
    const arn = `arn:aws:iam::${aws.account}:user/daypass`;
    return { arn, id: "AIDASANDBOXDAYPASS0001", name: "daypass", isDaypass: true };
  }
  const user = [...aws.users.values()].find(({ accessKeyId }) => accessKeyId === signed["key"]);
  if (!user)
    throw new AwsRefusal("InvalidClientTokenId", 403, "The security token included in the request is invalid.");
  return { ...user, isDaypass: false };
}
