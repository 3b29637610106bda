import type { FastifyPluginAsync } from "fastify";
import type { AdapterDeps } from "../../src/contract/adapter.ts";
import { DomainError } from "../../src/contract/errors.ts";
import { verifySlackRequest } from "./sdk.ts";

/** What Slack sent, and how to answer it. The shape is that of Bolt's receivers. */
export interface SlackEvent {
  body: Record<string, unknown>;
  ack: (answer?: unknown) => Promise<void>;
  retryNum?: number;
  retryReason?: string;
}

/** How far ahead of us Slack's clock may be; behind us it may be five minutes, which Bolt sees to. */
const aheadMs = 60_000;
/** Slack gives up after three seconds; what has not been acknowledged by then is answered as a fault. */
const patienceMs = 2_500;

/**
 * With each change of a form Slack sends the whole form back, encoded for a URL: at most 250 kB of view
 * (https://docs.slack.dev/reference/methods/views.open), which its encoding may make three times as long.
 */
const mostBytes = 1_000_000;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const single = (header: string | string[] | undefined): string =>
  Array.isArray(header) ? "" : (header ?? "");

/**
 * Slack's one request URL, `/slack/events`, for commands, interactions and events. Proves each request by its signature
 * over the bytes, with bounds on both sides of its time, and answers as soon as the listener acknowledges.
 */
export function createInbound(
  deps: Pick<AdapterDeps, "now">,
  signingSecret: string,
  process: (event: SlackEvent) => Promise<void>,
): FastifyPluginAsync {
  return async (app) => {
    app.removeAllContentTypeParsers();
    app.addContentTypeParser("*", { parseAs: "buffer" }, (_request, bytes, done) => done(null, bytes));

    app.post(
      "/slack/events",
      { config: { access: "public" }, schema: { hide: true }, bodyLimit: mostBytes },
      async (request, reply) => {
        const bytes = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
        const timestamp = single(request.headers["x-slack-request-timestamp"]);
        const signature = single(request.headers["x-slack-signature"]);
        prove(bytes, { timestamp, signature }, signingSecret, deps.now());
        const body = readBody(bytes.toString("utf8"), request.headers["content-type"] ?? "");
        if (body.type === "url_verification") return { challenge: body.challenge };
        if ("ssl_check" in body) return "";
        const retry = Number(single(request.headers["x-slack-retry-num"]));
        const answer = await acknowledged(process, body, retry);
        if (answer === null) return reply.code(503).send("");
        return reply
          .type(typeof answer === "string" ? "text/plain; charset=utf-8" : "application/json")
          .send(typeof answer === "string" ? answer : JSON.stringify(answer));
      },
    );
  };
}

function prove(
  bytes: Buffer,
  { timestamp, signature }: { timestamp: string; signature: string },
  signingSecret: string,
  now: Date,
): void {
  const body = bytes.toString("utf8");
  // A body that is no UTF-8 would be signed as other bytes than those that came.
  if (!/^\d{1,12}$/.test(timestamp) || !Buffer.from(body, "utf8").equals(bytes))
    throw refused("signature/invalid");
  const nowMilliseconds = now.getTime();
  if (Math.abs(Number(timestamp) * 1000 - nowMilliseconds) > 5 * 60_000) throw refused("signature/stale");
  if (Number(timestamp) * 1000 - nowMilliseconds > aheadMs) throw refused("signature/stale");
  try {
    const headers = { "x-slack-request-timestamp": Number(timestamp), "x-slack-signature": signature };
    verifySlackRequest({ signingSecret, body, headers, nowMilliseconds });
  } catch {
    throw refused("signature/invalid");
  }
}

const refused = (code: "signature/invalid" | "signature/stale"): DomainError => new DomainError(code);

/** Events are JSON; interactions are JSON in a form's `payload`; commands are a form. */
function readBody(text: string, type: string): Record<string, unknown> {
  try {
    if (type.includes("json")) return asObject(JSON.parse(text));
    const form = Object.fromEntries(new URLSearchParams(text));
    return form.payload === undefined ? form : asObject(JSON.parse(form.payload));
  } catch (cause) {
    throw new DomainError("request/malformed", { cause });
  }
}

function asObject(value: unknown): Record<string, unknown> {
  if (!isObject(value)) throw new DomainError("request/malformed");
  return value;
}

/** What the listener answers with; null where it does not in time. */
function acknowledged(
  process: (event: SlackEvent) => Promise<void>,
  body: Record<string, unknown>,
  retry: number,
): Promise<unknown> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(null), patienceMs);
    const settle = (answer: unknown) => {
      clearTimeout(timer);
      resolve(answer);
    };
    const event = { body, ack: async (answer?: unknown) => settle(answer ?? "") };
    process(retry > 0 ? { ...event, retryNum: retry } : event).catch(() => settle(null));
  });
}
