import type { FastifyInstance } from "fastify";

/** Takes a parameter of a `/v1` address that stands there without a value for one that was not given, as forms send it. */
export function installQueries(app: FastifyInstance): void {
  app.addHook("preValidation", async (request) => {
    if (!request.url.startsWith("/v1/")) return;
    const given = Object.entries(request.query ?? {}).filter(([, value]) => value !== "");
    request.query = Object.fromEntries(given);
  });
}
