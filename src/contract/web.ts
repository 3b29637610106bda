import type { FastifyInstance, FastifyRequest } from "fastify";
import type { Actor } from "./actor.ts";

/** Somebody signed in to the pages. One human being may be several actors: an advisor who also clears replies. */
export interface Visitor {
  sessionId: string;
  /** Their handle in the register; null for who has none there, such as a forum's operator. */
  handle: string | null;
  /** Never empty; the least powerful first. */
  actors: readonly Actor[];
  /** Whether one of them may decide what the directory lists. */
  decides?: boolean;
  /** What every form of this session carries, so that no other site can send one. */
  formToken: string;
}

/** The pages as an adapter with pages of its own is given them. */
export interface WebTools {
  /** Lets the routes of this scope take what a form sends. */
  takeForms(scope: FastifyInstance): void;
  /** Who asks, on a route whose `access` is `session`. */
  visitorOf(request: FastifyRequest): Visitor;
  /** The language of a request's address, and the address of another page in it. */
  languageOf(request: FastifyRequest): "en" | "cy";
  addressOf(request: FastifyRequest, page: string): string;
  /** One page as HTML in the site's layout and the address's language. Every value is escaped. */
  render(request: FastifyRequest, template: string, values: Readonly<Record<string, unknown>>): string;
}
