import type { Notice } from "../../src/contract/notice.ts";

/** What a callback says, in the order it is written. Nothing else of a notice leaves: a name cannot slip through. */
const published = [
  "reference",
  "externalId",
  "post",
  "state",
  "sequence",
  "memberLink",
  "language",
  "because",
  "pool",
  "ask",
  "text",
  "questionId",
  "replyId",
  "from",
  "verify",
  "outcome",
  "signpost",
  "mergedInto",
  "reason",
  "forum",
  "test",
] as const;

/** What a callback says of a clinic's session. */
const announced = [
  "clinic",
  "title",
  "forum",
  "from",
  "startsAt",
  "endsAt",
  "language",
  "text",
  "url",
  "calendar",
  "thread",
  "sequence",
] as const;

/** Parts of the parts that are published; a department and a pool have names, persons have none. */
const parts: Readonly<Record<string, readonly string[]>> = {
  pool: ["slug", "name"],
  from: ["department", "pool"],
  verify: ["code", "url"],
  outcome: ["disposition", "result", "saidBy"],
  signpost: ["text", "url"],
};

/**
 * The body of a callback, `{type, timestamp, data}`; the same bytes at every attempt. Null for a notice that is not a
 * forum's.
 */
export function renderCallback(notice: Notice, createdAt: Date): string | null {
  if (notice.audience === "announcement") {
    const data = pick({ ...notice.data }, announced);
    return JSON.stringify({ type: `clinic.${notice.data.news}`, timestamp: createdAt.toISOString(), data });
  }
  if (notice.audience !== "forum") return null;
  const data = pick({ ...notice.data }, published);
  return JSON.stringify({ type: notice.type, timestamp: createdAt.toISOString(), data });
}

function pick(from: Readonly<Record<string, unknown>>, keys: readonly string[]): Record<string, unknown> {
  const entries = keys.filter((key) => from[key] !== undefined).map((key) => [key, partOf(key, from[key])]);
  return Object.fromEntries(entries);
}

function partOf(key: string, value: unknown): unknown {
  const known = parts[key];
  if (!known || typeof value !== "object" || value === null) return value;
  return pick({ ...value }, known);
}
