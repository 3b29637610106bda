import { z } from "zod";
import { DomainError } from "../contract/errors.ts";
import { type Api, actorOf } from "../http/api.ts";
import { onceOf } from "../http/idempotency.ts";
import { answerOnce } from "../idempotency/index.ts";
import type { ApplyDeps } from "../register/index.ts";
import { exportDirectory, importDirectory } from "./exchange-directory.ts";
import { showHistory } from "./show-history.ts";
import { listingLinkFor } from "./withdraw-listing.ts";

const bodyLimit = 5 * 1024 * 1024;
const config = { access: ["admin", "person"] } as const;
const tags = ["directory"];
const Params = z.strictObject({ slug: z.string().min(1).max(80) });
const Query = z.strictObject({ dryRun: z.enum(["true", "false"]).default("false") });
const Applied = z.object({
  version: z.int(),
  applied: z.boolean(),
  changes: z.array(
    z.object({
      kind: z.enum(["add", "change", "remove", "rename"]),
      what: z.string(),
      slug: z.string(),
      from: z.string().optional(),
      fields: z.array(z.string()).optional(),
    }),
  ),
  warnings: z.array(z.object({ pointer: z.string(), detail: z.string(), hint: z.string().optional() })),
});
/** A file as it came, and what it is. */
const Sent = z.object({ text: z.string(), format: z.enum(["csv", "yaml"]) });

/** The directory as a file, in and out, for administrators and publishers; its history, and a forum's listing link. */
export function directoryFileRoutes(api: Api, deps: ApplyDeps): void {
  api.register(async (scope: Api) => {
    for (const [format, types] of [
      ["csv", ["text/csv"]],
      ["yaml", ["application/yaml", "text/yaml"]],
    ] as const)
      scope.addContentTypeParser([...types], { parseAs: "buffer", bodyLimit }, (request, bytes, done) => {
        if (!Buffer.isBuffer(bytes)) return done(null, undefined);
        request.rawBody = bytes;
        try {
          done(null, { format, text: new TextDecoder("utf-8", { fatal: true }).decode(bytes) });
        } catch (cause) {
          done(new DomainError("request/malformed", { detail: "The body is not well-formed UTF-8.", cause }));
        }
      });

    scope.get(
      "/v1/directory",
      { config, schema: { tags, summary: "The directory as YAML, or as CSV where text/csv is asked for" } },
      async (request, reply) => {
        const isCsv = /\btext\/csv\b/.test(request.headers.accept ?? "");
        const text = await exportDirectory(deps, isCsv ? "csv" : "yaml", actorOf(request));
        reply
          .header("vary", "accept")
          .type(isCsv ? "text/csv; charset=utf-8" : "application/yaml; charset=utf-8");
        return reply.send(text);
      },
    );

    scope.put(
      "/v1/directory",
      {
        config,
        bodyLimit,
        schema: {
          tags,
          summary: "Put entries into the directory; a forum that is not in the file is left alone",
          querystring: Query,
          body: Sent,
          response: { 200: Applied },
        },
      },
      async (request) => {
        const input = { ...request.body, dryRun: request.query.dryRun === "true" };
        return importDirectory(deps, input, actorOf(request));
      },
    );
  });

  api.get(
    "/v1/forums/:slug/history",
    {
      config: { access: "public" },
      schema: { tags, summary: "What changed in a forum's entry", params: Params },
    },
    async (request) => ({ items: await showHistory(deps, { forum: request.params.slug }) }),
  );

  api.post(
    "/v1/forums/:slug/listing-links",
    {
      config: { access: ["admin", "person", "operator"] },
      schema: {
        tags,
        summary: "The address with which a forum takes itself out of the directory",
        params: Params,
        body: z.strictObject({}).nullish(),
        response: { 200: z.object({ link: z.string() }) },
      },
    },
    async (request, reply) => {
      const { body } = await deps.transaction((tx) =>
        answerOnce(deps, tx, onceOf(request), async () => {
          const link = await listingLinkFor(deps, request.params.slug, actorOf(request));
          return { status: 200, body: { link } };
        }),
      );
      return reply.header("cache-control", "no-store").send(body);
    },
  );
}
