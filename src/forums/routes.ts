import { z } from "zod";
import type { Deps } from "../deps.ts";
import { type Api, actorOf } from "../http/api.ts";
import { onceOf } from "../http/idempotency.ts";
import { answerOnce } from "../idempotency/index.ts";
import type { ApplyDeps } from "../register/index.ts";
import { leaveForum } from "./leave-forum.ts";
import { issueLink } from "./links.ts";
import { issueSecret } from "./secrets.ts";

const time = z.iso.datetime();
const Params = z.strictObject({ slug: z.string().min(1).max(80) });
const SecretBody = z.strictObject({ revokeOld: z.boolean().optional() }).nullish();
const Secret = z.object({
  secret: z.string().nullable().describe("Shown once; null in a repeat."),
  previousValidUntil: time.nullable(),
});
const Link = z.object({
  code: z.string().nullable().describe("Shown once; null in a repeat."),
  expiresAt: time,
});

/** Secrets and joining codes of a forum, for administrators and the forum's operator. */
export function forumRoutes(api: Api, deps: Deps & Pick<ApplyDeps, "afterApply">): void {
  const config = { access: ["admin", "operator"] } as const;
  const tags = ["forums"];

  api.post(
    "/v1/forums/:slug/secrets",
    {
      config,
      schema: {
        tags,
        summary: "Make a signing secret",
        params: Params,
        body: SecretBody,
        response: { 201: Secret },
      },
    },
    async (request, reply) => {
      const input = { forum: request.params.slug, revokeOld: request.body?.revokeOld };
      const { status, body } = await deps.transaction((tx) =>
        answerOnce(deps, tx, onceOf(request), async () => {
          const issued: z.input<typeof Secret> = await issueSecret(deps, tx, input, actorOf(request));
          return { status: 201 as const, body: issued, kept: { ...issued, secret: null } };
        }),
      );
      return reply.code(status).header("cache-control", "no-store").send(body);
    },
  );

  api.post(
    "/v1/forums/:slug/links",
    {
      config,
      schema: {
        tags,
        summary: "Make a code that joins a server to this forum",
        params: Params,
        body: z.strictObject({}).nullish(),
        response: { 201: Link },
      },
    },
    async (request, reply) => {
      const { status, body } = await deps.transaction((tx) =>
        answerOnce(deps, tx, onceOf(request), async () => {
          const issued: z.input<typeof Link> = await issueLink(
            deps,
            tx,
            { forum: request.params.slug },
            actorOf(request),
          );
          return { status: 201 as const, body: issued, kept: { ...issued, code: null } };
        }),
      );
      return reply.code(status).header("cache-control", "no-store").send(body);
    },
  );

  api.post(
    "/v1/forums/:slug/leave",
    {
      config,
      schema: {
        tags,
        summary:
          "Leave: intake and secrets end at once, open referrals are withdrawn, content goes after 7 days",
        params: Params,
        body: z.strictObject({}).nullish(),
        response: { 200: z.object({ leftAt: time }) },
      },
    },
    async (request) => leaveForum(deps, { forum: request.params.slug }, actorOf(request), onceOf(request)),
  );
}
