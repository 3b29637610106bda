import swagger, { type SwaggerTransform } from "@fastify/swagger";
import swaggerUi from "@fastify/swagger-ui";
import type { FastifyInstance } from "fastify";
import { jsonSchemaTransform, jsonSchemaTransformObject } from "fastify-type-provider-zod";
import type { OpenAPIV3_1 } from "openapi-types";

/** The pages' own policy: scripts and styles of this origin; images as data, which the style sheet has. */
const docsPolicy =
  "default-src 'none'; base-uri 'none'; connect-src 'self'; font-src 'self'; form-action 'none'; " +
  "frame-ancestors 'none'; img-src 'self' data:; script-src 'self'; style-src 'self'";

const Problem: OpenAPIV3_1.SchemaObject = {
  type: "object",
  required: ["type", "title", "status", "detail", "code"],
  properties: {
    type: { type: "string", format: "uri" },
    title: { type: "string" },
    status: { type: "integer" },
    detail: { type: "string" },
    code: { type: "string", description: "A word of docs/errors.md, such as referral/already-claimed." },
    instance: { type: "string", format: "uri" },
    errors: {
      type: "array",
      items: {
        type: "object",
        required: ["pointer", "detail"],
        properties: { pointer: { type: "string" }, detail: { type: "string" }, hint: { type: "string" } },
      },
    },
  },
};

/**
 * Describes every route registered from here on. The pages under `/docs` are a plugin's, whose routes do not say
 * who may call them: it is said for them here, before `installAuth` makes every route say so itself.
 */
export async function installOpenApi(
  app: FastifyInstance,
  about: { version: string; baseUrl: string },
): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info: {
        title: "Fingerpost",
        version: about.version,
        description:
          "Connects moderators of peer-support forums with government advisors. Errors are RFC 9457 problems with a `code`.",
      },
      // The origin is the reader's own: without BASE_URL it is known only when the server listens.
      servers: [{ url: new URL(about.baseUrl).pathname }],
      components: {
        securitySchemes: {
          key: { type: "http", scheme: "bearer", description: "A key made with `fingerpost key create`." },
          signature: {
            type: "apiKey",
            in: "header",
            name: "webhook-signature",
            description: "Standard Webhooks, with webhook-id and webhook-timestamp.",
          },
        },
        schemas: { Problem },
      },
    },
    transform: describeRoute,
    transformObject: jsonSchemaTransformObject,
  });
  await app.register(async (pages) => {
    pages.addHook("onRoute", (route) => {
      route.config = { ...route.config, access: "public" };
    });
    await pages.register(swaggerUi, { routePrefix: "/docs", staticCSP: docsPolicy });
  });
}

/** `GET /openapi.json`, OpenAPI 3.1. */
export function openApiRoutes(app: FastifyInstance): void {
  const schema = { hide: true };
  app.get("/openapi.json", { config: { access: "public" }, schema }, async () => app.swagger());
}

/** Adds to a route's zod schemas what its `access` says and what every refusal looks like. */
const describeRoute: SwaggerTransform = (input) => {
  const access = input.route.config?.access;
  const body = input.route.config?.describesBody;
  const schema = { ...input.schema, ...(body === undefined ? {} : { body }) };
  const described = jsonSchemaTransform({ ...input, schema });
  const security =
    access === "public" ? [] : access === "signature" ? [{ signature: [] }, { key: [] }] : [{ key: [] }];
  return { ...described, schema: { ...described.schema, security, response: answersOf(described.schema) } };
};

function answersOf(schema: { response?: unknown }): object {
  const known = typeof schema.response === "object" && schema.response !== null ? schema.response : {};
  return {
    ...(Object.keys(known).length === 0 ? { "2xx": { type: "null", description: "Done." } } : known),
    default: {
      description: "A refusal.",
      content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
    },
  };
}
