export interface RateOptions {
  /** Requests of one route to one channel, and how long a window is. */
  limit: number;
  windowMs: number;
  /** Of one bot to everything; answers to interactions are not counted. */
  globalPerSecond: number;
}

export interface Turn {
  headers: Record<string, string>;
  /** Seconds to wait, or 0; `isGlobal` says for whom. */
  waitSeconds: number;
  isGlobal: boolean;
}

const idPattern = /\d{17,20}/g;

/** A route as Discord tells routes apart: ids in their places. */
export const routeOf = (path: string): string =>
  path
    .replace(/^\/interactions\/\d+\/[^/]+/, "/interactions/:id/:token")
    .replace(/^\/webhooks\/\d+\/[^/]+/, "/webhooks/:id/:token")
    .replace(/(@|%40)original/, "@original")
    .replace(idPattern, ":id");

/** Windows of requests for each route and channel, in real time: the library that is tested waits in real time. */
export function createRateLimits(options: RateOptions) {
  const buckets = new Map<string, { left: number; endsMs: number }>();
  let second = { startedMs: 0, count: 0 };
  return {
    take(method: string, path: string): Turn {
      const nowMs = performance.now();
      const route = `${method} ${routeOf(path)}`;
      const key = `${route} ${/\d{17,20}/.exec(path)?.[0] ?? ""}`;
      const isExempt = path.startsWith("/interactions/") || path.startsWith("/webhooks/");
      if (nowMs - second.startedMs >= 1000) second = { startedMs: nowMs, count: 0 };
      if (!isExempt) second.count += 1;
      if (second.count > options.globalPerSecond)
        return { headers: {}, waitSeconds: (second.startedMs + 1000 - nowMs) / 1000, isGlobal: true };
      let bucket = buckets.get(key);
      if (!bucket || bucket.endsMs <= nowMs) {
        bucket = { left: options.limit, endsMs: nowMs + options.windowMs };
        buckets.set(key, bucket);
      }
      const waitSeconds = (bucket.endsMs - nowMs) / 1000;
      const isOver = bucket.left <= 0;
      bucket.left = Math.max(0, bucket.left - 1);
      const headers = {
        "x-ratelimit-limit": String(options.limit),
        "x-ratelimit-remaining": String(bucket.left),
        "x-ratelimit-reset": ((Date.now() + waitSeconds * 1000) / 1000).toFixed(3),
        "x-ratelimit-reset-after": waitSeconds.toFixed(3),
        "x-ratelimit-bucket": Buffer.from(route).toString("hex").slice(0, 32),
      };
      return { headers, waitSeconds: isOver ? waitSeconds : 0, isGlobal: false };
    },
  };
}
