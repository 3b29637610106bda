import { type BenchContext, defineBench, type Line } from "./bench.ts";
import { runSql, twoDatabases } from "./database.ts";
import { median, show } from "./figures.ts";
import { drive, httpRequest } from "./load.ts";
import { alternate, ratioOf } from "./pairs.ts";
import { asAdmin, forumSlugs, prepareForums } from "./register.ts";
import { forReading, seedReferrals } from "./seed.ts";
import { adminKey, type BenchServer, startOurs } from "./servers.ts";

export const bench = defineBench({
  name: "lists",
  about: "Pages of GET /v1/referrals far back among ten million referrals, beside the first page.",
  async run(context) {
    const { ours: databaseUrl, cluster } = await twoDatabases(context, forReading);
    const ours = await startOurs(context, { databaseUrl });
    await prepareForums(ours.address);
    const count = context.quick ? 4_000 : 10_000_000;
    const seedingAt = performance.now();
    await seedReferrals(cluster, databaseUrl, count);
    context.say(`${show(count)} referrals after ${show((performance.now() - seedingAt) / 1000, " s")}`);
    const scope = `forum:${forumSlugs[0]}`;
    const { key } = await asAdmin(ours.address, "POST", "/v1/keys", { name: scope, scopes: [scope] });
    const cursors = await runSql(databaseUrl, "SELECT id FROM referral ORDER BY id LIMIT 40 OFFSET 500");
    const deep = cursors.map(({ id }) => String(id));
    return [
      await compare(context, ours, "everybody's", adminKey, deep),
      await compare(context, ours, "one forum's", String(key), deep),
    ];
  },
});

async function compare(
  context: BenchContext,
  server: BenchServer,
  whose: string,
  key: string,
  cursors: readonly string[],
): Promise<Line> {
  const ask = (query: string) =>
    httpRequest("GET", `/v1/referrals?limit=20${query}`, { authorization: `Bearer ${key}` });
  const perPage = context.quick ? 4 : 200;
  const deep = Array.from({ length: perPage }, (_, n) => ask(`&cursor=${cursors[n % cursors.length]}`));
  const first = Array.from({ length: perPage }, () => ask(""));
  const pairs = await alternate(context.pairs, {
    ours: () => drive(server.address, deep, 1),
    floor: () => drive(server.address, first, 1),
  });
  if (pairs.ours.some((run) => run.statuses[200] !== perPage)) throw new Error("A page was refused.");
  const ratio = ratioOf(pairs, (run) => run.p50Ms);
  const of = (runs: readonly { p50Ms: number }[]) => median(runs.map((run) => run.p50Ms));
  return {
    what: `${whose} deep page, median`,
    ours: show(of(pairs.ours), " ms"),
    floor: show(of(pairs.floor), " ms"),
    ratio,
    target: "≤ 1.2 ×",
    holds: ratio <= 1.2,
    detail: { pairs },
  };
}
