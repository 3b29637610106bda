import type { StoredCase } from "../../src/stats/rollup.ts";
import { type Cells, foldInto } from "../../src/stats/rollup.ts";
import { addTo, createSpread, type Spread } from "../../src/stats/spread.ts";
import { type Figures, packFigures } from "../../src/stats/tally.ts";
import { runSql } from "./database.ts";
import { forumSlugs } from "./register.ts";
import { days, pools } from "./seed.ts";

const base = 100_000;
const hourMs = 3_600_000;

/**
 * Fills the rollups as the product's own fold would for so many referrals: a hundred thousand are folded, and each then
 * stands for as many as it takes.
 */
export async function seedRollups(url: string, count: number, now: Date): Promise<void> {
  const cells: Cells = new Map();
  const folded = Math.min(base, count);
  for (let n = 0; n < folded; n += 1) foldInto(cells, madeUp(n, folded, now), 1);
  const weight = Math.max(1, Math.round(count / folded));
  const rows = [...cells.values()].map(({ figures, ...key }) => ({
    ...key,
    figures: packFigures(times(figures, weight)),
  }));
  for (let start = 0; start < rows.length; start += 5_000) {
    const page = JSON.stringify(rows.slice(start, start + 5_000)).replaceAll("'", "''");
    await runSql(
      url,
      `INSERT INTO stat_rollup (breakdown, grain, day, pool, value, figures)
       SELECT * FROM jsonb_to_recordset('${page}') AS x (breakdown text, grain text, day date, pool text, value text, figures jsonb)`,
    );
  }
  await runSql(url, "VACUUM (ANALYZE) stat_rollup");
}

/** A finished referral whose times are spread over hours and days, the same each run. */
function madeUp(n: number, count: number, now: Date): StoredCase {
  const pool = pools[n % pools.length] ?? null;
  const after = (hours: number) => ({ elapsedMs: hours * hourMs, serviceMs: (hours * hourMs) / 3 });
  const spread = 1 + ((n * 7919) % 997) / 100;
  const counts = {
    received: 1,
    offered: 1,
    rightFirst: 1,
    finished: 1,
    resolved: 1,
    "disposition:answered_in_public": 1,
  };
  const times = { claim: after(spread), firstReply: after(spread * 4), resolution: after(spread * 24) };
  return {
    referralId: String(n),
    key: {
      forum: forumSlugs[n % 4] ?? "",
      topic: "universal-credit",
      language: n % 20 === 0 ? "cy" : "en",
      state: "resolved",
      outcome: "answered_in_public",
    },
    submittedAt: new Date(now.getTime() - days * 24 * hourMs * (1 - n / (count + 1))),
    parts: [{ pool, counts, times }],
    ticking: null,
  };
}

function times(figures: Figures, weight: number): Figures {
  const many = (spread: Spread): Spread => manyOf(spread, weight);
  return {
    counts: Object.fromEntries(Object.entries(figures.counts).map(([name, n]) => [name, n * weight])),
    times: Object.fromEntries(
      Object.entries(figures.times).map(([timing, { elapsed, service }]) => [
        timing,
        { elapsed: many(elapsed), service: many(service) },
      ]),
    ),
  };
}

function manyOf({ values, buckets }: Spread, weight: number): Spread {
  const spread = createSpread();
  for (const value of values) for (let n = 0; n < weight; n += 1) addTo(spread, value);
  buckets.forEach((n, bucket) => {
    spread.buckets[bucket] = (spread.buckets[bucket] ?? 0) + n * weight;
  });
  return spread;
}
