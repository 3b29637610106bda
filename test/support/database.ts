import { randomBytes } from "node:crypto";
import { inject } from "vitest";
import { createDatabase, type Database } from "../../src/db/client.ts";
import { runOnServer, urlFor } from "./server.ts";

export interface TestDatabase extends Database {
  url: string;
  /** Closes the client and removes the database. */
  drop(): Promise<void>;
}

export interface TestDatabaseOptions {
  /** Whether it has the product's tables; true when not given. */
  migrated?: boolean;
}

/** Empties tables and all that refers to them, the audit too, which no statement of ours may. */
export async function emptyTables(database: TestDatabase, ...tables: string[]): Promise<void> {
  await database.transaction(async (tx) => {
    await tx.$executeRawUnsafe("ALTER TABLE event DISABLE TRIGGER event_not_emptied");
    await tx.$executeRawUnsafe(`TRUNCATE ${tables.join(", ")} CASCADE`);
    await tx.$executeRawUnsafe("ALTER TABLE event ENABLE TRIGGER event_not_emptied");
  });
}

/** A database of this test file's own, cloned from the migrated template. Drop it in `afterAll`. */
export async function createTestDatabase(options: TestDatabaseOptions = {}): Promise<TestDatabase> {
  const { migrated = true } = options;
  const adminUrl = inject("databaseAdminUrl");
  const name = `fp_test_${randomBytes(6).toString("hex")}`;
  const source = migrated ? inject("databaseTemplate") : "template0";
  const role = inject("databaseRole");
  await runOnServer(adminUrl, `CREATE DATABASE ${name} TEMPLATE ${source} OWNER ${role}`);
  const url = urlFor(adminUrl, name, role);
  const database = createDatabase({ url, maxConnections: 8 });
  const drop = async () => {
    await database.close();
    await runOnServer(adminUrl, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  };
  return { ...database, url, drop };
}
