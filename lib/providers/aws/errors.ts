import { IAMServiceException, NoSuchEntityException } from "@aws-sdk/client-iam";
import { CouldNotTell, ProviderBusy, ProviderRefused, type Answer } from "../provider.ts";

/** AWS says that it throttles, not for how long. */
const WAIT_MS = 2_000;
const WORDS_MAX = 2_000;

const THROTTLED = new Set(["Throttling", "ThrottlingException", "TooManyRequestsException", "RequestLimitExceeded"]);

/** About our own credentials or clock, or for AWS to settle first: they say nothing of what was asked. */
const UNSETTLED = new Set([
  "ConcurrentModification",
  "ConcurrentModificationException",
  "EntityTemporarilyUnmodifiable",
  "EntityTemporarilyUnmodifiableException",
  "ExpiredToken",
  "ExpiredTokenException",
  "IncompleteSignature",
  "InvalidClientTokenId",
  "MissingAuthenticationToken",
  "RequestExpired",
  "SignatureDoesNotMatch",
  "UnrecognizedClientException",
]);

/** AWS said that the user, the group or the role is not there, or that the user is not in the group. */
export class NoSuchEntity extends ProviderRefused {}

/** AWS's own words name the user, and an answer is kept for ever. */
export const NOTHING_THERE = "AWS: NoSuchEntity, there was nothing to remove";

type Answered = { readonly $metadata: { readonly requestId?: string | undefined } };

/** The answer to a write, for the receipt: AWS gives nothing but the number of the request. */
export async function written(call: Promise<Answered>): Promise<Answer> {
  const { $metadata } = await answerOf(call);
  return { status: 200, words: `AWS: request ${$metadata.requestId ?? ""}` };
}

/**
 * What AWS answered. Rejects with one of the port's errors instead of the SDK's.
 * @throws CouldNotTell also for an answer without AWS's request id, which some machine on the way must have given.
 */
export async function answerOf<T extends Answered>(call: Promise<T>): Promise<T> {
  const answer = await call.catch((error: unknown) => {
    throw portError(error);
  });
  if (!answer.$metadata.requestId) throw new CouldNotTell("AWS's answer makes no sense");
  return answer;
}

/** Names and statuses: the IAM service model and the errors common to all of AWS. */
function portError(error: unknown): Error {
  // The SDK makes a service exception of any answer; only one with a code in it is AWS's own.
  if (!(error instanceof IAMServiceException) || !("Code" in error)) return unanswered(error);
  const { name, message, $metadata } = error;
  const status = $metadata.httpStatusCode ?? 0;
  const words = `AWS: ${name}: ${message}`.slice(0, WORDS_MAX);
  if (THROTTLED.has(name) || status === 429) return new ProviderBusy(words, WAIT_MS);
  if (UNSETTLED.has(name) || status < 400 || status >= 500) return new CouldNotTell(words, { cause: error });
  return error instanceof NoSuchEntityException ? new NoSuchEntity(words, status) : new ProviderRefused(words, status);
}

function unanswered(cause: unknown): CouldNotTell {
  const isOurs = cause instanceof Error && cause.name === "CredentialsProviderError";
  return new CouldNotTell(isOurs ? "Daypass has no AWS credentials" : "AWS did not answer", { cause });
}
