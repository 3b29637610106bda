import { type BenchContext, defineBench } from "./bench.ts";
import { runSql } from "./database.ts";
import { show } from "./figures.ts";
import { drive, httpRequest } from "./load.ts";
import { alternate } from "./pairs.ts";
import { signedPosts } from "./posts.ts";
import { asAdmin } from "./register.ts";
import type { BenchServer } from "./servers.ts";
import { startSides } from "./sides.ts";
import { driveServer, type Run, throughput } from "./throughput.ts";

const advisors = ["amal.h", "ben.o"];

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
    return [throughput("32 connections, half losing, claims/s", pairs, 0.8)];
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
  const load = await driveServer(server, requests, 32);
  if (load.statuses[200] !== references.length || load.statuses[409] !== references.length)
    throw new Error(`Not exactly one claim of two has won: ${JSON.stringify(load.statuses)}`);
  context.say(`${show(load.perSecond)} claims/s, p99 ${show(load.p99Ms)} ms, ${show(load.cpuUs)} µs`);
  return load;
}
