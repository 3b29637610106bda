import { type BenchContext, defineBench, type Line } from "./bench.ts";
import { runSql, twoDatabases } from "./database.ts";
import { median, quantile, show } from "./figures.ts";
import { drive, httpRequest } from "./load.ts";
import { readProcess } from "./machine.ts";
import { alternate, ratioOf } from "./pairs.ts";
import { signedPosts } from "./posts.ts";
import { prepareForums } from "./register.ts";
import { seedRollups } from "./rollups.ts";
import { forReading, seedCases, seedReferrals } from "./seed.ts";
import { adminKey, type BenchServer, startOurs } from "./servers.ts";

export const bench = defineBench({
  name: "statistics",
  about:
    "Two years by department with percentiles from ten million referrals, beside one million; and what noting changes costs. The sums are folded from 100,000 made-up referrals and multiplied; the rows of open and recent ones are seeded as they are.",
  async run(context) {
    // First, because the rows that are seeded keep the disk busy for a while.
    const fed = await feed(context);
    const { ours: manyUrl, floor: fewUrl, cluster } = await twoDatabases(context, forReading);
    const many = await startOurs(context, { databaseUrl: manyUrl });
    const few = await startOurs(context, { databaseUrl: fewUrl });
    const sizes: [string, BenchServer, number][] = [
      [manyUrl, many, context.quick ? 4_000 : 10_000_000],
      [fewUrl, few, context.quick ? 2_000 : 1_000_000],
    ];
    const now = new Date();
    for (const [url, server, count] of sizes) {
      await prepareForums(server.address);
      const startedAt = performance.now();
      await seedReferrals(cluster, url, count);
      await seedCases(cluster, url, count);
      await seedRollups(url, count, now);
      context.say(`${show(count)} referrals after ${show((performance.now() - startedAt) / 1000, " s")}`);
    }
    return [...(await ask(context, many, few, now)), ...fed];
  },
});

async function ask(context: BenchContext, many: BenchServer, few: BenchServer, now: Date): Promise<Line[]> {
  const from = new Date(now.getTime() - 729 * 86_400_000).toISOString().slice(0, 10);
  const request = httpRequest("GET", `/v1/stats?from=${from}&by=department`, {
    authorization: `Bearer ${adminKey}`,
  });
  const requests = Array.from({ length: context.quick ? 2 : 40 }, () => request);
  const run = async (server: BenchServer) => {
    const times: number[] = [];
    const before = readProcess(server.pid)?.cpuMs ?? Number.NaN;
    for (const one of requests) times.push((await drive(server.address, [one], 1)).p50Ms);
    const cpuMs = ((readProcess(server.pid)?.cpuMs ?? Number.NaN) - before) / requests.length;
    return { times, cpuMs };
  };
  const pairs = await alternate(context.pairs, { ours: () => run(many), floor: () => run(few) });
  const ratio = ratioOf(pairs, ({ times }) => median(times));
  const timesOf = (runs: readonly { times: number[] }[]) => runs.flatMap(({ times }) => times);
  const p95 = quantile(timesOf(pairs.ours), 0.95);
  return [
    {
      what: "24 months by department, median",
      ours: show(median(timesOf(pairs.ours)), " ms"),
      floor: show(median(timesOf(pairs.floor)), " ms"),
      ratio,
      target: "≤ 1.3 ×",
      holds: ratio <= 1.3,
      detail: { pairs },
    },
    {
      what: "the same, p95",
      ours: show(p95, " ms"),
      floor: show(quantile(timesOf(pairs.floor), 0.95), " ms"),
      target: "≤ 50 ms",
      holds: p95 <= 50,
    },
    {
      what: "the same, processor time of the server for each",
      ours: show(median(pairs.ours.map(({ cpuMs }) => cpuMs)), " ms"),
      floor: show(median(pairs.floor.map(({ cpuMs }) => cpuMs)), " ms"),
      target: "–",
      holds: null,
    },
  ];
}

/** What intake gives and costs while changes are noted, beside the same product whose database notes none. */
async function feed(context: BenchContext): Promise<Line[]> {
  const databases = await twoDatabases(context);
  const noting = await startOurs(context, { databaseUrl: databases.ours });
  const silent = await startOurs(context, { databaseUrl: databases.floor });
  await runSql(databases.floor, "DROP TRIGGER stat_referral_born ON referral");
  const secrets = {
    noting: await prepareForums(noting.address),
    silent: await prepareForums(silent.address),
  };
  const count = context.quick ? 40 : 3_000;
  const run = async (server: BenchServer, url: string, of: Map<string, string>) => {
    const before = await cpuOf(server, url);
    const { perSecond } = await drive(server.address, signedPosts(count, of), 32);
    return { perSecond, cpuUs: (((await cpuOf(server, url)) - before) * 1000) / count };
  };
  const pairs = await alternate(context.pairs, {
    ours: () => run(noting, databases.ours, secrets.noting),
    floor: () => run(silent, databases.floor, secrets.silent),
  });
  const rate = ratioOf(pairs, ({ perSecond }) => perSecond);
  const cost = ratioOf(pairs, ({ cpuUs }) => cpuUs);
  return [
    {
      what: "intake while changes are noted, referrals/s",
      ours: show(median(pairs.ours.map(({ perSecond }) => perSecond))),
      floor: show(median(pairs.floor.map(({ perSecond }) => perSecond))),
      ratio: rate,
      target: "≥ 0.9 ×",
      holds: rate >= 0.9,
      detail: { pairs },
    },
    {
      what: "the same, processor time of server and PostgreSQL for each",
      ours: show(median(pairs.ours.map(({ cpuUs }) => cpuUs)), " µs"),
      floor: show(median(pairs.floor.map(({ cpuUs }) => cpuUs)), " µs"),
      ratio: cost,
      target: "≤ 1.1 ×",
      holds: Number.isNaN(cost) ? null : cost <= 1.1,
    },
  ];
}

/** Processor time so far of a server and of its connections in PostgreSQL: unlike what a clock says, hardly of what else runs. */
async function cpuOf(server: BenchServer, url: string): Promise<number> {
  const backends = await runSql(
    url,
    "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()",
  );
  const pids = [server.pid, ...backends.map(({ pid }) => Number(pid))];
  return pids.reduce((sum, pid) => sum + (readProcess(pid)?.cpuMs ?? Number.NaN), 0);
}
