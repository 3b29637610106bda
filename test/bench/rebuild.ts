import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import pg from "pg";
import { packageRoot } from "../../src/db/index.ts";
import { defineBench } from "./bench.ts";
import { runSql, twoDatabases } from "./database.ts";
import { show } from "./figures.ts";
import { readProcess } from "./machine.ts";
import { prepareForums } from "./register.ts";
import { forReading, seedHistories, seedReferrals } from "./seed.ts";
import { startOurs } from "./servers.ts";

const env = { ENCRYPTION_KEY: "11".repeat(32) };
/** The product's limit for a transaction. */
const longestMs = 5_000;

export const bench = defineBench({
  name: "rebuild",
  about:
    "`fingerpost stats rebuild` of half a million referrals with four events each, beside a tenth of them: linear in their number, in short transactions, in memory that does not grow with it.",
  async run(context) {
    const { ours, floor, cluster } = await twoDatabases(context, forReading);
    const sizes: [string, number][] = [
      [floor, context.quick ? 200 : 50_000],
      [ours, context.quick ? 400 : 500_000],
    ];
    const runs: Rebuild[] = [];
    for (const [databaseUrl, count] of sizes) {
      const server = await startOurs(context, { databaseUrl, env });
      await prepareForums(server.address);
      await server.stop();
      await seedReferrals(cluster, databaseUrl, count);
      await seedHistories(cluster, databaseUrl, count);
      runs.push(await rebuild(cluster.adminUrl, databaseUrl, count));
      context.say(`${show(count)} referrals: ${JSON.stringify(runs.at(-1))}`);
    }
    const [few, many] = runs;
    if (!few || !many) throw new Error("Nothing was rebuilt.");
    return [
      {
        what: "referrals/s",
        ours: show(many.perSecond),
        floor: show(few.perSecond),
        target: "–",
        holds: null,
      },
      {
        what: "processor time of the command for each",
        ours: show(many.cpuUs, " µs"),
        floor: show(few.cpuUs, " µs"),
        ratio: many.cpuUs / few.cpuUs,
        target: "≤ 1.2 ×",
        holds: Number.isNaN(many.cpuUs) ? null : many.cpuUs / few.cpuUs <= 1.2,
        detail: { few, many },
      },
      {
        what: "memory of the command, at most",
        ours: show(many.peakMb, " MB"),
        floor: show(few.peakMb, " MB"),
        ratio: many.peakMb / few.peakMb,
        target: "≤ 1.2 ×",
        holds: Number.isNaN(many.peakMb) ? null : many.peakMb / few.peakMb <= 1.2,
      },
      {
        what: "longest transaction",
        ours: show(many.longestMs, " ms"),
        floor: show(few.longestMs, " ms"),
        target: "≤ 5 s",
        holds: many.longestMs <= longestMs,
      },
    ];
  },
});

interface Rebuild {
  perSecond: number;
  cpuUs: number;
  peakMb: number;
  longestMs: number;
}

/** Runs the command as an operator does, and looks ten times a second how long a transaction of it has been under way. */
async function rebuild(adminUrl: string, databaseUrl: string, count: number): Promise<Rebuild> {
  const cli = path.join(packageRoot(), "dist", "src", "cli.js");
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  const startedAt = performance.now();
  const child = spawn(process.execPath, [cli, "stats", "rebuild"], {
    stdio: ["ignore", "ignore", "inherit"],
    env: { PATH: process.env.PATH, NODE_ENV: "test", DATABASE_URL: databaseUrl, ...env },
  });
  const gone = once(child, "exit");
  let seen = { peakMb: Number.NaN, cpuMs: Number.NaN };
  let slowest = 0;
  while (child.exitCode === null) {
    const process = readProcess(child.pid ?? 0);
    if (process?.peakMb) seen = process;
    const { rows } = await client.query<{ ms: number }>(
      `SELECT coalesce(max(extract(epoch FROM clock_timestamp() - xact_start)), 0)::float8 * 1000 AS ms
       FROM pg_stat_activity WHERE datname = $1 AND backend_type = 'client backend'`,
      [new URL(databaseUrl).pathname.slice(1)],
    );
    slowest = Math.max(slowest, rows[0]?.ms ?? 0);
    await wait(100);
  }
  const [code] = await gone;
  const seconds = (performance.now() - startedAt) / 1000;
  await client.end();
  if (code !== 0) throw new Error("The figures could not be rebuilt.");
  const [folded] = await runSql(databaseUrl, "SELECT count(*)::int AS n FROM stat_case");
  if (folded?.n !== count) throw new Error(`${folded?.n} of ${count} referrals were folded.`);
  return {
    perSecond: count / seconds,
    cpuUs: (seen.cpuMs * 1000) / count,
    peakMb: seen.peakMb,
    longestMs: slowest,
  };
}
