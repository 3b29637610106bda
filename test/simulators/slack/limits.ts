/** Calls a minute of each method we may use, by Slack's tiers (slack-api-ref, `rate_limits`). */
const perMinute: Record<string, number> = {
  "chat.update": 50,
  "chat.delete": 50,
  "chat.postEphemeral": 100,
  "views.open": 100,
  "views.push": 100,
  "views.update": 100,
  "views.publish": 100,
  "users.info": 100,
  "users.lookupByEmail": 50,
  "conversations.info": 50,
  "conversations.history": 50,
  "conversations.replies": 50,
  "conversations.members": 100,
  "chat.getPermalink": 1000,
};

/** Counts calls: a minute's number of each method, and one message a second in each channel with `burst` on credit. */
export function createLimits(now: () => Date, burst: number) {
  const calls = new Map<string, number[]>();
  const posts = new Map<string, { tokens: number; atMs: number }>();
  return {
    /** Seconds to wait, or 0. */
    take(method: string, channel: string): number {
      const nowMs = now().getTime();
      if (method === "chat.postMessage") {
        const bucket = posts.get(channel) ?? { tokens: burst, atMs: nowMs };
        const tokens = Math.min(burst, bucket.tokens + (nowMs - bucket.atMs) / 1000);
        posts.set(channel, { tokens: tokens >= 1 ? tokens - 1 : tokens, atMs: nowMs });
        return tokens >= 1 ? 0 : 1;
      }
      const most = perMinute[method];
      if (most === undefined) return 0;
      const recent = (calls.get(method) ?? []).filter((at) => at > nowMs - 60_000);
      calls.set(method, recent);
      if (recent.length >= most) return Math.ceil(((recent[0] ?? nowMs) + 60_000 - nowMs) / 1000);
      recent.push(nowMs);
      return 0;
    },
  };
}
