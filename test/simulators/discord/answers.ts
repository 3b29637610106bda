import type { Json } from "../slack/json.ts";

/** What a request is answered with. */
export interface Answer {
  status: number;
  body: unknown;
}

export const ok = (body: unknown, status = 200): Answer => ({ status, body });
export const nothing: Answer = { status: 204, body: null };

const words: Readonly<Record<number, readonly [status: number, message: string]>> = {
  0: [404, "404: Not Found"],
  10002: [404, "Unknown Application"],
  10003: [404, "Unknown Channel"],
  10004: [404, "Unknown Guild"],
  10007: [404, "Unknown Member"],
  10008: [404, "Unknown Message"],
  10013: [404, "Unknown User"],
  10015: [404, "Unknown Webhook"],
  10062: [404, "Unknown interaction"],
  10063: [404, "Unknown application command"],
  20016: [429, "This action cannot be performed due to slowmode rate limit"],
  30034: [400, "Max number of daily application command creates has been reached (200)"],
  40005: [413, "Request entity too large"],
  40060: [400, "Interaction has already been acknowledged."],
  40067: [400, "A tag is required to create a forum post in this channel"],
  40094: [400, "Maximum number of follow-up messages reached for this interaction"],
  50001: [403, "Missing Access"],
  50005: [403, "Cannot edit a message authored by another user"],
  50006: [400, "Cannot send an empty message"],
  50007: [403, "Cannot send messages to this user"],
  50008: [400, "Cannot send messages in a non-text channel"],
  50013: [403, "Missing Permissions"],
  50027: [401, "Invalid Webhook Token"],
  50035: [400, "Invalid Form Body"],
  50083: [400, "Tried to perform an operation on an archived thread"],
  50109: [400, "The request body contains invalid JSON."],
  160002: [400, "Cannot reply without permission to read message history"],
  160004: [400, "A thread has already been created for this message"],
  160005: [400, "Thread is locked"],
  200000: [400, "Message was blocked by automatic moderation"],
};

/** A refusal with one of Discord's codes (topics/opcodes-and-status-codes). */
export function failed(code: number, parts: Json = {}): Answer {
  const [status, message] = words[code] ?? [400, "Unknown error"];
  return { status, body: { message, code, ...parts } };
}

export const unauthorized: Answer = { status: 401, body: { message: "401: Unauthorized", code: 0 } };

/** What is wrong with a body, each with its place: Discord answers them all at once, as a tree. */
export interface Findings {
  add(path: readonly (string | number)[], code: string, message: string): void;
  readonly list: readonly string[];
  answer(): Answer | null;
}

export function createFindings(): Findings {
  const list: string[] = [];
  const tree: Json = {};
  return {
    list,
    add(path, code, message) {
      list.push(`${path.join(".")}: ${message}`);
      let at = tree;
      for (const step of path) {
        const next = at[String(step)];
        const inner: Json = typeof next === "object" && next !== null ? (next as Json) : {};
        at[String(step)] = inner;
        at = inner;
      }
      const known = Array.isArray(at._errors) ? at._errors : [];
      at._errors = [...known, { code, message }];
    },
    answer: () => (list.length === 0 ? null : failed(50035, { errors: tree })),
  };
}

/** Lengths count code points. */
export const lengthOf = (text: string): number => [...text].length;
