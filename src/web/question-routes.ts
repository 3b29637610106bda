import { randomUUID } from "node:crypto";
import type { FastifyReply } from "fastify";
import { z } from "zod";
import {
  askInPublic,
  type ClinicView,
  showClinic,
  showOwnQuestion,
  withdrawQuestion,
} from "../clinics/index.ts";
import { lengths } from "../contract/bodies.ts";
import { DomainError } from "../contract/errors.ts";
import type { Deps } from "../deps.ts";
import type { Api } from "../http/api.ts";
import { field } from "./forms.ts";
import { keepPrivate, publicPage } from "./pages.ts";
import { createSendings, type Sendings, sendingFields } from "./sendings.ts";
import { addressIn, readPath, type Site } from "./site.ts";
import { clockIn } from "./times.ts";
import { recordIn } from "./words/index.ts";

const Slug = z.object({ slug: z.string() });
const Token = z.object({ token: z.string() });
const Sent = z.object({
  question: field,
  agree: field,
  ...sendingFields,
});
type Sent = z.infer<typeof Sent>;
type Faults = Partial<Record<"question" | "agree", string>>;

/** The session for which a question can be put down now, and from when where it is too early; null where there is none. */
export function askable({ publicQuestions, next }: ClinicView, now: Date) {
  const session = next.find(({ state, endsAt }) => state !== "cancelled" && new Date(endsAt) > now);
  if (!publicQuestions || !session) return null;
  return { ...session, isOpen: new Date(session.questionsFrom) <= now };
}

/** `/clinics/{slug}/ask`, where anybody may put a question to a clinic, and `/q/{token}`, the page of whoever asked. */
export function questionPages(api: Api, deps: Deps, site: Site): void {
  const sendings = createSendings(api, deps);
  for (const language of ["en", "cy"] as const) {
    askPages(api, deps, site, addressIn(language, "/clinics/:slug/ask"), sendings);
    ownPages(api, deps, site, addressIn(language, "/q/:token"));
  }
}

function askPages(api: Api, deps: Deps, site: Site, address: string, sendings: Sendings): void {
  const show = async (
    reply: FastifyReply,
    { url, params }: { url: string; params: { slug: string } },
    sent: Sent,
    faults: Faults,
  ) => {
    const clinic = await showClinic(deps, params.slug);
    const frame = { ...readPath(url), isPrivate: true };
    const { ask } = recordIn(frame.language);
    keepPrivate(reply);
    const session = askable(clinic, deps.now());
    if (!session?.isOpen) {
      const values = { title: ask.closed, paragraphs: [ask.closedText] };
      return reply.code(clinic.publicQuestions ? 409 : 404).send(site.render("message.njk", frame, values));
    }
    const hasErrors = Object.keys(faults).length > 0;
    const values = { clinic, session, sent, faults, hasErrors, clock: clockIn, ...sendings.work() };
    return reply.code(hasErrors ? 422 : 200).send(site.render("ask.njk", frame, values));
  };

  api.get(
    address,
    { config: publicPage.config, schema: { hide: true, params: Slug } },
    async (request, reply) => show(reply, request, Sent.parse({}), {}),
  );
  api.post(
    address,
    { config: publicPage.config, schema: { hide: true, params: Slug, body: Sent } },
    async (request, reply) => {
      const sent = request.body;
      const { language } = readPath(request.url);
      const frame = { ...readPath(request.url), isPrivate: true };
      const { ask } = recordIn(language);
      if (sent.surname !== "")
        return keepPrivate(reply).send(
          site.render("message.njk", frame, { title: ask.receivedTitle, paragraphs: [ask.receivedText] }),
        );
      const text = sent.question.replace(/\r\n?/g, "\n").trim();
      const faults = faultsOf(text, sent, ask.wrong);
      if (Object.keys(faults).length > 0) return show(reply, request, sent, faults);
      await sendings.guard(request, sent);
      const { slug } = request.params;
      try {
        const asked = await askInPublic(deps, { slug, text, language, once: onceOf(sent) });
        const own = new URL(asked.link).pathname;
        if (asked.state === "waiting") return reply.redirect(addressIn(language, own), 303);
        return keepPrivate(reply).send(
          site.render("ask-danger.njk", frame, { advice: asked.advice, own: addressIn(language, own) }),
        );
      } catch (error) {
        if (!(error instanceof DomainError) || error.code !== "clinic/not-possible") throw error;
        const title = error.fields?.state === "full" ? ask.full : ask.closed;
        const values = { title, paragraphs: [ask.closedText] };
        return keepPrivate(reply)
          .code(409)
          .send(site.render("message.njk", frame, values));
      }
    },
  );
}

/** What a form is known by, so that one sent twice is one question. */
const onceOf = ({ challenge }: Sent): string =>
  /^[0-9a-z.]{30,100}$/.test(challenge) ? challenge : randomUUID();

function faultsOf(
  text: string,
  { agree }: Sent,
  wrong: Record<"question" | "questionLong" | "agree", string>,
) {
  const faults: Faults = {};
  if (text === "") faults.question = wrong.question;
  if (text.length > lengths.excerpt) faults.question = wrong.questionLong;
  if (agree !== "yes") faults.agree = wrong.agree;
  return faults;
}

/** Its address is the only proof asked for, so a form needs no further token: whoever can send it knows the address. */
function ownPages(api: Api, deps: Deps, site: Site, address: string): void {
  const unknown = (reply: FastifyReply, url: string) => {
    const frame = { ...readPath(url), isPrivate: true };
    const { asked } = recordIn(frame.language);
    const values = { title: asked.unknownTitle, paragraphs: [asked.unknownText] };
    return keepPrivate(reply)
      .code(404)
      .send(site.render("message.njk", frame, values));
  };
  api.get(
    address,
    { config: publicPage.config, schema: { hide: true, params: Token } },
    async (request, reply) => {
      const { token } = request.params;
      const own = await showOwnQuestion(deps, token);
      if (!own) return unknown(reply, request.url);
      const frame = { ...readPath(request.url), isPrivate: true };
      const { done } = z.object({ done: field }).parse(request.query);
      const path = own.referral === null ? null : new URL(own.referral).pathname;
      const values = { own, token, clock: clockIn, isOvertaken: done === "changed", referral: path };
      return keepPrivate(reply).send(site.render("asked.njk", frame, values));
    },
  );
  api.post(
    address,
    { config: publicPage.config, schema: { hide: true, params: Token } },
    async (request, reply) => {
      const { token } = request.params;
      const own = await showOwnQuestion(deps, token);
      if (!own) return unknown(reply, request.url);
      const page = addressIn(readPath(request.url).language, `/q/${encodeURIComponent(token)}`);
      const actor = { kind: "forum", forum: own.forum.slug, voice: "member" } as const;
      try {
        await withdrawQuestion(deps, { id: own.id }, actor);
        return keepPrivate(reply).redirect(page, 303);
      } catch (error) {
        if (!(error instanceof DomainError) || error.code !== "clinic/not-possible") throw error;
        return keepPrivate(reply).redirect(`${page}?done=changed`, 303);
      }
    },
  );
}
