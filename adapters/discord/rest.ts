import { setTimeout as sleep } from "node:timers/promises";
import type { AdapterDeps, Sent } from "../../src/contract/adapter.ts";
import { DiscordAPIError, HTTPError, RateLimitError, REST, RequestMethod } from "./sdk.ts";

type Failure = Exclude<Sent, { outcome: "delivered" }>;

export interface Request {
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Without the version, such as `/channels/1/messages`. */
  path: `/${string}`;
  body?: unknown;
  files?: readonly { name: string; data: Buffer; contentType: string }[];
  query?: Readonly<Record<string, string>>;
  /** False for what an interaction's own token allows. */
  auth?: boolean;
  signal?: AbortSignal;
}

/** One request to Discord; throws what `readFailure` reads. */
export type Call = (request: Request) => Promise<unknown>;

/** Longest a single call to Discord may take. */
const timeoutMs = 10_000;
const defaultApi = "https://discord.com/api";

/** What Discord will never take, or what no longer exists: a person would have to send something else. */
const hopeless = new Set([10003, 10004, 50006, 50008, 50035, 200000]);
/** Errors of the network that say the request never left. */
const neverLeft = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "UND_ERR_CONNECT_TIMEOUT"]);

/**
 * A caller of Discord's API that neither retries nor waits: the outbox is the only retrier. After a refused token the
 * library would forget it and fail for ever; it is set again each time, so that a bot that was let back in works.
 */
export function createCall({ settings }: Pick<AdapterDeps, "settings">): Call {
  const { token = "", apiUrl = defaultApi } = settings;
  const options = {
    api: apiUrl,
    version: "10",
    retries: 0,
    timeout: timeoutMs,
    rejectOnRateLimit: () => true,
    userAgentAppendix: "Fingerpost",
    // Node's own. The library's copy of undici hands a form over as an object that another copy, which Slack's kit brings and
    // whichever was loaded first serves both, does not know.
    makeRequest: (url: string, init: unknown) => fetch(url, init as RequestInit),
  };
  const asBot = new REST(options);
  // What an interaction's token allows does not count towards the bot's fifty requests a second (topics/rate-limits).
  const byInteraction = new REST({ ...options, globalRequestsPerSecond: 10_000 });
  return async ({ method, path, body, files, query, auth = true, signal }) => {
    const rest = auth ? asBot.setToken(token) : byInteraction;
    return rest.request({
      method: RequestMethod[method === "DELETE" ? "Delete" : methodNames[method]],
      fullRoute: path,
      auth,
      ...(body === undefined ? {} : { body }),
      ...(files === undefined ? {} : { files: [...files] }),
      ...(query === undefined ? {} : { query: new URLSearchParams(query) }),
      // The library never takes its listener off again: each call gets a signal of its own.
      ...(signal === undefined ? {} : { signal: AbortSignal.any([signal]) }),
    });
  };
}

const methodNames = { GET: "Get", POST: "Post", PUT: "Put", PATCH: "Patch" } as const;

/** Discord's own code of a refusal, such as 10008 for a message that is not there; null for any other fault. */
export const codeOf = (error: unknown): number | null =>
  error instanceof DiscordAPIError && typeof error.code === "number" ? error.code : null;

/** True where Discord does not know the token at all. */
export const isTokenRefused = (error: unknown): boolean =>
  error instanceof DiscordAPIError && error.status === 401 && error.code !== 50027;

/** A look-up that stopped before the end and goes on soon. */
export class MoreToRead extends Error {}
const goesOnMs = 1_000;

/** What a failed call means for a delivery: surely not applied, never possible, or of unknown fate. */
export function readFailure(error: unknown): Failure {
  if (error instanceof MoreToRead) return { outcome: "unknown", reason: "more-to-read", afterMs: goesOnMs };
  if (error instanceof RateLimitError)
    return { outcome: "retry", reason: "rate-limited", afterMs: waitOf(error) };
  if (error instanceof DiscordAPIError) {
    if (isTokenRefused(error)) return { outcome: "retry", reason: "discord-token-refused" };
    const code = codeOf(error);
    const reason = code === null || code === 0 ? `status-${error.status}` : `discord-${code}`;
    return { outcome: code !== null && hopeless.has(code) ? "refused" : "retry", reason };
  }
  if (error instanceof HTTPError) return { outcome: "unknown", reason: `status-${error.status}` };
  if (neverLeft.has(networkCode(error))) return { outcome: "retry", reason: "no-connection" };
  return { outcome: "unknown", reason: "no-answer" };
}

/** A failure that leaves it unknown what became of an earlier attempt, with what is known of how long to wait. */
export const asUnknown = ({ reason, ...more }: Failure): Extract<Sent, { outcome: "unknown" }> => ({
  outcome: "unknown",
  reason,
  ...("afterMs" in more && more.afterMs !== undefined ? { afterMs: more.afterMs } : {}),
});

const waitOf = (error: RateLimitError): number => Math.max(1_000, error.retryAfter, error.timeToReset);

function networkCode(error: unknown): string {
  if (typeof error !== "object" || error === null) return "";
  if ("code" in error && typeof error.code === "string") return error.code;
  return "cause" in error ? networkCode(error.cause) : "";
}

const pausesMs = [250, 1_000, 3_000, 8_000];

/**
 * Calls again what may be done twice, such as writing the same answer: after a limit as long as Discord asks, after a
 * fault a little later, at most five times. `also` names further codes worth another try.
 */
export async function patiently(
  call: Call,
  request: Request,
  also: readonly number[] = [],
): Promise<unknown> {
  for (const pauseMs of pausesMs) {
    try {
      return await call(request);
    } catch (error) {
      const code = codeOf(error);
      const { outcome, reason, ...more } = readFailure(error);
      const isWorthIt =
        outcome === "unknown" ||
        ["rate-limited", "no-connection"].includes(reason) ||
        also.includes(code ?? -1);
      if (!isWorthIt) throw error;
      await sleep("afterMs" in more ? more.afterMs : pauseMs);
    }
  }
  return call(request);
}
