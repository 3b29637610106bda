import type {
  FastifyInstance,
  FastifySchemaCompiler,
  FastifySerializerCompiler,
  preValidationHookHandler,
} from "fastify";
import type { z } from "zod";
import { DomainError } from "../contract/errors.ts";
import { inputErrors } from "../contract/input.ts";
import { parseStrictJson } from "./strict-json.ts";

const maxDepth = 32;
const noBody = Buffer.alloc(0);

/**
 * Takes bodies as strict JSON only, and keeps their bytes as `request.rawBody`. An empty body is no body. Where a signature
 * proves who asks, it is about the bytes: what is wrong with the JSON is said after the proof, as a route's own hook.
 */
export function installBodies(app: FastifyInstance): void {
  app.decorateRequest("rawBody");
  app.decorateRequest("bodyFault", null);
  app.addHook("onRoute", (route) => {
    if (route.config?.access !== "signature") return;
    route.preValidation = [...[route.preValidation ?? []].flat(), refuseFault];
  });
  app.addHook("onRequest", (request, _reply, done) => {
    request.rawBody = noBody;
    if (request.url.includes("%00")) replaceNul(request.params);
    done(faultInUrl(request.url));
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser<Buffer>("application/json", { parseAs: "buffer" }, (request, bytes, done) => {
    request.rawBody = bytes;
    if (bytes.length === 0) return done(null, undefined);
    const parsed = parseStrictJson(bytes, { maxDepth });
    if (parsed.ok) return done(null, parsed.value);
    const { detail, pointer = "" } = parsed;
    const fault = new DomainError("request/malformed", { detail, errors: [{ pointer, detail }] });
    if (request.routeOptions.config.access !== "signature") return done(fault);
    request.bodyFault = fault;
    done(null, undefined);
  });
}

/** No text that is kept holds NUL. In a path it becomes a character that names nothing, so that each route says so itself. */
function replaceNul(params: unknown): void {
  const named = params as Record<string, string>;
  for (const [name, value] of Object.entries(named)) named[name] = value.replaceAll("\0", "\ufffd");
}

/** A question with NUL has no answer. */
function faultInUrl(url: string): DomainError | undefined {
  const question = url.indexOf("?");
  if (question === -1 || !url.includes("%00", question)) return undefined;
  const detail = "A string contains the character NUL.";
  return new DomainError("request/invalid", { errors: [{ pointer: "/query", detail }] });
}

const refuseFault: preValidationHookHandler = (request, _reply, done) => done(request.bodyFault ?? undefined);

/** Where a mistake in each part of a request is said to be; the body's pointers begin at the body itself. */
const prefixes: Record<string, string> = { querystring: "/query", params: "/path", headers: "/headers" };

/** Validates with zod and refuses with every mistake at once. No body counts as an empty object. */
export const validatorCompiler: FastifySchemaCompiler<z.ZodType> =
  ({ schema, httpPart }) =>
  (input) => {
    const parsed = schema.safeParse(httpPart === "body" ? (input ?? {}) : input);
    if (parsed.success) return { value: parsed.data };
    const errors = inputErrors(parsed.error.issues, prefixes[httpPart ?? ""]);
    return { error: new DomainError("request/invalid", { errors }) };
  };

/** Schemas of answers describe and are held by tests; checking each answer would refuse what is already committed. */
export const serializerCompiler: FastifySerializerCompiler<unknown> = () => (answer) =>
  JSON.stringify(answer);
