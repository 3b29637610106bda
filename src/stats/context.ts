import {
  addServiceTime,
  type CompiledHours,
  parseHours,
  serviceMsBetween,
  ukHolidays,
} from "../pools/index.ts";
import type { Register } from "../register/model.ts";
import { standardHours } from "../register/pool-entry.ts";
import type { CaseContext } from "./story.ts";

/** What the register knows that a referral's figures need, made ready once for each question. */
export function createContext(register: Register): CaseContext & {
  /** Every slug a pool or forum had before. */
  formerSlugs(list: "pools" | "forums", slug: string): readonly string[];
  /** A pool's hours of service; standard ones where there is no pool. */
  hoursOf(pool: string | null): CompiledHours;
  /** The slug a forum has today, for one that was stored. */
  forumNow(slug: string): string;
} {
  const present = {
    pools: presentSlugs(register.pools.values()),
    forums: presentSlugs(register.forums.values()),
  };
  const hours = new Map<string | null, CompiledHours>();
  const hoursOf = (pool: string | null): CompiledHours => {
    const known = hours.get(pool);
    if (known) return known;
    const made = parseHours((pool === null ? undefined : register.pools.get(pool)?.hours) ?? standardHours);
    hours.set(pool, made);
    return made;
  };
  return {
    poolNow: (slug) => (register.pools.has(slug) ? slug : (present.pools.get(slug) ?? slug)),
    forumNow: (slug) => (register.forums.has(slug) ? slug : (present.forums.get(slug) ?? slug)),
    formerSlugs: (list, slug) => register[list].get(slug)?.formerly ?? [],
    hoursOf,
    serviceMs: (from, to, pool) => serviceMsBetween(from, to, hoursOf(pool), ukHolidays),
    claimDue(pool, offeredAt) {
      const target = pool === null ? undefined : register.pools.get(pool)?.targets.claim;
      return target === undefined ? null : addServiceTime(offeredAt, target, hoursOf(pool), ukHolidays);
    },
  };
}

function presentSlugs(
  entries: Iterable<{ slug: string; formerly?: readonly string[] | undefined }>,
): Map<string, string> {
  const present = new Map<string, string>();
  for (const { slug, formerly } of entries) for (const former of formerly ?? []) present.set(former, slug);
  return present;
}
