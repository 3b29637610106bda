import type { Logger, Sent } from "../../src/contract/adapter.ts";
import {
  LogLevel,
  WebAPIHTTPError,
  WebAPIPlatformError,
  WebAPIRateLimitedError,
  WebAPIRequestError,
  WebClient,
  type WebClientOptions,
} from "./sdk.ts";

type Failure = Exclude<Sent, { outcome: "delivered" }>;

/** Longest a single call to Slack may take. */
const timeoutMs = 10_000;

/** What Slack will never take, however often it is sent. Everything else may be mended by a person in Slack. */
const hopeless = new Set([
  "invalid_blocks",
  "invalid_blocks_format",
  "msg_blocks_too_long",
  "msg_too_long",
  "no_text",
  "invalid_arguments",
]);

/** Errors of the network that say the request never left. */
const neverLeft = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "UND_ERR_CONNECT_TIMEOUT"]);

/** Settings of every client: no retries and no waiting of its own, because the outbox is the only retrier. */
export function clientOptions(settings: Readonly<Record<string, string>>, logger: Logger): WebClientOptions {
  const { apiUrl } = settings;
  return {
    ...(apiUrl === undefined ? {} : { slackApiUrl: apiUrl.endsWith("/") ? apiUrl : `${apiUrl}/` }),
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    timeout: timeoutMs,
    allowAbsoluteUrls: false,
    logger: quiet(logger),
  };
}

/** The SDK's own words may quote what was sent: only that it complained is logged. */
export function quiet(logger: Logger) {
  return {
    debug: () => {},
    info: () => {},
    warn: () => logger.debug("Slack's SDK warned.", { adapter: "slack" }),
    error: () => logger.warn("Slack's SDK met an error.", { adapter: "slack" }),
    setLevel: () => {},
    getLevel: () => LogLevel.ERROR,
    setName: () => {},
  };
}

export const createClient = (token: string, options: WebClientOptions): WebClient =>
  new WebClient(token, options);

/** The name of an error that Slack itself answered with, such as `channel_not_found`; null for any other fault. */
export const slackError = (error: unknown): string | null =>
  error instanceof WebAPIPlatformError ? error.data.error : null;

/** What a failed call means for a delivery: surely not applied, never possible, or of unknown fate. */
export function readFailure(error: unknown): Failure {
  if (error instanceof WebAPIRateLimitedError)
    return { outcome: "retry", reason: "rate-limited", afterMs: Math.max(1, error.retryAfter) * 1000 };
  const code = slackError(error);
  if (code !== null) {
    const reason = `slack-${code.replaceAll("_", "-")}`.slice(0, 60);
    if (hopeless.has(code)) return { outcome: "refused", reason };
    // Slack says of these two that the message may have been taken all the same.
    if (code === "internal_error" || code === "fatal_error") return { outcome: "unknown", reason };
    return { outcome: "retry", reason };
  }
  if (error instanceof WebAPIHTTPError) return { outcome: "unknown", reason: `status-${error.statusCode}` };
  if (error instanceof WebAPIRequestError && neverLeft.has(networkCode(error.original)))
    return { outcome: "retry", reason: "no-connection" };
  return { outcome: "unknown", reason: "no-answer" };
}

function networkCode(error: unknown): string {
  if (typeof error !== "object" || error === null) return "";
  if ("code" in error && typeof error.code === "string") return error.code;
  return "cause" in error ? networkCode(error.cause) : "";
}

/** Ends with `null` when the signal does, though the call itself goes on: its fate is then not known. */
export async function untilStopped<T>(call: Promise<T>, signal: AbortSignal): Promise<T | null> {
  const stopped = new Promise<null>((resolve) => {
    if (signal.aborted) resolve(null);
    signal.addEventListener("abort", () => resolve(null), { once: true });
  });
  call.catch(() => {});
  return Promise.race([call, stopped]);
}
