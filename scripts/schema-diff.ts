import { bindMigrationAwareSqlAdapterFactory } from "@prisma/driver-adapter-utils";
import { SchemaEngine } from "@prisma/schema-engine-wasm";

const FILE = "prisma/schema.prisma";

/** The SQL that turns a database of the schema `from` (null: empty) into one of the schema `to`. Needs no database. */
export async function sqlFromSchemas(from: string | null, to: string): Promise<string> {
  const engine = await SchemaEngine.new({ datamodels: [[FILE, to]] }, () => undefined, noDatabase());
  const { stdout } = await engine.diff({
    from: from === null ? { tag: "empty" } : { tag: "schemaDatamodel", files: [{ path: FILE, content: from }] },
    to: { tag: "schemaDatamodel", files: [{ path: FILE, content: to }] },
    script: true,
    exitCode: null,
    shadowDatabaseUrl: null,
    filters: { externalTables: [], externalEnums: [] },
  } as never);
  return stdout ?? "";
}

/** The engine wants a connection when it starts, although comparing two schema files never uses it. */
function noDatabase() {
  const connection = {
    provider: "postgres" as const,
    adapterName: "none",
    queryRaw: async () => ({ columnNames: [], columnTypes: [], rows: [] }),
    executeRaw: async () => 0,
    executeScript: async () => undefined,
    startTransaction: async () => {
      throw new Error("comparing schema files needs no transaction");
    },
    getConnectionInfo: () => ({ schemaName: "public", supportsRelationJoins: true }),
    dispose: async () => undefined,
  };
  return bindMigrationAwareSqlAdapterFactory({
    provider: "postgres",
    adapterName: "none",
    connect: async () => connection,
    connectToShadowDb: async () => connection,
  });
}
