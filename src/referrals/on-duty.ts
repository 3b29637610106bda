import type { CardMessage } from "../contract/notice.ts";
import { advisorsOnDuty, dutyDay } from "../pools/index.ts";
import { advisorsOf, type Register } from "../register/model.ts";

/** Who is on duty in a pool on the day that it is there now, for its card; nothing where it has no rota, so that all are. */
export function onDuty(
  register: Register,
  slug: string | null,
  now: Date,
): Pick<CardMessage["data"], "onDuty"> {
  const pool = slug === null ? undefined : register.pools.get(slug);
  if (!pool || pool.rota.length === 0) return {};
  const advisors = advisorsOnDuty(pool, advisorsOf(register, pool.slug), now);
  return {
    onDuty: {
      day: dutyDay(pool, now),
      advisors: advisors.map(({ id, slackUserId }) => ({ id, slackUserId: slackUserId ?? null })),
    },
  };
}
