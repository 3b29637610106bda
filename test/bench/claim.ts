import { type BenchContext, defineBench } from "./bench.ts";
import { runSql } from "./database.ts";
import { median, show } from "./figures.ts";
import { drive, httpRequest, type Load } from "./load.ts";
import { readProcess } from "./machine.ts";
import { alternate, ratioOf } from "./pairs.ts";
import { signedPosts } from "./posts.ts";
import { asAdmin } from "./register.ts";
import type { BenchServer } from "./servers.ts";
import { startSides } from "./sides.ts";

const advisors = ["amal.h", "ben.o"];

interface Run extends Load {
  /** Processor time of the server's own process for one claim. */
  cpuUs: number;
}

export const bench = defineBench({
  name: "claim",
  about:
    "Two advisors claim each referral over 32 connections, so that half of the claims lose, beside one UPDATE.",
  async run(context) {
    const { databases, ours, floor, secrets } = await startSides(context, "floors/claim.ts");
    const keys = await advisorKeys(ours.address);

    const each = context.quick ? 16 : 600;
    const runs = (context.pairs + 1) * each;
    await drive(ours.address, signedPosts(runs, secrets), 32);
    const references = await copyReferrals(databases.ours, databases.floor);
    const claim = (server: BenchServer) => (turn: number) =>
      race(context, server, references.slice(turn * each, (turn + 1) * each), keys);
    const pairs = await alternate(context.pairs, { ours: claim(ours), floor: claim(floor) });

    const ratio = ratioOf(pairs, (run) => run.perSecond);
    const of = (read: (run: Run) => number) => ({
      ours: median(pairs.ours.map(read)),
      floor: median(pairs.floor.map(read)),
    });
    const perSecond = of((run) => run.perSecond);
    return [
      {
        what: "32 connections, half losing, claims/s",
        ours: show(perSecond.ours),
        floor: show(perSecond.floor),
        ratio,
        target: "≥ 0.8 ×",
        holds: ratio >= 0.8,
        detail: {
          perSecond,
          p50Ms: of((run) => run.p50Ms),
          p99Ms: of((run) => run.p99Ms),
          cpuUs: of((run) => run.cpuUs),
          pairs,
        },
      },
    ];
  },
});

async function advisorKeys(address: string): Promise<string[]> {
  const keys: string[] = [];
  for (const id of advisors) {
    const { key } = await asAdmin(address, "POST", "/v1/keys", { name: id, scopes: [`advisor:${id}`] });
    await asAdmin(address, "POST", "/v1/guidance/acknowledgements", { as: `advisor:${id}` });
    keys.push(String(key));
  }
  return keys;
}

/** The same offered referrals in the floor's database; their references in a random order. */
async function copyReferrals(from: string, to: string): Promise<string[]> {
  const rows = await runSql(
    from,
    "SELECT to_json(referral)::text AS row, reference FROM referral WHERE state = 'offered'",
  );
  for (let start = 0; start < rows.length; start += 500) {
    const page = `[${rows.slice(start, start + 500).map(({ row }) => row)}]`.replaceAll("'", "''");
    await runSql(to, `INSERT INTO referral SELECT * FROM json_populate_recordset(NULL::referral, '${page}')`);
  }
  return rows.map(({ reference }) => String(reference)).sort();
}

async function race(
  context: BenchContext,
  server: BenchServer,
  references: readonly string[],
  keys: readonly string[],
): Promise<Run> {
  const requests = references.flatMap((reference) =>
    keys.map((key) =>
      httpRequest(
        "POST",
        `/v1/referrals/${reference}/claim`,
        { authorization: `Bearer ${key}`, "content-type": "application/json" },
        "{}",
      ),
    ),
  );
  const before = readProcess(server.pid)?.cpuMs ?? 0;
  const load = await drive(server.address, requests, 32);
  const cpuUs = (((readProcess(server.pid)?.cpuMs ?? 0) - before) * 1000) / requests.length;
  if (load.statuses[200] !== references.length || load.statuses[409] !== references.length)
    throw new Error(`Not exactly one claim of two has won: ${JSON.stringify(load.statuses)}`);
  context.say(`${show(load.perSecond)} claims/s, p99 ${show(load.p99Ms)} ms, ${show(cpuUs)} µs`);
  return { ...load, cpuUs };
}
