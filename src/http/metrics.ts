import type { FastifyInstance } from "fastify";
import { collectDefaultMetrics, Histogram, type Registry } from "prom-client";
import type { Logger } from "../contract/adapter.ts";

/** Seconds, from a cached page to the longest a transaction may take. */
const buckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/**
 * Measures every request by method, route template and status, and answers `GET /metrics` with all the registry holds.
 * Labels are never taken from what a caller sent.
 */
export function installMetrics(app: FastifyInstance, metrics: Registry, logger: Logger): void {
  collectDefaultMetrics({ register: metrics });
  const durations = new Histogram({
    name: "fingerpost_http_request_duration_seconds",
    help: "Time from a request's first byte to the end of its answer",
    labelNames: ["method", "route", "status"],
    buckets,
    registers: [metrics],
  });

  app.addHook("onResponse", (request, reply, done) => {
    const { method, id: requestId } = request;
    const route = request.routeOptions.url ?? "none";
    const status = reply.statusCode;
    durations.observe({ method, route, status }, reply.elapsedTime / 1000);
    logger.debug("answered", { method, route, status, requestId, durationMs: Math.round(reply.elapsedTime) });
    done();
  });
}
