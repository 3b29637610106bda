import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { isObject, type Json, listOf, objectOf } from "../slack/json.ts";
import { type Answer, createFindings, failed, ok, unauthorized } from "./answers.ts";
import { appRoutes } from "./app-routes.ts";
import { callbackRoutes } from "./callbacks.ts";
import { channelRoutes, type Handler } from "./channels.ts";
import { commandRoutes } from "./commands.ts";
import { createRateLimits, type RateOptions, routeOf } from "./rate-limits.ts";
import { misshapen } from "./schema.ts";
import type { Fault, State, WireRequest } from "./state.ts";

/** Refusals that only a mistake in the body brings about. */
const badForms = [50035, 50006, 40094];
const slowMs = 30_000;
const mostBytes = 25 * 1024 * 1024;
const botRoutes = [...appRoutes, ...channelRoutes, ...commandRoutes];

interface Incoming {
  method: string;
  path: string;
  query: URLSearchParams;
  body: unknown;
  files: Json[];
  authorization: string | null;
}

export interface RestOptions {
  state: State;
  rates: RateOptions;
  fault(request: WireRequest): Fault | null;
  /** What an injected 429 asks to wait. */
  retryAfterSeconds(): number;
  gateway(): Json;
}

const bytesOf = async (request: IncomingMessage): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
};

/** A body as JSON, and files beside it where it came in parts. */
async function readBody(
  request: IncomingMessage,
  bytes: Buffer,
): Promise<{ body: unknown; files: Json[] } | Answer> {
  if (bytes.length > mostBytes) return failed(40005);
  if (bytes.length === 0) return { body: null, files: [] };
  const type = request.headers["content-type"] ?? "";
  if (type.startsWith("multipart/form-data")) {
    const form = await new Response(new Uint8Array(bytes), { headers: { "content-type": type } }).formData();
    const body = JSON.parse(String(form.get("payload_json") ?? "{}"));
    const files = [...form].flatMap(([field, value], i) => {
      if (typeof value === "string") return [];
      const told = body.attachments?.find(({ id }: { id: unknown }) => field === `files[${id}]`);
      const description = told?.description;
      return [
        { id: String(i), filename: value.name, size: value.size, url: `https://cdn.test/${i}`, description },
      ];
    });
    return { body, files };
  }
  if (!type.startsWith("application/json")) {
    const findings = createFindings();
    findings.add(["_"], "CONTENT_TYPE_INVALID", 'Expected "Content-Type" header to be application/json.');
    return findings.answer() ?? failed(50035);
  }
  try {
    return { body: JSON.parse(bytes.toString("utf8")), files: [] };
  } catch {
    return failed(50109);
  }
}

function send(response: ServerResponse, answer: Answer, headers: Record<string, string> = {}): void {
  if (response.destroyed) return;
  if (answer.status === 204) {
    response.writeHead(204, headers).end();
    return;
  }
  response.writeHead(answer.status, { "content-type": "application/json", ...headers });
  response.end(JSON.stringify(answer.body));
}

/** Discord's REST API, version 10, with its checks in its order: agent, token, limits, body, permissions. */
export function createRest(options: RestOptions) {
  const { state } = options;
  const limits = createRateLimits(options.rates);

  function find(routes: readonly [string, RegExp, Handler][], incoming: Incoming): (() => Answer) | null {
    for (const [method, pattern, handle] of routes) {
      const match = method === incoming.method ? pattern.exec(incoming.path) : null;
      if (!match) continue;
      const { query, body, files } = incoming;
      const call = { state, params: match.slice(1), query, body: objectOf(body), list: listOf(body), files };
      return () => handle(call);
    }
    return null;
  }

  function answer(incoming: Incoming, agent: string): Answer {
    if (!/^DiscordBot \(\S+, \S+\)/.test(agent)) {
      state.violations.push("a request without the agent that Discord asks for");
      return failed(50035);
    }
    const route = routeOf(incoming.path);
    const open = find(callbackRoutes, incoming);
    if (!open && incoming.authorization !== `Bot ${state.token}`) return unauthorized;
    if (incoming.path === "/gateway/bot") return ok(options.gateway());
    const run = open ?? find(botRoutes, incoming);
    if (!run) {
      state.violations.push(`${incoming.method} ${route}: no such route`);
      return failed(0);
    }
    const wrong = misshapen(incoming.method, route, incoming.body);
    if (wrong !== null) state.violations.push(`${incoming.method} ${route}: ${wrong}`);
    const answered = run();
    const { code } = objectOf(answered.body);
    if (badForms.some((known) => known === code) && !open)
      state.violations.push(`${incoming.method} ${route}: ${JSON.stringify(answered.body)}`);
    return answered;
  }

  function tooMany(waitSeconds: number, isGlobal: boolean): [Answer, Record<string, string>] {
    const body = { message: "You are being rate limited.", retry_after: waitSeconds, global: isGlobal };
    return [
      { status: 429, body },
      {
        "retry-after": String(Math.ceil(waitSeconds)),
        "x-ratelimit-scope": isGlobal ? "global" : "user",
        ...(isGlobal ? { "x-ratelimit-global": "true" } : {}),
      },
    ];
  }

  /** Answers as the fault says; false where the request goes its usual way. */
  function misbehave(
    fault: Fault | null,
    request: IncomingMessage,
    response: ServerResponse,
    act: () => Answer,
    note: (status: number) => void,
  ): boolean {
    if (fault === null) return false;
    if (fault === "429" || fault === "429-global") {
      note(429);
      const [limited, headers] = tooMany(options.retryAfterSeconds(), fault === "429-global");
      send(response, limited, headers);
    } else if (fault === "500" || fault === "applied-then-500") {
      if (fault === "applied-then-500") act();
      note(500);
      send(response, { status: 500, body: { message: "500: Internal Server Error", code: 0 } });
    } else if (fault === "slow") {
      note(0);
      setTimeout(() => send(response, act()), slowMs).unref();
    } else if (fault === "reset" || fault === "applied-then-reset") {
      if (fault === "applied-then-reset") act();
      note(0);
      request.socket.destroy();
    } else {
      const refused = failed(Number(fault.slice(6)));
      note(refused.status);
      send(response, refused);
    }
    return true;
  }

  /** An app that does not know whether its answer counted may give it again. */
  function excuse(path: string): void {
    const interaction = state.interactions.get(/^\/interactions\/\d+\/([^/]+)/.exec(path)?.[1] ?? "");
    if (interaction) interaction.copies += 1;
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", "http://discord.test");
    const method = request.method ?? "GET";
    const path = url.pathname.replace(/^\/api\/v10/, "");
    const authorization = request.headers.authorization ?? null;
    const read = await readBody(request, await bytesOf(request));
    const body = "files" in read ? read.body : null;
    const wire: WireRequest = {
      method,
      path,
      route: routeOf(path),
      body: isObject(body) || Array.isArray(body) ? (body as Json) : null,
      authorization,
      status: 0,
      atMs: state.now().getTime(),
    };
    state.requests.push(wire);
    const incoming: Incoming = {
      method,
      path,
      query: url.searchParams,
      body,
      files: "files" in read ? read.files : [],
      authorization,
    };
    const act = () => ("files" in read ? answer(incoming, request.headers["user-agent"] ?? "") : read);
    const fault = options.fault(wire);
    if (fault !== null) excuse(path);
    const note = (status: number) => {
      wire.status = status;
    };
    if (misbehave(fault, request, response, act, note)) return;
    const turn = limits.take(method, path);
    if (turn.waitSeconds > 0) {
      const [limited, headers] = tooMany(turn.waitSeconds, turn.isGlobal);
      note(429);
      send(response, limited, { ...turn.headers, ...headers });
      return;
    }
    const answered = act();
    note(answered.status);
    send(response, answered, turn.headers);
  }

  return createServer((request, response) => {
    serve(request, response).catch((error: unknown) => {
      state.violations.push(`the simulator failed: ${String(error)}`);
      response.destroy();
    });
  });
}
