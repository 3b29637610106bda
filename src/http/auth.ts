import type { FastifyInstance } from "fastify";
import type { Actor } from "../contract/actor.ts";
import { DomainError } from "../contract/errors.ts";
import type { Access } from "./api.ts";

/** RFC 6750: the scheme in any case, one space or more, then the key. */
const bearerScheme = /^bearer +([\x21-\x7e]{1,512})$/i;

/**
 * Makes every route registered from here on say who may call it (`config.access`), and asks for a key where it must:
 * no key or a wrong one is `access/unauthenticated`, another kind of key `access/forbidden`, before the body is read.
 */
export function installAuth(app: FastifyInstance, authenticate: (bearer: string) => Promise<Actor>): void {
  app.decorateRequest("actor", null);
  app.addHook("onRoute", ({ method, url, config }) => {
    if (config?.access === undefined)
      throw new Error(
        `The route ${String(method)} ${url} does not say who may call it: give it config.access.`,
      );
  });
  app.addHook("onRequest", async (request) => {
    const access: Access = request.is404 ? "public" : (request.routeOptions.config.access ?? []);
    if (access === "public" || access === "signature") return;
    const actor = await authenticate(bearerOf(request.headers.authorization));
    if (!access.some((kind) => kind === actor.kind)) throw new DomainError("access/forbidden");
    request.actor = actor;
  });
}

/** The key of an `Authorization` header. Refuses its absence and every scheme but Bearer. */
export function bearerOf(header: string | undefined): string {
  if (header === undefined) throw new DomainError("access/unauthenticated");
  const bearer = bearerScheme.exec(header)?.[1];
  if (bearer === undefined)
    throw new DomainError("access/unauthenticated", {
      detail: "Send the key as Authorization: Bearer, with nothing before or after it.",
    });
  return bearer;
}
