import type {
  FastifyBaseLogger,
  FastifyInstance,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import type { z } from "zod";
import type { Proof } from "../access/index.ts";
import type { Actor } from "../contract/actor.ts";
import { DomainError } from "../contract/errors.ts";
import type { Visitor } from "../contract/web.ts";

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
 * (a signature, a platform's token); whoever is signed in to the pages; or the bearers of these kinds of keys, and
 * people signed in who are of these kinds. A route that does not say is not registered.
 */
export type Access = "public" | "signature" | "session" | readonly KeyKind[];

declare module "fastify" {
  interface FastifyRequest {
    /** Who the bearer key or the session proves; null on routes that take none. */
    actor: Actor | null;
    /** Of an actor known from memory, whose key the route has still to prove. */
    proof: Proof | null;
    /** Who is signed in, where the route asks. */
    visitor: Visitor | null;
    /** The body's bytes as they came, empty where there was none. */
    rawBody: Buffer;
    /** What is wrong with a signed body, until it is known who sent it. */
    bodyFault: DomainError | null;
  }
  interface FastifyContextConfig {
    access?: Access;
    /** The route proves the key itself, by `request.proof`, before it answers with anything but a fault of the request. */
    provesKey?: boolean;
    /** What the description says of the body, where the route checks it by itself. */
    describesBody?: z.ZodType;
  }
}

/** The caller of a route whose `access` lists kinds of keys. */
export function actorOf(request: { actor: Actor | null }): Actor {
  if (request.actor === null) throw new DomainError("access/unauthenticated");
  return request.actor;
}
