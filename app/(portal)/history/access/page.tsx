import type { Metadata } from "next";
import Link from "next/link";
import { z } from "zod";
import { placeAddress } from "#components/place-address.ts";
import { ProviderMark } from "#components/provider-mark.tsx";
import { Time, viewerZone } from "#components/time.tsx";
import { Button } from "#components/ui/button.tsx";
import { Field } from "#components/ui/field.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { Empty, PageHeader } from "#components/ui/page.tsx";
import { levelWords, placeWords } from "#lib/domain/words.ts";
import { momentIn } from "#lib/domain/zone.ts";
import { accessAt, type AccessAt } from "#lib/queries/access-at.ts";
import { clockNow } from "#lib/queries/clock-now.ts";
import { personNamed } from "#lib/queries/people.ts";
import { webDb } from "#lib/web/db.ts";
import { requireViewer } from "#lib/web/session.ts";

export const metadata: Metadata = { title: "Who had access" };

const SHOWN = 200;

const text = z
  .string()
  .trim()
  .max(255)
  .regex(/^[^\0]*$/)
  .catch("");
const query = z.object({ place: text, person: text, at: text });
type Asked = z.output<typeof query>;

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> };

export default async function AccessAtPage({ searchParams }: Props) {
  const viewer = await requireViewer("/history/access");
  const db = webDb();
  const asked = query.parse(await searchParams);
  const [now, person] = await Promise.all([
    clockNow({ db }),
    asked.person ? personNamed(asked.person, { db }) : undefined,
  ]);
  const at = asked.at ? momentIn(asked.at, await viewerZone()) : now;
  const isToCome = at !== null && at > now;
  const rows =
    at === null || person === null || isToCome
      ? []
      : await accessAt(viewer, { place: asked.place, person, at, limit: SHOWN }, { db });
  return (
    <>
      <PageHeader
        back={{ href: "/history", label: "History" }}
        title="Who had access"
        lead="What Daypass had given at a moment, as the history tells it. Standing access is not in it."
      />
      <Question asked={asked} />
      {at === null ? <Notice tone="bad">This is no moment that the calendar has.</Notice> : null}
      {person === null ? <Notice tone="wait">Nobody has the user name or address {asked.person}.</Notice> : null}
      {isToCome ? <Notice tone="wait">This moment is still to come: the history cannot tell of it.</Notice> : null}
      {at !== null && person !== null && !isToCome ? <Answer rows={rows} at={at} /> : null}
    </>
  );
}

function Question({ asked }: { asked: Asked }) {
  return (
    <form role="search" className="mb-6 grid items-end gap-3 sm:grid-cols-[1.4fr_1fr_auto_auto]">
      <Field name="place" label="Place" placeholder="Any group, project or role" defaultValue={asked.place} />
      <Field name="person" label="Person" placeholder="User name or e-mail" defaultValue={asked.person} />
      <Field name="at" label="When (empty: now)" type="datetime-local" step="1" defaultValue={asked.at} />
      <Button type="submit">Show</Button>
    </form>
  );
}

function Answer({ rows, at }: { rows: readonly AccessAt[]; at: Date }) {
  if (rows.length === 0) return <Empty>Nobody whom you may see had anything there then.</Empty>;
  return (
    <section>
      <h2 className="mb-2 text-base">
        <Time at={at} style="second" />
      </h2>
      <ul className="card rows">
        {rows.map((row) => (
          <Held key={row.seq} row={row} />
        ))}
      </ul>
      {rows.length === SHOWN ? (
        <p className="mt-4 text-muted">These are the first {SHOWN}. Name a place or a person to see the others.</p>
      ) : null}
    </section>
  );
}

function Held({ row }: { row: AccessAt }) {
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-3">
      <ProviderMark kind={row.kind} />
      <span className="min-w-0 grow">
        <Link href={`/people/${row.personId}`} prefetch={false} className="font-medium hover:underline">
          {row.person}
        </Link>
        , {levelWords(row.level)} of{" "}
        <Link href={placeAddress(row)} prefetch={false} className="break-words hover:underline">
          {placeWords(row)}
        </Link>
      </span>
      <span className="text-sm text-muted">
        since{" "}
        <Link href={`/history/${row.seq}`} prefetch={false} className="link">
          <Time at={row.since} style="second" />
        </Link>
        {row.grants.map((grant) => (
          <span key={grant.id}>
            , by{" "}
            <Link href={`/grants/${grant.id}`} prefetch={false} className="link">
              {grant.role}
            </Link>
          </span>
        ))}
      </span>
    </li>
  );
}
