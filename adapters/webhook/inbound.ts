import type { FastifyPluginAsync, FastifyRequest, FastifySchemaCompiler } from "fastify";
import { z } from "zod";
import type { Actor } from "../../src/contract/actor.ts";
import type { AdapterDeps } from "../../src/contract/adapter.ts";
import { ForumEvent, QuestionBody, ReferralBody } from "../../src/contract/bodies.ts";
import type { Inbound } from "../../src/contract/core-api.ts";
import { DomainError } from "../../src/contract/errors.ts";
import { parseInput } from "../../src/contract/input.ts";
import { verify } from "./signature.ts";

const Params = z.object({ slug: z.string().min(1).max(200) });
const Key = z.string().regex(/^[!-~]{1,256}$/, { error: "An id is 1 to 256 visible ASCII characters." });
const referralsPath = "/v1/forums/:slug/referrals";
const questionsPath = "/v1/forums/:slug/questions";
const withdrawalsPath = `${questionsPath}/:id/withdraw`;
const Bearer = /^bearer +([!-~]{1,512})$/i;

/** What makes a request genuine is checked over its bytes, after the body is read and before it is looked into. */
export function createInbound(deps: Pick<AdapterDeps, "core" | "now">): FastifyPluginAsync {
  const { core } = deps;
  const proven = new WeakMap<FastifyRequest, Inbound>();
  const from = (request: FastifyRequest): Inbound => {
    const found = proven.get(request);
    if (!found) throw new DomainError("access/unauthenticated");
    return found;
  };

  return async (app) => {
    app.setValidatorCompiler(validate);
    app.setSerializerCompiler(() => (answer) => JSON.stringify(answer));
    app.addHook("preValidation", async (request) => {
      proven.set(request, await prove(deps, request));
    });
    const config = { access: "signature" } as const;

    app.post(
      referralsPath,
      {
        config,
        schema: { params: Params, body: ReferralBody, tags: ["forum"], summary: "Refer a post" },
      },
      async (request, reply) => {
        const { slug } = Params.parse(request.params);
        const { created, referral } = await core.submitReferral(
          slug,
          parseInput(ReferralBody, request.body),
          from(request),
        );
        return reply.code(created ? 201 : 200).send(referral);
      },
    );
    app.post(
      "/v1/forums/:slug/events",
      {
        config,
        schema: {
          params: Params,
          body: ForumEvent,
          tags: ["forum"],
          summary: "Report what happened",
        },
      },
      async (request, reply) => {
        const { slug } = Params.parse(request.params);
        const { referral } = await core.reportEvent(
          slug,
          parseInput(ForumEvent, request.body),
          from(request),
        );
        return reply.code(200).send(referral);
      },
    );
    takeQuestions(app, core, from);
  };
}

const Question = Params.extend({ id: z.uuid() });

/** Questions for a clinic, put down and taken back by the forum's own software. */
function takeQuestions(
  app: Parameters<FastifyPluginAsync>[0],
  core: AdapterDeps["core"],
  from: (request: FastifyRequest) => Inbound,
): void {
  const config = { access: "signature" } as const;
  app.post(
    questionsPath,
    {
      config,
      schema: {
        params: Params,
        body: QuestionBody,
        tags: ["forum"],
        summary: "Put a question down for a clinic",
      },
    },
    async (request, reply) => {
      const { slug } = Params.parse(request.params);
      const body = parseInput(QuestionBody, request.body);
      return reply.code(201).send(await core.askQuestion(slug, body, from(request)));
    },
  );
  app.post(
    withdrawalsPath,
    { config, schema: { params: Question, tags: ["forum"], summary: "Take back a question for a clinic" } },
    async (request) => {
      const { slug, id } = Question.parse(request.params);
      return core.withdrawQuestion(slug, id, from(request));
    },
  );
}

/** The body is parsed where it is used; this only gives every mistake its place. */
const validate: FastifySchemaCompiler<z.ZodType> =
  ({ schema, httpPart }) =>
  (input) => ({ value: httpPart === "body" ? input : parseInput(schema, input, `/${httpPart ?? ""}`) });

/** Who sends this and under which id, by signature where there is any of its headers, else by key. */
async function prove(deps: Pick<AdapterDeps, "core" | "now">, request: FastifyRequest): Promise<Inbound> {
  const { slug } = parseInput(Params, request.params, "/path");
  const headers = {
    id: single(request.headers["webhook-id"]),
    timestamp: single(request.headers["webhook-timestamp"]),
    signature: single(request.headers["webhook-signature"]),
  };
  if (Object.values(headers).every((value) => value === undefined)) return proveByKey(deps, slug, request);
  const verdictBy = async (from?: "memory") =>
    verify(headers, request.rawBody, await deps.core.forumSecrets(slug, from), deps.now());
  const renew = async () => {
    const verdict = await verdictBy();
    if (verdict === "stale") throw new DomainError("signature/stale");
    if (verdict === "invalid") throw new DomainError("signature/invalid");
  };
  const from: Inbound = { actor: { kind: "forum", forum: slug, voice: "member" }, eventId: headers.id ?? "" };
  // A referral is kept only while what is in memory holds, so that its proof costs no question to the database.
  if (isReferral(request) && (await verdictBy("memory")) === "holds") return { ...from, renew };
  await renew();
  return from;
}

const isReferral = (request: FastifyRequest): boolean => request.routeOptions.url === referralsPath;

async function proveByKey(
  deps: Pick<AdapterDeps, "core">,
  slug: string,
  request: FastifyRequest,
): Promise<Inbound> {
  const bearer = Bearer.exec(request.headers.authorization ?? "")?.[1];
  if (bearer === undefined) throw new DomainError("access/unauthenticated");
  const actor = await deps.core.authenticate(bearer, takeAs(request));
  const key = single(request.headers["idempotency-key"]);
  refuseOthers(actor, slug, isAboutQuestion(request) ? ["forum", "operator"] : ["forum"]);
  if (key === undefined && isReferral(request)) throw new DomainError("request/idempotency-key-missing");
  // Only a referral has to be known again: an event or a question without a key is taken each time it is sent.
  if (key === undefined) return { actor, eventId: request.id };
  return { actor, eventId: parseInput(Key, key, "/headers/idempotency-key") };
}

/** An administrator's wish to act as a forum stands in the body, which otherwise has the shape of a forum's own. */
function takeAs(request: FastifyRequest): string | undefined {
  const { body } = request;
  if (typeof body !== "object" || body === null || !("as" in body)) return undefined;
  const { as, ...rest } = body;
  request.body = rest;
  return parseInput(z.string().min(1).max(200), as, "/as");
}

const isAboutQuestion = (request: FastifyRequest): boolean =>
  request.routeOptions.url === questionsPath || request.routeOptions.url === withdrawalsPath;

/** Only a forum's own key speaks for it; an operator's looks after its settings and its clinics, an advisor's answers. */
function refuseOthers(actor: Actor, slug: string, kinds: readonly Actor["kind"][]): void {
  if (kinds.includes(actor.kind) && "forum" in actor && actor.forum === slug) return;
  throw new DomainError("access/forbidden", {
    detail: "Referrals and events of a forum come with its signature or with its own key.",
  });
}

const single = (header: string | string[] | undefined): string | undefined =>
  Array.isArray(header) ? header.join(", ") : header;
