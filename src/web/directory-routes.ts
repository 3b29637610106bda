import type { FastifyReply } from "fastify";
import { z } from "zod";
import { DomainError } from "../contract/errors.ts";
import { interventionModels, type Language } from "../contract/vocabulary.ts";
import type { Deps } from "../deps.ts";
import {
  audienceLabel,
  audiences,
  directoryOf,
  type Facet,
  findAudience,
  isNamedOnly,
  type PublicEntry,
  readListingToken,
  searchDirectory,
  showHistory,
  withdrawListing,
} from "../forums/index.ts";
import type { Api } from "../http/api.ts";
import { toProblem } from "../http/problems.ts";
import { nameOf, type Register } from "../register/model.ts";
import { clinicsShown } from "./clinics-shown.ts";
import { field } from "./forms.ts";
import { prefersJson } from "./negotiate.ts";
import { aMinute, html, keepPrivate, publicPage } from "./pages.ts";
import { pageLinks } from "./paging.ts";
import { addressIn, type PageFrame, readPath, type Site } from "./site.ts";
import { directoryIn } from "./words/index.ts";

const perPage = 50;
const searchedFacets = ["role", "theme", "nation"] as const satisfies Facet[];
const models = [...interventionModels, "none-agreed"];

const Query = z.object({
  q: field.transform((text) => text.trim().slice(0, 200)),
  role: field,
  theme: field,
  nation: field,
  department: field,
  model: field,
  page: z.coerce.number().int().min(1).catch(1),
});
type Query = z.infer<typeof Query>;

/** `/forums` and `/forums/{slug}`, and the page with which a forum takes itself out. */
export function directoryRoutes(api: Api, deps: Deps, site: Site): void {
  for (const language of ["en", "cy"] as const) {
    const at = (page: string) => addressIn(language, page);
    api.get(at("/forums"), publicPage, async (request, reply) => {
      const register = await deps.register(deps.db);
      const query = Query.parse(request.query);
      reply.type(html).header("cache-control", aMinute);
      return reply.send(
        site.render("forums.njk", readPath(request.url), listPage(register, query, language)),
      );
    });

    api.get(
      at("/forums/:slug"),
      { config: publicPage.config, schema: { hide: true, params: z.object({ slug: z.string() }) } },
      async (request, reply) => {
        const register = await deps.register(deps.db);
        const entry = directoryOf(register).bySlug.get(request.params.slug);
        reply.header("cache-control", aMinute).header("vary", "accept");
        if (prefersJson(request.headers.accept)) return sendJson(reply, entry, request.id);
        const frame = readPath(request.url);
        if (!entry) return sendUnlisted(site, frame, reply);
        const history = await showHistory(deps, { forum: entry.slug, limit: 20 });
        const shown = entryPage(register, entry, language, deps.now());
        const clinics = await clinicsShown(deps, { forum: entry });
        return reply.type(html).send(site.render("forum.njk", frame, { ...shown, ...clinics, history }));
      },
    );
    listingRoutes(api, deps, site, at("/listing/:token"));
  }
}

function sendJson(reply: FastifyReply, entry: PublicEntry | undefined, requestId: string): FastifyReply {
  if (entry) return reply.type("application/json; charset=utf-8").send(JSON.stringify(entry));
  const problem = toProblem(new DomainError("forum/not-found"), requestId);
  return reply.code(404).type("application/problem+json; charset=utf-8").send(JSON.stringify(problem));
}

function sendUnlisted(site: Site, frame: PageFrame, reply: FastifyReply): FastifyReply {
  const { entry, list } = directoryIn(frame.language);
  const values = { title: entry.unlistedTitle, paragraphs: [list.noneText] };
  return reply
    .code(404)
    .type(html)
    .send(site.render("message.njk", frame, values));
}

function listPage(register: Register, query: Query, language: Language) {
  const directory = directoryOf(register);
  const tags = searchedFacets.map((facet) => query[facet]).filter((code) => code !== "");
  const found = searchDirectory(directory, {
    q: query.q,
    tags,
    ...(query.department === "" ? {} : { department: query.department }),
    ...(query.model === "" ? {} : { model: query.model }),
  });
  const pages = Math.max(1, Math.ceil(found.length / perPage));
  const page = Math.min(query.page, pages);
  const { list, models: modelNames } = directoryIn(language);
  const options = (chosen: string, values: readonly { value: string; text: string }[]) =>
    [{ value: "", text: list.any }, ...values].map((option) => ({
      ...option,
      selected: option.value === chosen,
    }));
  return {
    query,
    found: found.slice((page - 1) * perPage, page * perPage).map((entry) => ({
      ...entry,
      about: describe(entry, language),
      labels: labelsOf(entry, language),
      agreed: modelsOf(entry),
    })),
    count: found.length,
    isNarrowed: query.q !== "" || tags.length > 0 || query.department !== "" || query.model !== "",
    choices: [
      ...searchedFacets.map((facet) => ({
        name: facet,
        label: list[facet],
        items: options(
          query[facet],
          audiences
            .filter((one) => one.facet === facet)
            .map((one) => ({ value: one.code, text: one[language] })),
        ),
      })),
      {
        name: "department",
        label: list.department,
        items: options(
          query.department,
          [...register.departments.values()].map(({ slug, name }) => ({ value: slug, text: name })),
        ),
      },
      {
        name: "model",
        label: list.model,
        items: options(
          query.model,
          models.map((model) => ({ value: model, text: modelNames[model as keyof typeof modelNames] })),
        ),
      },
    ],
    paging: pageLinks(addressIn(language, "/forums"), query, page, pages),
    page,
    pages,
  };
}

/** The models that were agreed, as the words name them; none where that is not shown. */
const modelsOf = ({ intervention }: PublicEntry): readonly string[] =>
  intervention === null ? ["none-agreed"] : (intervention?.models ?? []);

/** What a reader can search by; relations and sensitivities stand on the entry's own page. */
const labelsOf = ({ tags }: PublicEntry, language: Language): string[] =>
  tags
    .filter(({ code }) => searchedFacets.some((facet) => facet === findAudience(code)?.facet))
    .map(({ code }) => audienceLabel(code, language));

/** The description in the reader's language, or in the one there is. */
function describe(
  { description }: PublicEntry,
  language: Language,
): { text: string; language: Language } | null {
  const other = language === "en" ? "cy" : "en";
  const own = description[language];
  if (own !== undefined) return { text: own, language };
  const text = description[other];
  return text === undefined ? null : { text, language: other };
}

function entryPage(register: Register, entry: PublicEntry, language: Language, now: Date) {
  const department = (slug: string) => ({ slug, name: nameOf(register, "departments", slug) });
  return {
    entry,
    isNamedOnly: isNamedOnly(entry),
    about: describe(entry, language),
    tags: entry.tags.map(({ code, by }) => ({
      label: audienceLabel(code, language),
      facet: findAudience(code)?.facet ?? "role",
      by,
    })),
    departments: entry.departments.map(department),
    exceptions: Object.entries(entry.intervention?.perDepartment ?? {}).map(([slug, model]) => ({
      ...department(slug),
      model,
    })),
    languages: entry.languages.map((code) =>
      new Intl.DisplayNames([language], { type: "language" }).of(code),
    ),
    isOverdue: entry.nextReview !== undefined && entry.nextReview < now.toISOString().slice(0, 10),
    number: (value: number) => new Intl.NumberFormat("en-GB").format(value),
  };
}

/** The link that withdraws consent. Its address is the only proof asked for, as on a member's page. */
function listingRoutes(api: Api, deps: Deps, site: Site, address: string): void {
  const params = z.object({ token: z.string() });
  api.get(address, { config: publicPage.config, schema: { hide: true, params } }, async (request, reply) => {
    const frame = { ...readPath(request.url), isPrivate: true };
    const forum = readListingToken(deps, await deps.register(deps.db), request.params.token);
    const { listing } = directoryIn(frame.language);
    keepPrivate(reply);
    if (!forum) {
      const values = { title: listing.unknownTitle, paragraphs: [listing.unknownText] };
      return reply.code(404).send(site.render("message.njk", frame, values));
    }
    if (forum.delistedAt !== null) {
      const values = { title: listing.doneTitle, paragraphs: [listing.doneText] };
      return reply.send(site.render("message.njk", frame, values));
    }
    return reply.send(site.render("listing.njk", frame, { forum, token: request.params.token }));
  });

  api.post(address, { config: publicPage.config, schema: { hide: true, params } }, async (request, reply) => {
    const forum = readListingToken(deps, await deps.register(deps.db), request.params.token);
    if (!forum) throw new DomainError("forum/not-found");
    await withdrawListing(deps, { forum: forum.slug }, { kind: "operator", forum: forum.slug });
    return keepPrivate(reply).redirect(request.url, 303);
  });
}
