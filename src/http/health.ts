import type { FastifyInstance } from "fastify";
import type { Registry } from "prom-client";
import { z } from "zod";

/** One thing this instance needs in order to serve, and whether it has it. `detail` is safe to show. */
export interface ReadinessCheck {
  name: string;
  ok: boolean;
  detail: string;
}

const Readiness = z.object({
  ready: z.boolean(),
  checks: z.array(z.object({ name: z.string(), ok: z.boolean(), detail: z.string() })),
});

/** `GET /livez`, `/readyz` (503 with the list until every check holds) and `/metrics`. */
export function healthRoutes(
  app: FastifyInstance,
  deps: { checks(): Promise<readonly ReadinessCheck[]>; metrics: Registry },
): void {
  const config = { access: "public" } as const;

  app.get(
    "/livez",
    { config, schema: { tags: ["service"], summary: "Whether this process answers at all" } },
    async () => ({ live: true }),
  );

  app.get(
    "/readyz",
    {
      config,
      schema: {
        tags: ["service"],
        summary: "Whether the database is reached and migrated and the worker runs",
        response: { 200: Readiness, 503: Readiness },
      },
    },
    async (_request, reply) => {
      const checks = await deps.checks();
      const ready = checks.every(({ ok }) => ok);
      return reply
        .code(ready ? 200 : 503)
        .header("cache-control", "no-store")
        .send({ ready, checks });
    },
  );

  app.get(
    "/metrics",
    { config, schema: { tags: ["service"], summary: "Measurements for Prometheus, without personal data" } },
    async (_request, reply) => reply.type(deps.metrics.contentType).send(await deps.metrics.metrics()),
  );
}
