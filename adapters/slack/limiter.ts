/** A rate that Slack allows: one call each `everyMs`, with `burst` of them on credit. */
interface Rate {
  everyMs: number;
  burst: number;
}

/**
 * https://docs.slack.dev/apis/web-api/rate-limits: one message a second in each channel, tier 3 is 50 a minute. Slack does
 * not say what a whole workspace takes; 20 a second leaves room for what its people write.
 */
const rates = {
  post: { everyMs: 1_000, burst: 1 },
  workspace: { everyMs: 50, burst: 20 },
  update: { everyMs: 1_200, burst: 40 },
  lookup: { everyMs: 1_200, burst: 40 },
} as const satisfies Record<string, Rate>;

export type Kind = keyof typeof rates;

export interface Limiter {
  /** Milliseconds until this call may leave. A wait of at most `patienceMs` is kept as a place in the line, a longer one not. */
  reserve(kind: Kind, key: string, patienceMs: number): number;
}

/** One token bucket for each kind and key, on the clock that is passed in. Another instance has its own; Slack's 429 joins them. */
export function createLimiter(now: () => Date): Limiter {
  const nextAt = new Map<string, number>();
  return {
    reserve(kind, key, patienceMs) {
      const { everyMs, burst } = rates[kind];
      const name = `${kind} ${key}`;
      const nowMs = now().getTime();
      const slot = Math.max(nowMs - everyMs * (burst - 1), nextAt.get(name) ?? Number.NEGATIVE_INFINITY);
      const wait = Math.max(0, slot - nowMs);
      if (wait <= patienceMs) nextAt.set(name, slot + everyMs);
      if (nextAt.size > 10_000) for (const [old, at] of nextAt) if (at < nowMs) nextAt.delete(old);
      return wait;
    },
  };
}
