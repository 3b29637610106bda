import { MigrationRefused } from "./db/index.ts";
import type { ReadinessCheck } from "./http/health.ts";

/** What `/readyz` says of the database and its migrations. `pending` reads them afresh. */
export async function databaseChecks(pending: () => Promise<string[]>): Promise<ReadinessCheck[]> {
  const reached: ReadinessCheck = { name: "database", ok: true, detail: "reached" };
  try {
    const { length } = await pending();
    const detail = length === 0 ? "applied" : `${length} to apply: run \`fingerpost migrate\``;
    return [reached, { name: "migrations", ok: length === 0, detail }];
  } catch (error) {
    if (!(error instanceof MigrationRefused)) return [{ name: "database", ok: false, detail: "not reached" }];
    // A newer release has migrated while this one goes on serving: what it needs is there.
    return [reached, { name: "migrations", ok: true, detail: "not those of this release alone" }];
  }
}
