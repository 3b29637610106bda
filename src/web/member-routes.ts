import type { FastifyReply } from "fastify";
import { z } from "zod";
import type { Actor } from "../contract/actor.ts";
import { lengths } from "../contract/bodies.ts";
import type { ReferralView } from "../contract/core-api.ts";
import { DomainError } from "../contract/errors.ts";
import type { Deps } from "../deps.ts";
import type { Api } from "../http/api.ts";
import { hashRequest } from "../idempotency/index.ts";
import { elapsedMs } from "../pools/index.ts";
import { listReferrals, memberWithdraws, performVerb, showReferral, verbs } from "../referrals/index.ts";
import { field } from "./forms.ts";
import { type MemberPage, makeMemberPage } from "./member-page.ts";
import { keepPrivate, publicPage } from "./pages.ts";
import { addressIn, readPath, type Site } from "./site.ts";
import { wordsIn } from "./words/index.ts";

const dayMs = 24 * 3_600_000;
const Token = z.object({ token: z.string() });
const Choice = z.object({ do: field, version: z.coerce.number().int().min(1).catch(1), text: field });

type AnyVerb = ReturnType<typeof verbs.get>;

const feedback = (result: string) => ({ verb: verbs.get("feedback"), body: { result, saidBy: "member" } });
const consent = (given: boolean) => ({ verb: verbs.get("consent"), body: { given, saidBy: "member" } });

/** What each button of the page does. */
const choices = new Map<string, { verb: AnyVerb; body: unknown }>([
  ["yes", consent(true)],
  ["no", consent(false)],
  ["answer", { verb: verbs.get("member-answer"), body: null }],
  ["withdraw", { verb: memberWithdraws as AnyVerb, body: {} }],
  ["helped", feedback("helped")],
  ["partly", feedback("partly_helped")],
  ["not", feedback("not_helped")],
]);

/** Refusals that only mean that somebody was faster: the page then shows how it stands. */
const overtaken = new Set<string>([
  "referral/not-possible",
  "referral/changed",
  "referral/erased",
  "reply/in-flight",
]);

interface Opened {
  referral: ReferralView;
  actor: Actor & { kind: "member" };
  page: MemberPage;
}

/**
 * `/m/{token}`: the member's own page. Its address is the only proof asked for, so nothing of it is stored, indexed or
 * told to other sites, and a form needs no further token: whoever can send it knows the address.
 */
export function memberRoutes(api: Api, deps: Deps, site: Site): void {
  for (const base of ["/m", "/cy/m"]) {
    api.get(
      `${base}/:token`,
      { config: publicPage.config, schema: { hide: true, params: Token } },
      async (request, reply) => {
        keepPrivate(reply);
        const frame = { ...readPath(request.url), isPrivate: true };
        const opened = await open(deps, request.params.token);
        if (opened === null || isOver(deps, opened)) return sendClosed(site, frame, reply, opened !== null);
        const { done } = z.object({ done: field }).parse(request.query);
        const { done: sentences } = wordsIn(frame.language).member;
        const said = Object.hasOwn(sentences, done) ? sentences[done as keyof typeof sentences] : null;
        return reply.send(
          site.render("member.njk", frame, {
            ...opened,
            token: request.params.token,
            said,
            isRefusal: done === "changed",
            ...(await settingsOf(deps)),
          }),
        );
      },
    );

    api.post(
      `${base}/:token`,
      { config: publicPage.config, schema: { hide: true, params: Token, body: Choice } },
      async (request, reply) => {
        keepPrivate(reply);
        const frame = { ...readPath(request.url), isPrivate: true };
        const opened = await open(deps, request.params.token);
        if (opened === null || isOver(deps, opened)) return sendClosed(site, frame, reply, opened !== null);
        const text = request.body.text.replace(/\r\n?/g, "\n").trim();
        if (request.body.do === "answer" && (text === "" || text.length > lengths.text))
          return reply.code(422).send(
            site.render("member.njk", frame, {
              ...opened,
              ...(await settingsOf(deps)),
              token: request.params.token,
              hasErrors: true,
              answer: text,
            }),
          );
        const done = await choose(deps, opened, { name: request.body.do, text }, request.body.version);
        const address = addressIn(frame.language, `/m/${encodeURIComponent(request.params.token)}`);
        return reply.redirect(`${address}?done=${done}`, 303);
      },
    );
  }
}

/** How long texts are kept, for the page that says so. */
async function settingsOf(deps: Deps): Promise<{ keptDays: number }> {
  const register = await deps.register(deps.db);
  return { keptDays: Math.round(elapsedMs(register.settings.keepContent) / dayMs) };
}

/** The referral of a token, or null where the token is nobody's. */
async function open(deps: Deps, token: string): Promise<Opened | null> {
  const referralId = deps.keyring.readToken("member", token);
  if (referralId === null) return null;
  const actor = { kind: "member", referralId } as const;
  const [found] = (await listReferrals(deps, { limit: 1 }, actor)).items;
  if (!found) return null;
  const referral = await showReferral(deps, found.reference, actor);
  const register = await deps.register(deps.db);
  const pool = register.pools.get(referral.pool?.slug ?? "");
  const department = register.departments.get(pool?.department ?? "")?.name ?? "";
  return { referral, actor, page: makeMemberPage(referral, department) };
}

const isOver = (deps: Deps, { page }: Opened): boolean => page.until !== null && page.until <= deps.now();

function sendClosed(site: Site, frame: Parameters<Site["render"]>[1], reply: FastifyReply, isOver: boolean) {
  const { member } = wordsIn(frame.language);
  const [title, paragraphs] = isOver
    ? [member.overTitle, member.overText]
    : [member.unknownTitle, member.unknownText];
  return reply.code(isOver ? 410 : 404).send(site.render("message.njk", frame, { title, paragraphs }));
}

/**
 * Does what a button says, once for the state the page showed: sent twice, it changes nothing and answers the same.
 * Answers which sentence the page then shows.
 */
async function choose(
  deps: Deps,
  opened: Opened,
  { name, text }: { name: string; text: string },
  version: number,
): Promise<string> {
  const choice = choices.get(name);
  if (!choice?.verb) throw new DomainError("request/malformed");
  const { referral, actor } = opened;
  try {
    await performVerb(deps, choice.verb, {
      reference: referral.reference,
      body: name === "answer" ? { text, saidBy: "member" } : choice.body,
      actor,
      version,
      once: {
        scope: `member-page:${actor.referralId}`,
        key: `${version}:${name}`,
        requestHash: hashRequest({ name, text }),
      },
    });
    return name;
  } catch (error) {
    if (error instanceof DomainError && overtaken.has(error.code)) return "changed";
    throw error;
  }
}
