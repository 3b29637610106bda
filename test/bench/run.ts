import { parseArgs } from "node:util";
import { startThrowawayCluster } from "../../src/db/index.ts";
import type { BenchContext } from "./bench.ts";
import { benches } from "./benches.ts";
import { type Result, tableOf, writeResults } from "./report.ts";
import { createSharedClusters } from "./shared-clusters.ts";

/** Nothing is acknowledged before it is on disk, for ours and for every floor, as in production. */
const durable = { fsync: "on", synchronous_commit: "on", full_page_writes: "on" };
const leastPairs = 5;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: "boolean", default: false },
    pairs: { type: "string" },
    json: { type: "string", default: "bench-results.json" },
  },
});
const names = positionals.length > 0 ? positionals : Object.keys(benches);
const unknown = names.filter((name) => !(name in benches));
if (unknown.length > 0) {
  process.stderr.write(
    `There is no benchmark ${unknown.join(", ")}. There are: ${Object.keys(benches).join(", ")}.\n`,
  );
  process.exit(2);
}

/** For the short form, where nothing is measured: most of its time would go into starting servers. */
const shared = createSharedClusters();
const results: Result[] = [];
for (const name of names) results.push(await runOne(name));
await shared.close();
process.stdout.write(`${tableOf(results, !values.quick)}\n`);
writeResults(values.json, results, values.quick);
process.exit(0);

async function runOne(name: string): Promise<Result> {
  const load = benches[name];
  if (!load) throw new Error(`There is no benchmark ${name}.`);
  const { bench } = await load();
  const closing: (() => Promise<unknown> | unknown)[] = [];
  const context: BenchContext = {
    quick: values.quick,
    pairs: Number(values.pairs ?? (values.quick ? 1 : leastPairs)),
    async cluster(settings = {}) {
      if (values.quick) return shared.databaseOn({ ...durable, ...settings });
      const cluster = await startThrowawayCluster({ ...durable, ...settings });
      closing.push(() => cluster.close());
      return cluster;
    },
    finally: (close) => void closing.push(close),
    say: (line) => void process.stderr.write(`${name}: ${line}\n`),
  };
  const startedAt = performance.now();
  try {
    const lines = await bench.run(context);
    return { name, about: bench.about, seconds: Math.round((performance.now() - startedAt) / 1000), lines };
  } finally {
    for (const close of closing.reverse()) await close();
  }
}
