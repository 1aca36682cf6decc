import { ACCESS_KEY_ID, awsApp } from "./aws/app.ts";
import type { World } from "./world.ts";

/** One call to the sandbox's AWS from inside, in the wire format of the SDKs. */
export async function callAws(world: World, form: Readonly<Record<string, string>>): Promise<void> {
  const response = await awsApp(world).request("/", {
    method: "POST",
    headers: {
      "content-type": "application/x-www-form-urlencoded",
      authorization: `AWS4-HMAC-SHA256 Credential=${ACCESS_KEY_ID}/20260101/eu-central-1/iam/aws4_request, Signature=inside`,
    },
    body: new URLSearchParams({ ...form, Version: "2010-05-08" }).toString(),
  });
  if (!response.ok) throw new Error(`The sandbox's AWS refused ${form["Action"] ?? ""}: ${await response.text()}`);
}
