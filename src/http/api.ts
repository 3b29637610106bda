import type {
  FastifyBaseLogger,
  FastifyInstance,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import type { Actor } from "../contract/actor.ts";
import { DomainError } from "../contract/errors.ts";

/** What a room's `routes.ts` is given: routes take zod schemas, and their inputs have the schemas' types. */
export type Api = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  ZodTypeProvider
>;

export const keyKinds = ["admin", "manager", "advisor", "person", "operator", "forum"] as const;
export type KeyKind = (typeof keyKinds)[number];

/**
 * Who may call a route, said by the route itself in `config.access`: anyone; whoever proves it to the route's own code
 * (a signature, a platform's token); or the bearers of these kinds of keys. A route that does not say is not registered.
 */
export type Access = "public" | "signature" | readonly KeyKind[];

declare module "fastify" {
  interface FastifyRequest {
    /** Who the bearer key proves; null on routes that take no key. */
    actor: Actor | null;
    /** The body's bytes as they came, empty where there was none. */
    rawBody: Buffer;
    /** What is wrong with a signed body, until it is known who sent it. */
    bodyFault: DomainError | null;
  }
  interface FastifyContextConfig {
    access?: Access;
  }
}

/** The caller of a route whose `access` lists kinds of keys. */
export function actorOf(request: { actor: Actor | null }): Actor {
  if (request.actor === null) throw new DomainError("access/unauthenticated");
  return request.actor;
}
