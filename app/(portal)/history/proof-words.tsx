import { Time } from "#components/time.tsx";
import { proofState } from "#lib/queries/signatures.ts";
import { webDb } from "#lib/web/db.ts";

/** How far the history is signed and with which key, and what the daily check found. */
export async function ProofWords() {
  const { keys, newest, check } = await proofState({ db: webDb() });
  return (
    <details className="mb-4 text-sm text-muted">
      <summary>
        {newest ? `Signed up to change ${newest.seq.toLocaleString("en")}` : "Not signed yet"}
        {check ? (
          <>
            {check.brokenAt === null
              ? `; daily check of ${check.good.toLocaleString("en")} changes was good, `
              : `; daily check found change ${check.brokenAt.toLocaleString("en")} broken, `}
            <Time at={check.at} />
          </>
        ) : (
          "; not checked yet"
        )}
      </summary>
      <ul className="mt-2 grid gap-1">
        {keys.map(({ id, publicKey, firstUsedAt }) => (
          <li key={id} className="break-words">
            Public key <span className="exact">{publicKey}</span>, called <span className="exact">{id}</span>, since{" "}
            <Time at={firstUsedAt} />
          </li>
        ))}
      </ul>
    </details>
  );
}
