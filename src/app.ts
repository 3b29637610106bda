import { randomUUID } from "node:crypto";
import cookie from "@fastify/cookie";
import rateLimit from "@fastify/rate-limit";
import { type FastifyInstance, type FastifyPluginAsync, fastify } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import type { Registry } from "prom-client";
import { answerClientError, installAnswers } from "./http/answers.ts";
import type { Api } from "./http/api.ts";
import { installAuth, type Proofs } from "./http/auth.ts";
import { installBodies, serializerCompiler, validatorCompiler } from "./http/body.ts";
import { healthRoutes, type ReadinessCheck } from "./http/health.ts";
import { type Limits, limits } from "./http/limits.ts";
import { installMetrics } from "./http/metrics.ts";
import { installOpenApi, openApiRoutes } from "./http/openapi.ts";
import { installSecurityHeaders } from "./http/policy.ts";
import { installQueries } from "./http/queries.ts";
import type { WebDeps } from "./web/deps.ts";
import { errorPage } from "./web/error-page.ts";

export interface AppDeps extends WebDeps {
  authenticate: Proofs["authenticate"];
  recall?: NonNullable<Proofs["recall"]>;
  /** The `routes` of each room. */
  routes: readonly ((api: Api, deps: AppDeps) => void)[];
  /** What the adapters that are on receive, each in a scope of its own. */
  inbound: readonly FastifyPluginAsync[];
  /** What `/readyz` asks. */
  checks(): Promise<readonly ReadinessCheck[]>;
  metrics: Registry;
  /** Proxies whose X-Forwarded-For is believed: addresses and ranges. */
  trustProxy: readonly string[];
  version: string;
  limits?: Partial<Limits>;
}

/** The HTTP application, ready but not listening. */
export async function buildApp(deps: AppDeps): Promise<FastifyInstance> {
  const { requestMs, headersMs, checkConnectionsMs, bodyBytes, failedAttemptsPerMinute } = {
    ...limits,
    ...deps.limits,
  };
  const app = fastify({
    logger: false,
    bodyLimit: bodyBytes,
    requestTimeout: requestMs,
    http: { headersTimeout: headersMs, connectionsCheckingInterval: checkConnectionsMs },
    trustProxy: deps.trustProxy.length === 0 ? false : [...deps.trustProxy],
    genReqId: () => randomUUID(),
    clientErrorHandler: answerClientError,
    forceCloseConnections: "idle",
  });

  installSecurityHeaders(app);
  await app.register(rateLimit, { global: false });
  await app.register(cookie);
  installMetrics(app, deps.metrics, deps.logger);
  installAnswers(app, deps.logger, failedAttemptsPerMinute, errorPage);
  await installOpenApi(app, deps);
  installAuth(app, deps);
  installBodies(app);
  installQueries(app);

  await app.register(async (scope) => {
    scope.setValidatorCompiler(validatorCompiler);
    scope.setSerializerCompiler(serializerCompiler);
    const api = scope.withTypeProvider<ZodTypeProvider>();
    healthRoutes(api, deps);
    openApiRoutes(api);
    for (const routes of deps.routes) routes(api, deps);
  });
  for (const plugin of deps.inbound) await app.register(plugin);

  await app.ready();
  return app;
}
