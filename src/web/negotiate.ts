import { negotiate } from "@fastify/accept-negotiator";

/** Whether a caller of a page would rather have it as JSON; without a preference it is HTML. */
export const prefersJson = (accept: string | undefined): boolean =>
  accept !== undefined && negotiate(accept, ["text/html", "application/json"]) === "application/json";

/** Whether a refusal is read by a person: only where HTML was asked for by name. Anything else gets a problem as JSON. */
export const prefersHtml = (accept: string | undefined): boolean =>
  accept !== undefined &&
  negotiate(accept, ["application/problem+json", "application/json", "text/html"]) === "text/html";
