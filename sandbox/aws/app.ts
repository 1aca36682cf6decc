import { randomUUID } from "node:crypto";
import { Hono } from "hono";
import type { World } from "../world.ts";
import { ACTIONS } from "./actions.ts";
import { AwsRefusal } from "./refusal.ts";
import { element } from "./xml.ts";

export const ACCESS_KEY_ID = "AKIASANDBOXDAYPASS01";

const NAMESPACE: Readonly<Record<string, string>> = {
  "2010-05-08": "https://iam.amazonaws.com/doc/2010-05-08/",
  "2011-06-15": "https://sts.amazonaws.com/doc/2011-06-15/",
};

/** IAM and STS as the AWS SDKs speak to them: the Query protocol, a form in and XML out. Signatures are not verified. */
export function awsApp(world: World): Hono {
  const app = new Hono();
  app.post("*", async (call) => {
    const form = Object.fromEntries(new URLSearchParams(await call.req.text()));
    const requestId = randomUUID();
    call.header("x-amzn-requestid", requestId);
    call.header("content-type", "text/xml");
    try {
      checkKey(call.req.header("authorization"));
      const action = form.Action ?? "";
      const run = Object.hasOwn(ACTIONS, action) ? ACTIONS[action] : undefined;
      if (!run) throw new AwsRefusal("InvalidAction", 400, `Could not find operation ${action} for version ${form.Version}`);
      const result = element(`${action}Result`, run(world, form));
      const metadata = element("ResponseMetadata", { RequestId: requestId });
      const namespace = NAMESPACE[form.Version ?? ""] ?? "";
      return call.body(`<${action}Response xmlns="${namespace}">${result}${metadata}</${action}Response>`);
    } catch (error) {
      if (!(error instanceof AwsRefusal)) throw error;
      const { code, message, status } = error;
      const type = status >= 500 ? "Receiver" : "Sender";
      const inner = element("Error", { Type: type, Code: code, Message: message });
      return call.body(`<ErrorResponse>${inner}${element("RequestId", requestId)}</ErrorResponse>`, status as 400);
    }
  });
  return app;
}

function checkKey(authorization: string | undefined): void {
  if (authorization === undefined) throw new AwsRefusal("MissingAuthenticationToken", 403, "Missing Authentication Token");
  const [, key] = /^AWS4-HMAC-SHA256 Credential=([^/]+)\/\d{8}\/[\w-]+\/(?:iam|sts)\/aws4_request,/.exec(authorization) ?? [];
  if (key !== ACCESS_KEY_ID)
    throw new AwsRefusal("InvalidClientTokenId", 403, "The security token included in the request is invalid.");
}
