import { z } from "zod";
import { actAs } from "../access/index.ts";
import { lengths } from "../contract/bodies.ts";
import { parseInput } from "../contract/input.ts";
import { Language, Nation, State, Urgency } from "../contract/vocabulary.ts";
import type { Deps } from "../deps.ts";
import { type Api, actorOf } from "../http/api.ts";
import { onceOf } from "../http/idempotency.ts";
import { answerOnce, askOnce } from "../idempotency/index.ts";
import { checkReply } from "./check-reply.ts";
import { explainReferral } from "./explain-referral.ts";
import { performVerb } from "./perform-verb.ts";
import { DirectReplyBody, recordDirectReply } from "./record-direct-reply.ts";
import { listReferrals, showReferral } from "./show-referral.ts";
import { summaries } from "./summaries.ts";
import type { Verb } from "./verb.ts";
import { verbs } from "./verbs.ts";

const readers = ["admin", "advisor", "person", "operator", "forum"] as const;
const tags = ["referrals"];
const Reference = z.object({ ref: z.string().min(1).max(40) });
/** Answers are made by one function for every viewpoint; the schema says what all of them have. */
const Referral = z.looseObject({
  reference: z.string(),
  state: z.string(),
  version: z.int(),
  forum: z.object({ slug: z.string(), name: z.string() }),
  pool: z.object({ slug: z.string(), name: z.string() }).nullable(),
});

/** Members that every verb's body may have beside its own. */
const envelope = { version: z.int().min(1).optional(), as: z.string().min(1).max(200).optional() };
const Envelope = z.looseObject(envelope);

/** One state or several, divided by commas. */
const States = z
  .string()
  .max(200)
  .superRefine((text, context) => {
    if (text.split(",").every((state) => State.safeParse(state).success)) return;
    const hint = `One or more of ${State.options.join(", ")}, divided by commas.`;
    context.addIssue({ code: "custom", message: "This is not a state.", params: { hint } });
  });

const List = z.strictObject({
  state: States.optional(),
  pool: z.string().max(200).optional(),
  forum: z.string().max(200).optional(),
  q: z.string().max(100).optional(),
  waiting: z.enum(["reply", "question", "consent"]).optional(),
  replies: z.literal("waiting").optional(),
  cursor: z.uuid().optional(),
  limit: z.coerce.number().int().min(1).max(100).optional(),
});

const Explain = z.strictObject({
  forum: z.string().min(1).max(200),
  text: z.string().min(1).max(10_000),
  topic: z.string().max(200).optional(),
  board: z.string().max(200).optional(),
  nation: Nation.optional(),
  area: z.string().max(200).optional(),
  audience: z.array(z.string().max(200)).max(10).optional(),
  language: Language.optional(),
  urgency: Urgency.optional(),
});

/** Reading referrals, asking where one would go, and every verb under an address of its own. */
export function referralRoutes(api: Api, deps: Deps): void {
  api.get(
    "/v1/referrals",
    {
      config: { access: readers },
      schema: {
        tags,
        summary: "Referrals you may see, newest first",
        querystring: List,
        response: { 200: z.object({ items: z.array(Referral), nextCursor: z.string().nullable() }) },
      },
    },
    async (request) => {
      const { replies, ...query } = request.query;
      return listReferrals(deps, { ...query, ...(replies ? { waiting: "reply" } : {}) }, actorOf(request));
    },
  );

  api.get(
    "/v1/referrals/:ref",
    {
      config: { access: readers },
      schema: {
        tags,
        summary: "One referral, as you may see it",
        params: Reference,
        response: { 200: Referral },
      },
    },
    async (request) => showReferral(deps, request.params.ref, actorOf(request)),
  );

  api.post(
    "/v1/explain",
    {
      config: { access: ["admin", "manager", "forum", "operator", "person"] },
      schema: {
        tags,
        summary: "Where a text would go, and why, without submitting it",
        body: Explain,
        response: { 200: z.looseObject({}) },
      },
    },
    async (request) =>
      askOnce(deps, onceOf(request), async (asked) => ({
        ...(await explainReferral(asked, request.body, actorOf(request))),
      })),
  );

  api.post(
    "/v1/referrals/:ref/check",
    {
      config: { access: readers },
      schema: {
        tags,
        summary: "What to look at before a reply is sent; keeps nothing",
        params: Reference,
        body: z.strictObject({ text: z.string().trim().min(1).max(lengths.reply) }),
        response: {
          200: z.object({
            findings: z.array(z.object({ code: z.string(), says: z.string(), stops: z.boolean() })),
            origins: z.array(
              z.object({
                reference: z.string(),
                forum: z.object({ slug: z.string(), name: z.string() }),
              }),
            ),
          }),
        },
      },
    },
    async (request) =>
      askOnce(deps, onceOf(request), (asked) =>
        checkReply(asked, request.params.ref, request.body.text, actorOf(request)),
      ),
  );

  directReplyRoute(api, deps);
  for (const verb of verbs.values()) verbRoute(api, deps, verb);
}

function directReplyRoute(api: Api, deps: Deps): void {
  const verify = z.object({ code: z.string(), url: z.string() });
  api.post(
    "/v1/forums/:slug/direct-replies",
    {
      config: { access: ["advisor"] },
      schema: {
        tags,
        summary: "Record what an advisor wrote on a forum that agreed to direct participation",
        params: z.object({ slug: z.string().min(1).max(80) }),
        body: DirectReplyBody,
        response: { 201: z.object({ id: z.uuid(), verify, deliveredAt: z.iso.datetime() }) },
      },
    },
    async (request, reply) => {
      const { status, body } = await deps.transaction((tx) =>
        answerOnce(deps, tx, onceOf(request), async () => ({
          status: 201 as const,
          body: await recordDirectReply(deps, tx, request.params.slug, request.body, actorOf(request)),
        })),
      );
      return reply.code(status).send(body);
    },
  );
}

/** A verb's body as it is sent: with the members that every one of them may have. */
function bodyOf(body: z.ZodType): z.ZodType {
  if (body instanceof z.ZodObject) return body.extend(envelope);
  if (!(body instanceof z.ZodUnion)) return body;
  return z.union(body.options.flatMap((option) => (option instanceof z.ZodType ? bodyOf(option) : [])));
}

function verbRoute(api: Api, deps: Deps, verb: Verb): void {
  api.post(
    `/v1/referrals/:ref/${verb.name}`,
    {
      config: { access: readers, provesKey: verb.atOnce !== undefined, describesBody: bodyOf(verb.body) },
      schema: {
        tags,
        summary: summaries[verb.name] ?? verb.name,
        params: Reference,
        body: Envelope.default({}),
        response: { [verb.answers]: Referral },
      },
    },
    async (request, reply) => {
      const { as, version, ...body } = parseInput(Envelope, request.body ?? {});
      const caller = actorOf(request);
      if (as !== undefined) await request.proof?.renew();
      const actor = as === undefined ? caller : actAs(caller, as, await deps.register(deps.db));
      const once = onceOf(request);
      const answered = await performVerb(deps, verb, {
        reference: request.params.ref,
        body,
        actor,
        version,
        once,
        proof: request.proof ?? undefined,
      });
      return reply.code(answered.status).send(answered.body);
    },
  );
}
