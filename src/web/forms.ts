import type { FastifyInstance } from "fastify";
import { z } from "zod";

/**
 * Lets the routes of this scope, and no others, take what a form sends. A field sent twice counts once, the last; NUL,
 * which no text may hold, is left out.
 */
export function takeForms(scope: FastifyInstance): void {
  scope.addContentTypeParser<string>(
    "application/x-www-form-urlencoded",
    { parseAs: "string" },
    (_request, body, done) =>
      done(
        null,
        Object.fromEntries(
          [...new URLSearchParams(body)].map((pair) => pair.map((text) => text.replaceAll("\0", ""))),
        ),
      ),
  );
}

/** A form's field as text, whatever was sent: absent is empty. */
export const field = z.string().catch("");
