import pg from "pg";
import { applyMigrations, type ThrowawayCluster } from "../../src/db/index.ts";
import type { BenchContext } from "./bench.ts";

/** Runs statements on a database, one after the other, with no time limit. Answers the rows of the last. */
export async function runSql(url: string, ...statements: string[]): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    let rows: Record<string, unknown>[] = [];
    for (const statement of statements) rows = (await client.query(statement)).rows ?? [];
    return rows;
  } finally {
    await client.end();
  }
}

/** Two databases with the product's tables on one server of their own: one for ours, one for the floor. */
export async function twoDatabases(
  context: BenchContext,
  settings?: Readonly<Record<string, string>>,
): Promise<{ ours: string; floor: string; cluster: ThrowawayCluster }> {
  const cluster = await context.cluster(settings);
  await applyMigrations({ url: cluster.url });
  const name = new URL(cluster.url).pathname.slice(1);
  const owner = new URL(cluster.url).username;
  await runSql(cluster.adminUrl, `CREATE DATABASE "${name}_floor" TEMPLATE "${name}" OWNER "${owner}"`);
  const floor = new URL(cluster.url);
  floor.pathname = `/${name}_floor`;
  return { ours: cluster.url, floor: floor.href, cluster };
}

/** The floor's rows refer to forums and pools, so that its statement does the same checking of references. */
export async function copyForums(from: string, to: string): Promise<void> {
  for (const table of ["department", "pool", "forum"]) {
    const rows = JSON.stringify(await runSql(from, `SELECT * FROM ${table}`)).replaceAll("'", "''");
    await runSql(to, `INSERT INTO ${table} SELECT * FROM json_populate_recordset(NULL::${table}, '${rows}')`);
  }
}
