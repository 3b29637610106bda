import type { FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import { DomainError } from "../contract/errors.ts";
import type { Deps } from "../deps.ts";
import {
  Correction,
  directoryOf,
  type Known,
  listDecisions,
  lookUpAddress,
  NewForum,
  Proposer,
  proposeCorrection,
  proposeForum,
  proposerRelations,
  showProposal,
} from "../forums/index.ts";
import type { Api } from "../http/api.ts";
import { field } from "./forms.ts";
import { aMinute, html, publicPage } from "./pages.ts";
import { createSendings, type Sendings, sendingFields } from "./sendings.ts";
import { addressIn, readPath, type Site } from "./site.ts";
import { directoryIn } from "./words/index.ts";

const decisionsShown = 100;

const Sent = z.object({
  address: field,
  name: field,
  about: field,
  relation: field,
  appeal: field,
  email: field,
  says: field,
  source: field,
  ...sendingFields,
});
type Sent = z.infer<typeof Sent>;
type Faults = Partial<
  Record<"address" | "name" | "about" | "relation" | "email" | "says" | "source", string>
>;

const Slug = z.object({ slug: z.string() });
const Reference = z.object({ reference: z.string().max(40) });
const nothing: Sent = Sent.parse({});

/** `/propose`, `/propose/{reference}`, `/propose/decisions` and `/forums/{slug}/correct`. */
export function proposalPages(api: Api, deps: Deps, site: Site): void {
  const sendings = createSendings(api, deps);
  for (const language of ["en", "cy"] as const) {
    const at = (page: string) => addressIn(language, page);
    proposePages(api, deps, site, at("/propose"), sendings);
    correctPages(api, deps, site, at("/forums/:slug/correct"), sendings);

    api.get(at("/propose/decisions"), publicPage, async (request, reply) => {
      const decisions = await listDecisions(deps, { limit: decisionsShown });
      reply.type(html).header("cache-control", aMinute);
      return reply.send(site.render("decisions.njk", readPath(request.url), { decisions }));
    });

    api.get(
      at("/propose/:reference"),
      { config: publicPage.config, schema: { hide: true, params: Reference } },
      async (request, reply) => {
        const frame = readPath(request.url);
        const { proposal: say } = directoryIn(language);
        reply.type(html).header("cache-control", "no-cache");
        const isSent = z.object({ sent: field }).parse(request.query).sent === "1";
        const { reference } = request.params;
        if (reference === "received") {
          const values = { title: say.receivedTitle, paragraphs: [say.receivedText] };
          return reply.send(site.render("message.njk", frame, values));
        }
        const proposal = await showProposal(deps, reference.toUpperCase());
        if (proposal) return reply.send(site.render("proposal.njk", frame, { proposal, isSent }));
        const values = { title: say.unknownTitle, paragraphs: [say.unknownText] };
        return reply.code(404).send(site.render("message.njk", frame, values));
      },
    );
  }
}

function proposePages(api: Api, deps: Deps, site: Site, address: string, sendings: Sendings): void {
  /** The form, with what is known about the address that was given. */
  const show = (
    reply: FastifyReply,
    { url, method }: FastifyRequest,
    sent: Sent,
    faults: Faults,
    known: Known | null,
  ) => {
    const frame = readPath(url);
    const hasErrors = Object.keys(faults).length > 0;
    const isWhole = known !== null || method === "POST";
    const values = {
      sent,
      faults,
      known,
      isWhole,
      hasErrors,
      relations: proposerRelations,
      ...sendings.work(),
    };
    reply.type(html).header("cache-control", "no-cache");
    return reply.code(hasErrors ? 422 : 200).send(site.render("propose.njk", frame, values));
  };

  api.get(address, publicPage, async (request, reply) => {
    const sent = Sent.parse(request.query);
    if (!hasField(request.query, "address")) return show(reply, request, nothing, {}, null);
    const known = await lookUpAddress(deps, sent.address);
    const { wrong } = directoryIn(readPath(request.url).language);
    const given = { ...nothing, address: sent.address.trim() };
    return show(reply, request, given, known ? {} : { address: wrong.address }, known);
  });

  api.post(
    address,
    { config: publicPage.config, schema: { hide: true, body: Sent } },
    async (request, reply) => {
      const sent = request.body;
      const { language } = readPath(request.url);
      if (sent.surname !== "") return reply.redirect(addressIn(language, "/propose/received"), 303);
      const known = await lookUpAddress(deps, sent.address);
      const forum = NewForum.safeParse({
        name: sent.name,
        address: withScheme(sent.address),
        ...(sent.about.trim() === "" ? {} : { about: sent.about }),
        relation: sent.relation === "" ? undefined : sent.relation,
        isAppeal: sent.appeal === "yes",
      });
      const proposer = readProposer(sent, language);
      const faults = faultsOf(sent, known !== null, forum, proposer, directoryIn(language).wrong);
      if (Object.keys(faults).length > 0 || !known || !forum.success || !proposer.success)
        return show(reply, request, sent, faults, known);
      if (known.entry || known.proposal?.state === "waiting") return show(reply, request, sent, {}, known);
      await sendings.guard(request, sent);
      const { reference } = await proposeForum(deps, forum.data, proposer.data);
      return reply.redirect(`${addressIn(language, `/propose/${reference}`)}?sent=1`, 303);
    },
  );
}

function correctPages(api: Api, deps: Deps, site: Site, address: string, sendings: Sendings): void {
  const show = async (
    reply: FastifyReply,
    request: { url: string; params: { slug: string } },
    sent: Sent,
    faults: Faults,
  ) => {
    const entry = directoryOf(await deps.register(deps.db)).bySlug.get(request.params.slug);
    if (!entry) throw new DomainError("forum/not-found");
    const hasErrors = Object.keys(faults).length > 0;
    const values = { entry, sent, faults, hasErrors, relations: proposerRelations, ...sendings.work() };
    reply.type(html).header("cache-control", "no-cache");
    return reply.code(hasErrors ? 422 : 200).send(site.render("correct.njk", readPath(request.url), values));
  };
  api.get(
    address,
    { config: publicPage.config, schema: { hide: true, params: Slug } },
    async (request, reply) => show(reply, request, nothing, {}),
  );
  api.post(
    address,
    { config: publicPage.config, schema: { hide: true, params: Slug, body: Sent } },
    async (request, reply) => {
      const sent = request.body;
      const { language } = readPath(request.url);
      if (sent.surname !== "") return reply.redirect(addressIn(language, "/propose/received"), 303);
      const correction = Correction.safeParse({
        says: sent.says,
        ...(sent.source.trim() === "" ? {} : { source: withScheme(sent.source) }),
        relation: sent.relation === "" ? undefined : sent.relation,
        isAppeal: sent.appeal === "yes",
      });
      const proposer = readProposer(sent, language);
      const faults = faultsOf(sent, true, correction, proposer, directoryIn(language).wrong);
      if (!correction.success || !proposer.success) return show(reply, request, sent, faults);
      await sendings.guard(request, sent);
      const { slug } = request.params;
      const { reference } = await proposeCorrection(deps, slug, correction.data, proposer.data);
      return reply.redirect(`${addressIn(language, `/propose/${reference}`)}?sent=1`, 303);
    },
  );
}

const hasField = (query: unknown, name: string): boolean =>
  typeof query === "object" && query !== null && name in query;

const withScheme = (typed: string): string => {
  const text = typed.trim();
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `https://${text}`;
};

const readProposer = (sent: Sent, language: "en" | "cy") =>
  Proposer.safeParse({ language, ...(sent.email.trim() === "" ? {} : { email: sent.email.trim() }) });

/** What is wrong with what was sent, as the reader is told; nothing where all of it can be taken. */
function faultsOf(
  sent: Sent,
  isAddress: boolean,
  suggestion: { success: boolean; error?: z.ZodError | undefined },
  proposer: { success: boolean },
  wrong: ReturnType<typeof directoryIn>["wrong"],
): Faults {
  const at = new Set(suggestion.error?.issues.map(({ path }) => String(path[0])));
  return {
    ...(at.has("address") || !isAddress ? { address: wrong.address } : {}),
    ...(at.has("name") ? { name: sent.name.trim() === "" ? wrong.name : wrong.nameLong } : {}),
    ...(at.has("about") ? { about: wrong.aboutLong } : {}),
    ...(at.has("says") ? { says: sent.says.trim() === "" ? wrong.says : wrong.saysLong } : {}),
    ...(at.has("source") ? { source: wrong.source } : {}),
    ...(at.has("relation") ? { relation: wrong.relation } : {}),
    ...(proposer.success ? {} : { email: wrong.email }),
  };
}
