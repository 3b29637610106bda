import { type FastifyInstance, fastify } from "fastify";
import { Registry } from "prom-client";
import { DomainError } from "../contract/errors.ts";
import { answerClientError } from "./answers.ts";
import { serializerCompiler, validatorCompiler } from "./body.ts";
import { healthRoutes, type ReadinessCheck } from "./health.ts";
import { toProblem } from "./problems.ts";

/**
 * The application of a server that waits for its database to be migrated: it says that it lives and what it waits for, and
 * asks everybody else to come back.
 */
export function buildWaitingApp(checks: () => Promise<readonly ReadinessCheck[]>): FastifyInstance {
  const app = fastify({ logger: false, clientErrorHandler: answerClientError, forceCloseConnections: true });
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  healthRoutes(app, { checks, metrics: new Registry() });
  app.setNotFoundHandler(async (request, reply) => {
    const detail = "This server waits for its database to be migrated. Try again.";
    const problem = toProblem(new DomainError("service/unavailable", { detail }), request.id);
    return reply
      .code(problem.status)
      .header("retry-after", "5")
      .type("application/problem+json; charset=utf-8")
      .send(JSON.stringify(problem));
  });
  return app;
}
