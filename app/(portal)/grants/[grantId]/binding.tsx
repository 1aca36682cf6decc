import { CircleCheck, CircleDashed, Clock, Minus, TriangleAlert, type LucideIcon } from "lucide-react";
import Link from "next/link";
import type { ReactNode } from "react";
import { placeAddress } from "#components/place-address.ts";
import { ProviderMark } from "#components/provider-mark.tsx";
import { Time } from "#components/time.tsx";
import { kindWords, placeWords } from "#lib/domain/words.ts";
import type { BindingDetail, GrantDetail } from "#lib/queries/grant-seen-by.ts";
import { beforeWords, standingWords, wantedWords } from "#components/standing-words.ts";

/** One place of the grant: what was there before us, what is wanted and what was seen, and what ends it. */
export function Binding({ binding, grant }: { binding: BindingDetail; grant: GrantDetail }) {
  return (
    <section className="card" aria-label={placeWords(binding)}>
      <h3 className="flex items-start gap-2.5 border-b border-line px-5 py-3.5 font-semibold">
        <span className="mt-0.5">
          <ProviderMark kind={binding.kind} />
        </span>
        <span className="min-w-0 break-words">
          {kindWords(binding.kind)}{" "}
          <Link href={placeAddress(binding)} prefetch={false} className="exact hover:underline">
            {binding.target}
          </Link>
        </span>
      </h3>
      <dl className="grid grid-cols-2 gap-x-6 gap-y-4 px-5 py-4 lg:grid-cols-[1fr_1fr_1.5fr_1fr]">
        <Fact name="Before us">{beforeWords(binding, grant.receipts)}</Fact>
        <Fact name="Wanted">{wantedWords(grant.state, binding)}</Fact>
        <Fact name="Seen">{binding.seenAt ? (binding.seen ? standingWords(binding.seen) : "Nothing") : "Unknown"}</Fact>
        <Fact name="Last look">
          {binding.seenAt ? <Time at={binding.seenAt} style="second" /> : "Not looked at yet"}
          <span className="block text-sm text-muted">
            {binding.account ? (
              <>
                account <span className="exact">{binding.account}</span>
              </>
            ) : (
              "no account any more"
            )}
          </span>
        </Fact>
      </dl>
      {binding.drift ? (
        <p className="flex items-center gap-2 px-5 pb-4 font-medium text-wait">
          <TriangleAlert aria-hidden className="size-4 shrink-0" />
          Changed by hand: {binding.drift.replaceAll("-", " ")}.
        </p>
      ) : null}
      {binding.otherGrants > 0 && binding.drift !== "removed-by-hand" ? (
        <p className="px-5 pb-4 text-muted">
          {binding.otherGrants === 1 ? "Another grant wants" : `${binding.otherGrants} other grants want`} this place
          too. It stays until the last of them ends.
        </p>
      ) : null}
      <div className="border-t border-line px-5 py-4">
        <h4 className="mb-1.5 text-sm text-muted">End-stops</h4>
        <EndStops binding={binding} grant={grant} />
      </div>
    </section>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="min-w-0">
      <dt className="text-sm text-muted">{name}</dt>
      <dd className="font-medium break-words">{children}</dd>
    </div>
  );
}

type Stop = { icon: LucideIcon; tone: string; name: string; state: ReactNode };

const DONE = { icon: CircleCheck, tone: "text-good" };
const SET = { icon: Clock, tone: "text-accent" };
const OPEN = { icon: CircleDashed, tone: "text-muted" };
const NONE = { icon: Minus, tone: "text-muted" };

function EndStops({ binding, grant }: { binding: BindingDetail; grant: GrantDetail }) {
  const stops: Stop[] = [workerStop(binding, grant), providerStop(binding), sessionStop(binding)];
  return (
    <ul className="grid gap-1">
      {stops.map(({ icon: Icon, tone, name, state }) => (
        <li key={name} className="flex items-start gap-2">
          <Icon aria-hidden className={`mt-1 size-4 shrink-0 ${tone}`} />
          <span>
            {name}: <span className="text-muted">{state}</span>
          </span>
        </li>
      ))}
    </ul>
  );
}

function workerStop({ goneAt, otherGrants }: BindingDetail, { endsAt, endingAt }: GrantDetail): Stop {
  const name = "Worker";
  if (goneAt)
    return {
      ...DONE,
      name,
      state: (
        <>
          looked, and it is gone since <Time at={goneAt} style="second" />
        </>
      ),
    };
  if (endingAt) return { ...SET, name, state: "is removing it" };
  return {
    ...SET,
    name,
    state: (
      <>
        {otherGrants > 0 ? "ends this grant’s part" : "removes it"} at <Time at={endsAt} style="second" />
      </>
    ),
  };
}

function providerStop({ kind, goneAt, seen }: BindingDetail): Stop {
  const name = "Provider’s own expiry";
  if (kind === "aws-iam-group") return { ...NONE, name, state: "AWS has none for group members" };
  if (goneAt) return { ...NONE, name, state: "not needed any more" };
  const until = seen?.state === "present" ? seen.until : null;
  return until ? { ...SET, name, state: `set to ${until}` } : { ...OPEN, name, state: "not set yet" };
}

/** Group members act with their own keys, which lose the right with the membership; a role's sessions live on. */
function sessionStop({ kind }: BindingDetail): Stop {
  const name = "Session cut";
  return kind === "aws-iam-role"
    ? { ...OPEN, name, state: "not done; a session that was opened before the end lives as long as AWS lets it" }
    : { ...NONE, name, state: "not needed here" };
}
