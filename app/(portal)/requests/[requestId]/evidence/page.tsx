import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { ChainProof } from "#components/chain-proof.tsx";
import { EvidenceFacts } from "#components/evidence-facts.tsx";
import { ExportForm } from "#components/export-form.tsx";
import { PageHeader, Section } from "#components/ui/page.tsx";
import { evidenceOfRequest } from "#lib/queries/evidence.ts";
import { webDb } from "#lib/web/db.ts";
import { requireViewer } from "#lib/web/session.ts";

export const metadata: Metadata = { title: "Evidence" };

type Props = { params: Promise<{ requestId: string }> };

/** All that the history proves of one request, on paper too. */
export default async function EvidencePage({ params }: Props) {
  const { requestId } = await params;
  const viewer = await requireViewer(`/requests/${requestId}/evidence`);
  const found = await evidenceOfRequest(viewer, requestId, { db: webDb() });
  if (!found) notFound();
  return (
    <>
      <PageHeader
        back={{ href: `/requests/${requestId}`, label: "The request" }}
        title="Evidence of one request"
        lead={
          <>
            Request <span className="exact">{requestId}</span>, as the history tells it
          </>
        }
        actions={<ExportForm fields={{ format: "evidence", request: requestId }} label="As JSON, to verify" />}
      />
      <div className="card p-5">
        <EvidenceFacts evidence={found.evidence} />
      </div>
      <Section title="Proof">
        <ChainProof entries={found.entries} signature={found.signature} />
      </Section>
    </>
  );
}
