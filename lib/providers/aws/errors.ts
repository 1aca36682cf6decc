import { CouldNotTell, ProviderBusy, ProviderRefused } from "../provider.ts";

/** AWS says that it throttles, not for how long. */
const WAIT_MS = 2_000;

type AwsError = Error & { readonly $metadata: { readonly httpStatusCode?: number } };

/** An error of the SDK in the port's three kinds. Names from the IAM and STS service models. */
export function errorOf(error: unknown): Error {
  if (error instanceof CouldNotTell || error instanceof ProviderRefused || error instanceof ProviderBusy) return error;
  if (!isAwsError(error)) return new CouldNotTell("AWS did not answer", { cause: error });
  const words = `AWS: ${error.name}: ${error.message}`.slice(0, 2_000);
  const status = error.$metadata.httpStatusCode ?? 0;
  if (/Throttl|TooManyRequests|RequestLimitExceeded/.test(error.name) || status === 429)
    return new ProviderBusy(words, WAIT_MS);
  // Ours to mend, or for AWS to settle; it says nothing of what was asked.
  if (
    /InvalidClientTokenId|SignatureDoesNotMatch|ExpiredToken|EntityTemporarilyUnmodifiable|ConcurrentModification/.test(
      error.name,
    )
  )
    return new CouldNotTell(words, { cause: error });
  return status >= 400 && status < 500 ? new ProviderRefused(words, status) : new CouldNotTell(words, { cause: error });
}

function isAwsError(error: unknown): error is AwsError {
  // A broken answer also carries metadata, but no status of its own, and the SDK marks it as retryable noise.
  return error instanceof Error && "$fault" in error && "$metadata" in error && error.name !== "Error";
}
