import { type BenchContext, defineBench, type Line } from "./bench.ts";
import { runSql, twoDatabases } from "./database.ts";
import { median, quantile, show } from "./figures.ts";
import { drive, httpRequest } from "./load.ts";
import { alternate, ratioOf } from "./pairs.ts";
import { signedPosts } from "./posts.ts";
import { prepareForums } from "./register.ts";
import { seedRollups } from "./rollups.ts";
import { forReading, seedCases, seedReferrals } from "./seed.ts";
import { adminKey, type BenchServer, startOurs } from "./servers.ts";

export const bench = defineBench({
  name: "statistics",
  about:
    "Two years by department with percentiles from ten million referrals, beside the same from one million.",
  async run(context) {
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
    return [...(await ask(context, many, few, now)), await feed(context)];
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
    for (const one of requests) times.push((await drive(server.address, [one], 1)).p50Ms);
    return times;
  };
  const pairs = await alternate(context.pairs, { ours: () => run(many), floor: () => run(few) });
  const ratio = ratioOf(pairs, median);
  const p95 = quantile(pairs.ours.flat(), 0.95);
  return [
    {
      what: "24 months by department, median",
      ours: show(median(pairs.ours.flat()), " ms"),
      floor: show(median(pairs.floor.flat()), " ms"),
      ratio,
      target: "≤ 1.3 ×",
      holds: ratio <= 1.3,
      detail: { pairs },
    },
    { what: "the same, p95", ours: show(p95, " ms"), floor: "–", target: "≤ 50 ms", holds: p95 <= 50 },
  ];
}

/** What intake gives while changes are noted for the figures, beside the same product whose database notes none. */
async function feed(context: BenchContext): Promise<Line> {
  const databases = await twoDatabases(context);
  const noting = await startOurs(context, { databaseUrl: databases.ours });
  const silent = await startOurs(context, { databaseUrl: databases.floor });
  await runSql(databases.floor, "DROP TRIGGER stat_referral_born ON referral");
  const secrets = {
    noting: await prepareForums(noting.address),
    silent: await prepareForums(silent.address),
  };
  const count = context.quick ? 40 : 3_000;
  const pairs = await alternate(context.pairs, {
    ours: () => drive(noting.address, signedPosts(count, secrets.noting), 32),
    floor: () => drive(silent.address, signedPosts(count, secrets.silent), 32),
  });
  const ratio = ratioOf(pairs, (run) => run.perSecond);
  return {
    what: "intake while changes are noted, referrals/s",
    ours: show(median(pairs.ours.map((run) => run.perSecond))),
    floor: show(median(pairs.floor.map((run) => run.perSecond))),
    ratio,
    target: "≥ 0.9 ×",
    holds: ratio >= 0.9,
    detail: { pairs },
  };
}
