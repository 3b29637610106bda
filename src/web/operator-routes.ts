import type { FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import type { Actor } from "../contract/actor.ts";
import { DomainError } from "../contract/errors.ts";
import { parseInput } from "../contract/input.ts";
import { forumConsents, interventionModels } from "../contract/vocabulary.ts";
import { issueLink, issueSecret, leaveForum, liveSecrets } from "../forums/index.ts";
import type { Api } from "../http/api.ts";
import {
  Agreement,
  agreeIntervention,
  checkSignature,
  hostOf,
  mailboxes,
  mailProof,
  proofCode,
  proveForum,
  recordFor,
  SignedCall,
  sendTestReferral,
  showTestReferral,
} from "../joining/index.ts";
import { modelsFor, type RegisteredForum } from "../register/model.ts";
import type { WebDeps } from "./deps.ts";
import { field } from "./forms.ts";
import { html } from "./pages.ts";
import { addressIn, readPath } from "./site.ts";
import { renderFor, visitorOf } from "./tools.ts";

const page = { config: { access: "session" }, schema: { hide: true } } as const;
const Values = z.record(z.string(), z.string().catch(""));
type Values = z.infer<typeof Values>;

interface Operated {
  forum: RegisteredForum;
  actor: Actor;
  others: RegisteredForum[];
}

/** What a form did, for the page that follows it: a word, what is shown this one time, or what stands in the way. */
interface Outcome {
  done?: string;
  secret?: string;
  code?: string;
  verdict?: string;
  trouble?: { says: string; about: string; field?: string | undefined };
  values?: Values;
}

/** `/operator`: how a forum joins, takes part and leaves, by whoever runs it. */
export function operatorRoutes(api: Api, deps: WebDeps): void {
  for (const language of ["en", "cy"] as const) {
    const base = addressIn(language, "/operator");
    api.get(base, page, async (request, reply) => {
      const query = z.object({ forum: field, done: field }).parse(request.query);
      return show(deps, request, reply, await operated(deps, request, query.forum), { done: query.done });
    });
    api.post(`${base}/:slug/:deed`, page, async (request, reply) => {
      const { slug, deed } = z.object({ slug: z.string(), deed: z.string() }).parse(request.params);
      const values = Values.parse(request.body ?? {});
      const here = await operated(deps, request, slug);
      const outcome = await attempt(deps, here, deed, values);
      if (outcome.done !== undefined) {
        const query = `?forum=${encodeURIComponent(slug)}&done=${outcome.done}`;
        return reply.redirect(`${addressIn(readPath(request.url).language, "/operator")}${query}`, 303);
      }
      return show(deps, request, reply, here, { ...outcome, values });
    });
  }
}

/** The forum that somebody signed in runs; an administrator runs each. Refuses everybody else, as for one that is not there. */
async function operated(deps: WebDeps, request: FastifyRequest, slug: string): Promise<Operated> {
  const { forums } = await deps.register(deps.db);
  const { actors } = visitorOf(request);
  const own = actors.flatMap((actor) => (actor.kind === "operator" ? [{ actor, slug: actor.forum }] : []));
  const admin = actors.find(({ kind }) => kind === "admin");
  const chosen = own.find((one) => one.slug === slug) ?? (slug === "" ? own[0] : undefined);
  const actor = chosen?.actor ?? (slug === "" ? undefined : admin);
  const forum = forums.get(chosen?.slug ?? slug);
  if (actor === undefined || forum === undefined) throw new DomainError("forum/not-found");
  const others = own.flatMap((one) => (one.slug === forum.slug ? [] : (forums.get(one.slug) ?? [])));
  return { forum, actor, others };
}

/** Does what a form asks for; a refusal becomes a sentence beside the form. */
async function attempt(deps: WebDeps, here: Operated, deed: string, values: Values): Promise<Outcome> {
  const work = deeds[deed];
  if (work === undefined) throw new DomainError("request/not-found");
  try {
    return await work(deps, here, values);
  } catch (error) {
    if (!(error instanceof DomainError) || error.code.startsWith("service/")) throw error;
    const [first] = error.errors;
    const at = first?.pointer.split("/").at(-1);
    return { trouble: { says: first?.detail ?? error.message, about: deed, field: at } };
  }
}

type Deed = (deps: WebDeps, here: Operated, values: Values) => Promise<Outcome>;

const deeds: Readonly<Record<string, Deed>> = Object.assign(Object.create(null), {
  async "prove-dns"(deps, { forum, actor }) {
    await proveForum(deps, { forum: forum.slug, proof: { how: "dns-record" } }, actor);
    return { done: "proved" };
  },
  async "prove-post"(deps, { forum, actor }, values) {
    await proveForum(deps, { forum: forum.slug, proof: { how: "post", url: values.url ?? "" } }, actor);
    return { done: "proved" };
  },
  async "mail-code"(deps, { forum, actor }, values) {
    const mailbox = mailboxes.find((name) => name === values.mailbox) ?? "postmaster";
    await mailProof(deps, { forum: forum.slug, mailbox }, actor);
    return { done: "mailed" };
  },
  async "prove-mail"(deps, { forum, actor }, values) {
    const proof = { how: "email-at-domain", code: values.code ?? "" } as const;
    await proveForum(deps, { forum: forum.slug, proof }, actor);
    return { done: "proved" };
  },
  async agree(deps, { forum, actor }, values) {
    const { model, consent } = values;
    const callbackUrl = values.callbackUrl?.trim() || null;
    const agreement = parseInput(Agreement, { model, consent, callbackUrl });
    await agreeIntervention(deps, { forum: forum.slug, agreement }, actor);
    return { done: "agreed" };
  },
  async secret(deps, { forum, actor }, values) {
    const input = { forum: forum.slug, revokeOld: values.revokeOld === "1" };
    return { secret: (await deps.transaction((tx) => issueSecret(deps, tx, input, actor))).secret };
  },
  async code(deps, { forum, actor }) {
    return { code: (await deps.transaction((tx) => issueLink(deps, tx, { forum: forum.slug }, actor))).code };
  },
  async test(deps, { forum, actor }) {
    await sendTestReferral(deps, { forum: forum.slug }, actor);
    return { done: "test" };
  },
  async check(deps, { forum, actor }, values) {
    const { id = "", timestamp = "", signature = "", body = "" } = values;
    const call = SignedCall.safeParse({ id, timestamp, signature, body: body.replace(/\r\n/g, "\n") });
    if (!call.success) return { verdict: "wrong" };
    return { verdict: await checkSignature(deps, { forum: forum.slug, call: call.data }, actor) };
  },
  async leave(deps, { forum, actor }) {
    await leaveForum(deps, { forum: forum.slug }, actor);
    return { done: "left" };
  },
} satisfies Record<string, Deed>);

async function show(
  deps: WebDeps,
  request: FastifyRequest,
  reply: FastifyReply,
  { forum, others }: Operated,
  outcome: Outcome,
): Promise<FastifyReply> {
  // What was done may have changed the register.
  const now = (await deps.register(deps.db)).forums.get(forum.slug) ?? forum;
  const hasSecret = (await liveSecrets(deps, forum.slug)).length > 0;
  return reply
    .code(outcome.trouble ? 422 : 200)
    .type(html)
    .send(
      renderFor(request, "operator.njk", {
        ...outcome,
        hasErrors: outcome.trouble !== undefined,
        values: outcome.values ?? {},
        forum: now,
        others,
        hasSecret,
        agreed: modelsFor(now),
        proof: now.directory?.proof ?? null,
        host: hostOf(now),
        code: outcome.code ?? null,
        shownCode: proofCode(deps, forum.slug, "shown"),
        record: recordFor(deps, now),
        mailboxes,
        models: interventionModels,
        consents: forumConsents,
        walk: await showTestReferral(deps, forum.slug),
        intake: `${deps.baseUrl}/v1/forums/${forum.slug}/referrals`,
      }),
    );
}
