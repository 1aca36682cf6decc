import { Time } from "./time.tsx";

/** Says since when names and reasons are gone from here, and that it was the policy. */
export function Redacted({ at }: { at: Date }) {
  return (
    <span>
      redacted on <Time at={at} style="day" /> by policy
    </span>
  );
}
