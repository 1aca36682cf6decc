import pg from "pg";

/** May be added to, and never changed. */
const ONLY_GROWS = [
  ...["receipt", "role_version", "entitlement", "decision"],
  ...["checkpoint", "signing_key", "chain_check"],
];
/** Any number that nothing else in this database locks: two starts at once change the same rights. */
const LOCK = 7_329_013;
/** Written by the owner's function alone, while a transaction commits. */
const CHAINED = ["change", "chain_head"];

/** The only way to take anything out of them: the owner's functions, which go by the policy. */
const REDACTING = ["redact_changes(bigint[], text[])", "redact_copies(int)"];

/**
 * Gives the role that Daypass's processes use exactly what they need. It owns nothing, so it can neither rewrite the
 * history nor take away what keeps it from that. Safe to repeat, and while others run: the rights change at once.
 */
export async function limitRole(ownerUrl: string, role: string): Promise<void> {
  const to = pg.escapeIdentifier(role);
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    await client.query(`BEGIN;
      SELECT pg_advisory_xact_lock(${LOCK});
      GRANT USAGE ON SCHEMA public, graphile_worker TO ${to};
      GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public, graphile_worker TO ${to};
      GRANT USAGE ON ALL SEQUENCES IN SCHEMA public, graphile_worker TO ${to};
      REVOKE UPDATE, DELETE ON ${ONLY_GROWS.join(", ")} FROM ${to};
      REVOKE INSERT, UPDATE, DELETE ON ${CHAINED.join(", ")} FROM ${to};
      GRANT EXECUTE ON FUNCTION ${REDACTING.join(", ")} TO ${to};
      REVOKE INSERT, UPDATE, DELETE ON _prisma_migrations, graphile_worker.migrations FROM ${to};`);
    await openQueue(client, role);
    await client.query("COMMIT");
  } finally {
    await client.end();
  }
}

/** The role that an address signs in as, and whether rights mean anything to it. */
export async function roleAt(url: string): Promise<{ readonly name: string; readonly isLimited: boolean }> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ name: string; isLimited: boolean }>(`
      SELECT current_user AS name, NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user)
        AND NOT pg_has_role((SELECT relowner FROM pg_class WHERE oid = 'change'::regclass), 'MEMBER') AS "isLimited"`);
    const [role] = rows;
    if (!role) throw new Error("the database does not say who is signed in");
    return role;
  } finally {
    await client.end();
  }
}

/** The queue's tables show their rows to their owner only, unless a policy says otherwise. */
async function openQueue(client: pg.Client, role: string): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT relname AS name FROM pg_class c WHERE relnamespace = 'graphile_worker'::regnamespace AND relrowsecurity
       AND NOT EXISTS (SELECT FROM pg_policies p
         WHERE p.schemaname = 'graphile_worker' AND p.tablename = c.relname AND p.policyname = 'daypass_' || $1)`,
    [role],
  );
  for (const { name } of rows)
    await client.query(
      `CREATE POLICY ${pg.escapeIdentifier(`daypass_${role}`)} ON graphile_worker.${pg.escapeIdentifier(name)}
         TO ${pg.escapeIdentifier(role)} USING (true) WITH CHECK (true)`,
    );
}
