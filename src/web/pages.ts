import type { FastifyReply } from "fastify";

/** A page that anybody may open. The description of the API leaves pages out. */
export const publicPage = { config: { access: "public" }, schema: { hide: true } } as const;

export const html = "text/html; charset=utf-8";

/** How long browsers and proxies may keep a page. */
export const aMinute = "public, max-age=60";
export const aWhile = "public, max-age=300";

/** Sends a page that may be kept as `cacheControl` says. */
export const sendPage = (reply: FastifyReply, cacheControl: string, page: string): FastifyReply =>
  reply.type(html).header("cache-control", cacheControl).send(page);

/**
 * Marks the page of one person: it is not stored or indexed, and other sites are not told its address. A page whose forms
 * need the browser to name their origin is told apart by `same-origin`.
 */
export const keepPrivate = (
  reply: FastifyReply,
  referrer: "no-referrer" | "same-origin" = "no-referrer",
): FastifyReply =>
  reply
    .type(html)
    .header("cache-control", "no-store")
    .header("referrer-policy", referrer)
    .header("x-robots-tag", "noindex, nofollow");
