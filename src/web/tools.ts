import type { FastifyRequest } from "fastify";
import { DomainError } from "../contract/errors.ts";
import type { Visitor, WebTools } from "../contract/web.ts";
import { takeForms } from "./forms.ts";
import { addressIn, openSite, readPath } from "./site.ts";

/** A page of somebody signed in, and where it is in the list of their pages. */
export interface OwnPage {
  path: string;
  name: "desk" | "engagement" | "operator" | "dashboard" | "proposals" | "admin";
}

/** The pages that somebody signed in may open, by what they may act as. */
export function pagesOf({ actors, decides }: Pick<Visitor, "actors" | "decides">): OwnPage[] {
  const kinds = new Set(actors.map(({ kind }) => kind));
  const answers = kinds.has("advisor") || kinds.has("person") || kinds.has("admin");
  const sees = kinds.has("manager") || kinds.has("admin") || kinds.has("advisor") || kinds.has("operator");
  return [
    ...(answers ? [{ path: "/desk", name: "desk" } as const] : []),
    ...(answers ? [{ path: "/engagement", name: "engagement" } as const] : []),
    ...(kinds.has("operator") ? [{ path: "/operator", name: "operator" } as const] : []),
    ...(sees ? [{ path: "/dashboard", name: "dashboard" } as const] : []),
    ...(decides ? [{ path: "/admin/proposals", name: "proposals" } as const] : []),
    ...(kinds.has("admin") ? [{ path: "/admin", name: "admin" } as const] : []),
  ];
}

/** Who asks, on a route whose `access` is `session`. */
export function visitorOf(request: FastifyRequest): Visitor {
  if (request.visitor === null) throw new DomainError("access/unauthenticated");
  return request.visitor;
}

/** One page for somebody signed in: not indexed, with their own pages in its head and a token in its forms. */
export function renderFor(
  request: FastifyRequest,
  template: string,
  values: Readonly<Record<string, unknown>>,
): string {
  const visitor = visitorOf(request);
  const frame = { ...readPath(request.url), isPrivate: true };
  return openSite().render(template, frame, { ...values, visitor, ownPages: pagesOf(visitor) });
}

/** The pages' tools for whoever has pages of their own. */
export const webTools: WebTools = {
  takeForms,
  visitorOf,
  languageOf: (request) => readPath(request.url).language,
  addressOf: (request, page) => addressIn(readPath(request.url).language, page),
  render: renderFor,
};
