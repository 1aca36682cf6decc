import { api, askFor, type Company } from "./ask.ts";
import { LATENCY_HEADINGS, latencyRow, printTable } from "./table.ts";
import { watch } from "./watch.ts";

const PREVIEWS = 30;

/**
 * A role that `holders` people hold at two places each is rolled back to a version that gives one of them: the preview, and
 * from the click until everybody lost the other place.
 */
export async function measureRollback(company: Company, holders: number, firstPerson: number): Promise<void> {
  const role = company.filled.roles[0];
  const admin = company.tokens.get("admin") ?? "";
  if (!role) return;
  await publishTwoVersions(company, role.slug, admin);
  const asked = await askFor(company, holders, firstPerson, 60, 1);
  const active = await watch(company, "grant.active", asked.length);
  for (const { id, ownerToken } of asked) await api(company, ownerToken, `/requests/${id}/approve`, {});
  await active.done;

  const previews: number[] = [];
  for (let n = 0; n < PREVIEWS; n += 1) {
    const start = performance.now();
    const body = { version: 2, dryRun: true };
    const { narrowings } = await api<{ narrowings: unknown[] }>(company, admin, `/roles/${role.slug}/rollback`, body);
    previews.push(performance.now() - start);
    if (narrowings.length !== holders) throw new Error(`the preview tells ${narrowings.length} of ${holders}`);
  }
  const removed = await watch(company, "binding.removed", asked.length);
  const start = performance.now();
  await api(company, admin, `/roles/${role.slug}/rollback`, { version: 2 });
  const clicked = performance.now() - start;
  const settled = Math.max(...(await removed.done).values()) - start;
  printTable(`Preview of a rollback, ${holders} live grants lose one place each`, LATENCY_HEADINGS, [
    latencyRow({ name: "preview", values: previews, aim: "p95 < 500" }),
  ]);
  printTable(
    "Its click",
    ["measured", "ms", "aim"],
    [
      ["click → answered", clicked.toFixed(0), ""],
      [`click → all ${holders} settled`, settled.toFixed(0), holders > 50 ? "" : "< 2000"],
    ],
  );
}

/** Version 2 gives one place, version 3 two. */
async function publishTwoVersions({ running }: Company, slug: string, admin: string): Promise<void> {
  const spec = {
    name: "Bench",
    ownerGroup: "bench/0001",
    requesterGroup: "bench/0001",
    maxMinutes: 480,
    decideWithinMinutes: 10_080,
    entitlements: [
      { connection: "gitlab", kind: "gitlab-group", target: "acme/roles/bench-0001", level: "maintainer" },
    ],
  };
  const put = async (version: number, entitlements: object[]) => {
    const answer = await fetch(`${running.url}/api/v1/roles/${slug}`, {
      method: "PUT",
      headers: { authorization: `Bearer ${admin}`, "content-type": "application/json", "if-match": `"${version}"` },
      body: JSON.stringify({ reason: "bench", spec: { ...spec, entitlements } }),
    });
    if (!answer.ok) throw new Error(await answer.text());
  };
  await put(1, spec.entitlements);
  await put(2, [
    ...spec.entitlements,
    { connection: "aws", kind: "aws-iam-group", target: "bench-0001", level: "member" },
  ]);
}
