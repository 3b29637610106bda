import {
  addServiceTime,
  type CompiledHours,
  parseHours,
  serviceMsBetween,
  ukHolidays,
} from "../pools/index.ts";
import type { Register } from "../register/model.ts";
import { standardHours } from "../register/pool-entry.ts";
import type { CaseContext } from "./read-case.ts";

/** What the register knows that a referral's figures need, made ready once for each question. */
export function createContext(
  register: Register,
  now: Date,
): CaseContext & { formerSlugs(pool: string): readonly string[] } {
  const present = new Map(
    [...register.pools.values()].flatMap(({ slug, formerly }) =>
      (formerly ?? []).map((former) => [former, slug] as const),
    ),
  );
  const hours = new Map<string | null, CompiledHours>();
  const hoursOf = (pool: string | null): CompiledHours => {
    const known = hours.get(pool);
    if (known) return known;
    const made = parseHours((pool === null ? undefined : register.pools.get(pool)?.hours) ?? standardHours);
    hours.set(pool, made);
    return made;
  };
  return {
    now,
    poolNow: (slug) => (register.pools.has(slug) ? slug : (present.get(slug) ?? slug)),
    formerSlugs: (pool) => register.pools.get(pool)?.formerly ?? [],
    serviceMs: (from, to, pool) => serviceMsBetween(from, to, hoursOf(pool), ukHolidays),
    claimDue(pool, offeredAt) {
      const target = pool === null ? undefined : register.pools.get(pool)?.targets.claim;
      return target === undefined ? null : addServiceTime(offeredAt, target, hoursOf(pool), ukHolidays);
    },
  };
}
