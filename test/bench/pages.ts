import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { type BenchContext, defineBench, type Line } from "./bench.ts";
import { runSql, twoDatabases } from "./database.ts";
import { median, show } from "./figures.ts";
import { drive, httpRequest } from "./load.ts";
import { alternate, ratioOf } from "./pairs.ts";
import { prepareForums } from "./register.ts";
import { forReading, seedReferrals } from "./seed.ts";
import { type BenchServer, startOurs, startServer } from "./servers.ts";

/** The limit for a page on the server, at 10,000 forums and a million referrals. */
const mostMs = 50;
const paths = [
  "/",
  "/forums",
  "/forums?q=forum+4&theme=housing&page=2",
  "/cy/forums?q=nobody-wrote-this",
  "/forums/listed-432",
  "/propose?address=https://listed-432.example/",
  "/propose/decisions",
  "/departments",
  "/departments/dwp",
  "/statistics",
  "/data",
];

export const bench = defineBench({
  name: "pages",
  about: "Public pages with 10,000 forums and a million referrals, beside the same bytes as static files.",
  async run(context) {
    const { ours: databaseUrl, cluster } = await twoDatabases(context, forReading);
    const ours = await startOurs(context, { databaseUrl });
    await prepareForums(ours.address);
    const forums = context.quick ? 500 : 10_000;
    await seedForums(databaseUrl, forums);
    const referrals = context.quick ? 10_000 : 1_000_000;
    await seedReferrals(cluster, databaseUrl, referrals);
    context.say(`${show(forums)} forums, ${show(referrals)} referrals`);
    const pages = await readPages(ours.address);
    const folder = await mkdtemp(path.join(tmpdir(), "fingerpost-bench-"));
    context.finally(() => rm(folder, { recursive: true }));
    const file = path.join(folder, "pages.json");
    await writeFile(file, JSON.stringify(pages));
    const floor = await startServer(context, { script: "floors/static-pages.ts", options: { file } });
    const lines: Line[] = [];
    for (const page of paths) lines.push(await compare(context, ours, floor, page));
    return lines;
  },
});

/** Entries of the directory as the register keeps them, made by the server; every instance then reads them anew. */
async function seedForums(url: string, count: number): Promise<void> {
  await runSql(
    url,
    `INSERT INTO forum (slug, position, document)
     SELECT 'listed-' || n, 1000 + n, jsonb_build_object(
       'slug', 'listed-' || n, 'name', 'Listed forum ' || n, 'url', 'https://listed-' || n || '.example/',
       'description', 'Where people of group ' || n % 97 || ' help each other with all that comes up.',
       'audience', jsonb_build_array('everybody'), 'intervention', NULL,
       'directory', jsonb_build_object('life', 'active', 'lastChecked', '2026-06-01', 'nextReview', '2027-06-01',
         'tags', jsonb_build_array(
           jsonb_build_object('code', CASE n % 2 WHEN 0 THEN 'benefits' ELSE 'housing' END, 'by', 'editor'),
           jsonb_build_object('code', 'wales', 'by', 'forum'))))
     FROM generate_series(0, ${count - 1}) AS n`,
    "UPDATE register_state SET revision = gen_random_uuid()",
  );
}

async function readPages(address: string): Promise<Record<string, string>> {
  const read = async (page: string) => {
    const response = await fetch(`${address}${page}`, { headers: { accept: "text/html" } });
    if (response.status !== 200) throw new Error(`${page} answers ${response.status}.`);
    return [page, await response.text()] as const;
  };
  const pages: (readonly [string, string])[] = [];
  for (const page of paths) pages.push(await read(page));
  return Object.fromEntries(pages);
}

async function compare(
  context: BenchContext,
  ours: BenchServer,
  floor: BenchServer,
  page: string,
): Promise<Line> {
  const count = context.quick ? 2 : 400;
  const requests = Array.from({ length: count }, () => httpRequest("GET", page, { accept: "text/html" }));
  const pairs = await alternate(context.pairs, {
    ours: () => drive(ours.address, requests, 1),
    floor: () => drive(floor.address, requests, 1),
  });
  if (pairs.ours.some((run) => run.statuses[200] !== count)) throw new Error(`${page} was refused.`);
  const p99 = (runs: readonly { p99Ms: number }[]) => median(runs.map((run) => run.p99Ms));
  const measured = p99(pairs.ours);
  return {
    what: `${page}, p99`,
    ours: show(measured, " ms"),
    floor: show(p99(pairs.floor), " ms"),
    ratio: ratioOf(pairs, (run) => run.p99Ms),
    target: `≤ ${mostMs} ms`,
    holds: measured <= mostMs,
    detail: { pairs },
  };
}
