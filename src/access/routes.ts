import { z } from "zod";
import type { Deps } from "../deps.ts";
import { type Api, actorOf, keyKinds } from "../http/api.ts";
import { onceOf } from "../http/idempotency.ts";
import { answerOnce } from "../idempotency/index.ts";
import { createKey, KeyBody } from "./create-key.ts";
import { AcknowledgementBody, acknowledgeGuidance, guidance } from "./guidance.ts";
import { listKeys } from "./list-keys.ts";
import { revokeKey } from "./revoke-key.ts";

const time = z.iso.datetime();
const key = { id: z.uuid(), name: z.string(), scopes: z.array(z.string()), expiresAt: time.nullable() };
const Created = z.object({ ...key, key: z.string().nullable().describe("Shown once; null in a repeat.") });
const Listed = z.object({
  items: z.array(z.object({ ...key, createdAt: time, revokedAt: time.nullable() })),
});
const Revoked = z.object({
  id: z.uuid(),
  name: z.string(),
  scopes: z.array(z.string()),
  revokedAt: time,
  usedFor: z.object({
    events: z.int(),
    lastAt: time.nullable(),
    counted: z.enum(["key", "owner"]),
  }),
});
const Guidance = z.object({ version: z.string(), text: z.string().describe("Markdown.") });
const Acknowledged = z.object({ advisor: z.string(), version: z.string(), at: time });

/** Keys and guidance. */
export function accessRoutes(api: Api, deps: Deps): void {
  keyRoutes(api, deps);
  guidanceRoutes(api, deps);
}

function keyRoutes(api: Api, deps: Deps): void {
  const config = { access: ["admin"] } as const;
  const tags = ["keys"];

  api.post(
    "/v1/keys",
    { config, schema: { tags, summary: "Make a key", body: KeyBody, response: { 201: Created } } },
    async (request, reply) => {
      const by = actorOf(request);
      const { status, body } = await deps.transaction((tx) =>
        answerOnce(deps, tx, onceOf(request), async () => {
          const created: z.input<typeof Created> = await createKey(deps, tx, request.body, by);
          return { status: 201 as const, body: created, kept: { ...created, key: null } };
        }),
      );
      return reply.code(status).header("cache-control", "no-store").send(body);
    },
  );

  api.get(
    "/v1/keys",
    { config, schema: { tags, summary: "Every key, newest first", response: { 200: Listed } } },
    async () => ({ items: await listKeys(deps) }),
  );

  api.delete(
    "/v1/keys/:id",
    {
      config,
      schema: {
        tags,
        summary: "Revoke a key; answers what was done with it",
        params: z.object({ id: z.string() }),
        response: { 200: Revoked },
      },
    },
    async (request) => revokeKey(deps, request.params.id, actorOf(request)),
  );
}

function guidanceRoutes(api: Api, deps: Deps): void {
  const tags = ["guidance"];

  api.get(
    "/v1/guidance",
    {
      config: { access: keyKinds },
      schema: { tags, summary: "What an advisor acknowledges", response: { 200: Guidance } },
    },
    async () => guidance(),
  );

  api.post(
    "/v1/guidance/acknowledgements",
    {
      config: { access: ["advisor", "admin"] },
      schema: {
        tags,
        summary: "Acknowledge the guidance, before the first claim",
        body: AcknowledgementBody,
        response: { 200: Acknowledged, 201: Acknowledged },
      },
    },
    async (request, reply) => {
      const { status, body } = await deps.transaction((tx) =>
        answerOnce(deps, tx, onceOf(request), async () => {
          const { isNew, ...kept } = await acknowledgeGuidance(deps, tx, request.body, actorOf(request));
          return { status: isNew ? (201 as const) : (200 as const), body: kept };
        }),
      );
      return reply.code(status).send(body);
    },
  );
}
