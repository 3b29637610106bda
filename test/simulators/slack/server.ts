import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { type Json, objectOf, textOf } from "./json.ts";
import { createLimits } from "./limits.ts";
import { type Answer, failed, methods, scopesFor } from "./methods.ts";
import type { Fault, State } from "./state.ts";

const slowMs = 30_000;
const jsonParts = ["blocks", "view", "metadata", "user_ids"];
const booleans = ["unfurl_links", "unfurl_media", "link_names", "include_all_metadata", "inclusive"];

/** Arguments as Slack reads them: form fields, some of which hold JSON. */
function readArgs(body: string): Json {
  const args: Json = {};
  for (const [name, value] of new URLSearchParams(body)) {
    if (jsonParts.includes(name)) args[name] = JSON.parse(value);
    else args[name] = booleans.includes(name) ? value === "true" : value;
  }
  return args;
}

const bodyOf = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
};

export interface WebApiOptions {
  state: State;
  now(): Date;
  burst: number;
  fault(method: string, args: Json): Fault | null;
  /** Where Socket Mode connects. */
  socketUrl(): string | null;
}

/** Slack's Web API over HTTP, with its checks in its order: token, scope, limits, arguments. */
export function createWebApi(options: WebApiOptions) {
  const { state } = options;
  const limits = createLimits(options.now, options.burst);

  function call(method: string, token: string, args: Json): Answer {
    if (method === "apps.connections.open") {
      const url = options.socketUrl();
      if (token !== state.appToken) return failed("not_allowed_token_type");
      return url === null ? failed("internal_error") : { ok: true, url };
    }
    if (token !== state.botToken) return failed("invalid_auth");
    const known = methods[method];
    if (!known) {
      state.violations.push(`${method}: the simulator knows no such method`);
      return failed("unknown_method");
    }
    const needed = scopesFor(state, method, args);
    const missing = needed.find((scope) => !state.scopes.has(scope));
    if (missing !== undefined) {
      state.violations.push(`${method}: called without the scope ${missing}`);
      return failed("missing_scope", { needed: missing, provided: [...state.scopes].join(",") });
    }
    return known(state, args);
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname } = new URL(request.url ?? "/", "http://slack.test");
    const body = await bodyOf(request);
    if (pathname.startsWith("/response/")) {
      respond(pathname.slice(10), body, response);
      return;
    }
    const method = pathname.replace(/^\/api\//, "");
    const args = readArgs(body);
    const token = textOf(request.headers.authorization).replace(/^Bearer /, "");
    state.called.set(method, (state.called.get(method) ?? 0) + 1);
    const fault = options.fault(method, args);
    const wait = fault === "429" ? 30 : limits.take(method, textOf(args.channel));
    if (wait > 0) {
      send(response, 429, failed("ratelimited"), { "retry-after": String(wait) });
      return;
    }
    if (fault === "500") {
      send(response, 500, failed("internal_error"));
      return;
    }
    if (fault === "reset") {
      request.socket.destroy();
      return;
    }
    if (fault === "slow") {
      setTimeout(() => send(response, 200, call(method, token, args)), slowMs).unref();
      return;
    }
    if (fault?.startsWith("error:")) {
      send(response, 200, failed(fault.slice(6)));
      return;
    }
    const answered = call(method, token, args);
    if (fault === "applied-then-reset") {
      request.socket.destroy();
      return;
    }
    const scopes = { "x-oauth-scopes": [...state.scopes].join(",") };
    send(response, 200, answered, scopes);
  }

  function respond(id: string, body: string, response: ServerResponse): void {
    const entry = state.responseUrls.get(id);
    if (!entry || entry.uses >= 5 || state.elapsedMs() - entry.atMs > 30 * 60_000) {
      state.violations.push("response_url: used up, too old or unknown");
      send(response, 404, failed("used_url"));
      return;
    }
    entry.uses += 1;
    const sent = objectOf(JSON.parse(body));
    state.answers.push({ user: entry.user, body: sent });
    send(response, 200, { ok: true });
  }

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      state.violations.push(`the simulator failed: ${String(error)}`);
      response.destroy();
    });
  });
  return server;
}

function send(
  response: ServerResponse,
  status: number,
  body: Json,
  headers: Record<string, string> = {},
): void {
  if (response.destroyed) return;
  response.writeHead(status, { "content-type": "application/json; charset=utf-8", ...headers });
  response.end(JSON.stringify(body));
}
