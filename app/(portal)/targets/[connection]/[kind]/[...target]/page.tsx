import type { Metadata } from "next";
import Link from "next/link";
import { notFound } from "next/navigation";
import { Holders } from "#components/holders.tsx";
import { placeIn } from "#components/place-address.ts";
import { Thread } from "#components/thread.tsx";
import { Time } from "#components/time.tsx";
import { LinkButton } from "#components/ui/link-button.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { PageHeader, Section } from "#components/ui/page.tsx";
import { isPlaceKind, isTargetOf, providerOf, type Place } from "#lib/domain/entitlement.ts";
import { kindWords, levelWords } from "#lib/domain/words.ts";
import { seesAll } from "#lib/domain/viewer.ts";
import { historySeenBy } from "#lib/queries/history-seen-by.ts";
import { placeSeenBy, type PlaceDetail } from "#lib/queries/place-seen-by.ts";
import { webDb } from "#lib/web/db.ts";
import { requireViewer } from "#lib/web/session.ts";

export const metadata: Metadata = { title: "Place" };

const LATELY = 15;

type Params = { connection: string; kind: string; target: string[] };

export default async function PlacePage({ params }: { params: Promise<Params> }) {
  const { connection, kind, target } = await params;
  const viewer = await requireViewer(`/targets/${[connection, kind, ...target].join("/")}`);
  const place = knownPlace([connection, kind, ...target]);
  const db = webDb();
  const found = place ? await placeSeenBy(viewer, place, { db }) : null;
  if (!place || !found) notFound();
  const provider = providerOf(place.kind);
  const story = await historySeenBy(viewer, { target: place.target, provider, limit: LATELY }, { db });
  const name = encodeURIComponent(place.target);
  return (
    <>
      <PageHeader
        title={place.target}
        lead={`${kindWords(place.kind)}, at ${place.connection}`}
        actions={<LinkButton href={`/history/access?place=${name}`}>Who had it at a time</LinkButton>}
      />
      {found.missingSince ? (
        <Notice tone="wait">
          The provider has had no such place since <Time at={found.missingSince} now={found.now} />.
        </Notice>
      ) : null}
      <Section title="Who has it through Daypass, now or soon">
        <Holders
          grants={found.open}
          now={found.now}
          by="both"
          empty={seesAll(viewer) ? "Nobody." : "Nobody that you may see."}
        />
      </Section>
      <Section title="Which roles give it">
        <Roles roles={found.roles} />
      </Section>
      <Section
        title="What happened here"
        aside={
          <Link href={`/history?target=${name}&provider=${provider}`} prefetch={false} className="link">
            All of it
          </Link>
        }
      >
        <Thread entries={story} withDay />
      </Section>
    </>
  );
}

function knownPlace(parts: readonly string[]): Place | null {
  const place = placeIn(parts);
  if (!place || !isPlaceKind(place.kind) || !isTargetOf(place.kind, place.target)) return null;
  // No row can hold a NUL.
  return place.connection.includes("\0") ? null : { ...place, kind: place.kind };
}

function Roles({ roles }: Pick<PlaceDetail, "roles">) {
  if (roles.length === 0) return <p className="text-muted">None in force that you may see.</p>;
  return (
    <ul className="card rows">
      {roles.map(({ slug, name, level }) => (
        <li key={slug} className="flex flex-wrap items-center justify-between gap-2 px-4 py-3">
          <Link href={`/roles/${slug}`} prefetch={false} className="font-medium break-words hover:underline">
            {name}
          </Link>
          <span className="text-muted">{levelWords(level)}</span>
        </li>
      ))}
    </ul>
  );
}
