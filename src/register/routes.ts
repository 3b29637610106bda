import { z } from "zod";
import { DomainError } from "../contract/errors.ts";
import { type Api, actorOf } from "../http/api.ts";
import { type ApplyDeps, applyRegister } from "./apply-register.ts";
import { RegisterDocument } from "./document.ts";
import { exportRegister, toYaml } from "./export-register.ts";
import { readRegisterText } from "./parse-document.ts";

const bodyLimit = 5 * 1024 * 1024;

const Change = z.object({
  kind: z.enum(["add", "change", "remove", "rename"]),
  what: z.string(),
  slug: z.string(),
  from: z.string().optional(),
  fields: z.array(z.string()).optional(),
});
const Applied = z.object({
  version: z.int(),
  applied: z.boolean(),
  changes: z.array(Change),
  warnings: z.array(z.object({ pointer: z.string(), detail: z.string(), hint: z.string().optional() })),
});
const Query = z.strictObject({ dryRun: z.enum(["true", "false"]).default("false") });

/** The register as one document, for administrators: JSON, or YAML where `application/yaml` is sent or asked for. */
export function registerRoutes(api: Api, deps: ApplyDeps): void {
  const config = { access: ["admin"] } as const;
  const tags = ["register"];

  api.register(async (scope: Api) => {
    scope.addContentTypeParser(
      ["application/yaml", "text/yaml"],
      { parseAs: "buffer", bodyLimit },
      (request, bytes, done) => {
        if (!Buffer.isBuffer(bytes)) return done(null, undefined);
        request.rawBody = bytes;
        try {
          done(null, readRegisterText(new TextDecoder("utf-8", { fatal: true }).decode(bytes)));
        } catch (error) {
          done(error instanceof DomainError ? error : new DomainError("request/malformed", { cause: error }));
        }
      },
    );

    scope.get(
      "/v1/register",
      { config, schema: { tags, summary: "The register in force", response: { 200: z.unknown() } } },
      async (request, reply) => {
        const register = await deps.register(deps.db);
        reply.header("etag", `"${register.version}"`).header("vary", "accept");
        const content = exportRegister(register);
        if (!/\byaml\b/.test(request.headers.accept ?? "")) return content;
        return reply.type("application/yaml; charset=utf-8").send(toYaml(content));
      },
    );

    scope.put(
      "/v1/register",
      {
        config,
        bodyLimit,
        // The use case checks the document and says what is wrong in the register's own words.
        attachValidation: true,
        schema: {
          tags,
          summary: "Apply a register",
          querystring: Query,
          body: RegisterDocument,
          response: { 200: Applied },
        },
      },
      async (request) => {
        const query = Query.safeParse(request.query);
        if (!query.success) throw request.validationError ?? new DomainError("request/invalid");
        return applyRegister(
          deps,
          { document: request.body, dryRun: query.data.dryRun === "true" },
          actorOf(request),
        );
      },
    );
  });
}
