import { STATUS_CODES } from "node:http";
import type { Socket } from "node:net";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Logger } from "../contract/adapter.ts";
import { DomainError } from "../contract/errors.ts";
import { statusOf, toDomainError, toProblem } from "./problems.ts";

const problemType = "application/problem+json; charset=utf-8";
/** Seconds a caller is asked to wait where the refusal does not say. */
const defaultWaitSeconds = 2;
const minuteMs = 60_000;

/** What a refusal looks like to a person; null where it is a program that asks. */
export type ErrorPage = (refused: {
  url: string;
  accept: string | undefined;
  status: number;
  requestId: string;
}) => string | null;

/** Answers every error, and every address that does not exist, as RFC 9457 has it, or as a page where people read it. */
export function installAnswers(
  app: FastifyInstance,
  logger: Logger,
  failedAttemptsPerMinute: number,
  errorPage: ErrorPage,
): void {
  const countFailure = app.createRateLimit({ max: failedAttemptsPerMinute, timeWindow: minuteMs });
  const methodsFor = collectMethods(app);

  const answer = async (error: unknown, request: FastifyRequest, reply: FastifyReply) => {
    const first = toDomainError(error);
    const refusal = statusOf[first.code] === 401 ? await limited(first, request) : first;
    const problem = toProblem(refusal, request.id);
    if (problem.status >= 500) report(logger, request, refusal);
    const { url, id: requestId, headers } = request;
    const page = errorPage({ url, accept: headers.accept, status: problem.status, requestId });
    reply
      .code(problem.status)
      .type(page === null ? problemType : "text/html; charset=utf-8")
      .headers(headersOf(refusal));
    return page ?? problem;
  };

  /** Failed proofs are counted by address, so that guessing has an end; whoever proves who they are never waits. */
  const limited = async (refusal: DomainError, request: FastifyRequest): Promise<DomainError> => {
    const count = await countFailure(request);
    if (count.isAllowed || !count.isExceeded) return refusal;
    return new DomainError("request/rate-limited", { fields: { retryAfterSeconds: count.ttlInSeconds } });
  };

  app.addHook("onRequest", (request, reply, done) => {
    reply.header("x-request-id", request.id);
    done();
  });
  app.setErrorHandler(answer);
  app.setNotFoundHandler(async (request, reply) => {
    const allow = methodsFor(request.url);
    const refusal =
      allow.length === 0
        ? new DomainError("request/not-found")
        : new DomainError("request/method-not-allowed", { fields: { allow } });
    return reply.send(await answer(refusal, request, reply));
  });
}

function report(logger: Logger, request: FastifyRequest, refusal: DomainError): void {
  const fields = {
    requestId: request.id,
    method: request.method,
    route: request.routeOptions.url ?? "none",
    code: refusal.code,
  };
  if (refusal.code === "service/fault") logger.error("a request met a fault", fields, refusal.cause);
  else logger.warn("a request could not be served", fields);
}

function headersOf({ code, fields }: DomainError): Record<string, string> {
  const status = statusOf[code];
  if (status === 401) return { "www-authenticate": 'Bearer realm="fingerpost"' };
  if (status === 405 && Array.isArray(fields.allow)) return { allow: fields.allow.join(", ") };
  if (status !== 429 && status !== 503) return {};
  const { retryAfterSeconds } = fields;
  return {
    "retry-after": String(typeof retryAfterSeconds === "number" ? retryAfterSeconds : defaultWaitSeconds),
  };
}

/** Remembers the routes registered from here on; answers which methods a path takes. */
function collectMethods(app: FastifyInstance): (url: string) => string[] {
  const routes = new Map<string, { path: RegExp; methods: Set<string> }>();
  app.addHook("onRoute", ({ url, method }) => {
    const route = routes.get(url) ?? { path: patternOf(url), methods: new Set() };
    for (const name of [method].flat()) route.methods.add(name);
    routes.set(url, route);
  });
  return (url) => {
    const path = url.split("?", 1)[0] ?? "";
    const matching = [...routes.values()].filter((route) => route.path.test(path));
    return [...new Set(matching.flatMap(({ methods }) => [...methods]))].sort();
  };
}

function patternOf(url: string): RegExp {
  const source = url
    .split(/(:[A-Za-z0-9_]+|\*)/)
    .map((part) => {
      if (part === "*") return ".*";
      return part.startsWith(":") ? "[^/]*" : part.replace(/[.+?^${}()|[\]\\]/g, "\\$&");
    })
    .join("");
  return new RegExp(`^${source}$`);
}

/** What a connection is told when no request could be made of it: too slow, too much, or not HTTP. */
export function answerClientError(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === "ECONNRESET" || socket.destroyed) return;
  if (socket.writable) {
    const { status, body } = clientProblem(error.code);
    socket.write(
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nconnection: close\r\ncontent-type: ${problemType}\r\n` +
        `content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    );
  }
  socket.destroy(error);
}

function clientProblem(code: string | undefined): { status: number; body: string } {
  const refusal =
    code === "ERR_HTTP_REQUEST_TIMEOUT"
      ? new DomainError("request/timed-out")
      : code === "HPE_HEADER_OVERFLOW"
        ? new DomainError("request/too-large", { detail: "The headers are larger than this service takes." })
        : new DomainError("request/malformed", { detail: "This is not a request this service can read." });
  const problem = toProblem(refusal);
  return { status: problem.status, body: JSON.stringify(problem) };
}
