import type { Deps } from "../deps.ts";
import { answerOnce } from "../idempotency/index.ts";
import { isOpen, localDate, localHour, ukHolidays } from "../pools/index.ts";
import { hoursOf } from "./clocks.ts";
import { readWorkload } from "./store/workload.ts";
import { tellLeads } from "./tell-leads.ts";

/** A pool that is open at night still has its digest in the morning. */
const earliestHour = 7;

/**
 * Tells the leads of each pool what waits there, once on every day of service, at the pool's first open moment of its
 * morning; a server that was down then says it later the same day. A pool with nothing waiting is silent. `done` holds
 * what this instance knows to be said (pool → day), so that the database is asked once a day.
 */
export async function sendDigests(deps: Deps, done: Map<string, string>): Promise<void> {
  const now = deps.now();
  const register = await deps.register(deps.db);
  let told = 0;
  for (const pool of register.pools.keys()) {
    const hours = hoursOf(register, pool);
    const day = localDate(now, hours.timezone);
    if (done.get(pool) === day) continue;
    if (!isOpen(now, hours, ukHolidays) || localHour(now, hours.timezone) < earliestHour) continue;
    await sendDigest(deps, pool, day, now);
    done.set(pool, day);
    told += 1;
  }
  if (told > 0) deps.nudge();
}

async function sendDigest(deps: Deps, pool: string, day: string, now: Date): Promise<void> {
  const once = { scope: "digest", key: `${pool} ${day}`, requestHash: new Uint8Array(Buffer.from(pool)) };
  await deps.transaction((tx) =>
    answerOnce(deps, tx, once, async () => {
      const { waiting } = await readWorkload(tx, pool, now, 1);
      if (waiting.length > 0) await tellLeads(deps, tx, { pool, event: "pool.digest", now });
      return { status: 200, body: null };
    }),
  );
}
