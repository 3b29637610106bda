import type { FastifyRequest } from "fastify";
import { z } from "zod";
import type { Actor } from "../contract/actor.ts";
import { DomainError } from "../contract/errors.ts";
import type { Language } from "../contract/vocabulary.ts";
import {
  audiences,
  Decision,
  decideProposal,
  decidesProposals,
  directoryOf,
  listingCriteria,
  outcomesOf,
  type Proposal,
  readProposal,
  readQueue,
  slugOf,
} from "../forums/index.ts";
import type { Api } from "../http/api.ts";
import type { WebDeps } from "./deps.ts";
import { field } from "./forms.ts";
import { html } from "./pages.ts";
import { addressIn, readPath } from "./site.ts";
import { renderFor, visitorOf } from "./tools.ts";
import { directoryIn } from "./words/index.ts";

const page = { config: { access: "session" }, schema: { hide: true } } as const;
const Reference = z.object({ reference: z.string().max(40) });
const chosenFacets = ["role", "theme", "nation"] as const;
const Values = z.record(z.string(), z.string().catch(""));
type Values = z.infer<typeof Values>;

/** `/admin/proposals`: the queue of the directory, and each proposal with the form that decides it, for publishers. */
export function decidePages(api: Api, deps: WebDeps): void {
  for (const language of ["en", "cy"] as const) {
    const base = addressIn(language, "/admin/proposals");
    api.get(base, page, async (request, reply) => {
      const { cursor, done } = z
        .object({ cursor: z.uuid().optional().catch(undefined), done: field })
        .parse(request.query);
      const actor = await decider(deps, request);
      const { items, nextCursor } = await readQueue(deps, { cursor }, actor);
      reply.type(html).header("cache-control", "no-store");
      return reply.send(
        renderFor(request, "proposals.njk", { proposals: items, nextCursor, isDone: done !== "" }),
      );
    });

    api.get(`${base}/:reference`, page, async (request, reply) => {
      const { reference } = Reference.parse(request.params);
      const proposal = await readProposal(deps, reference, await decider(deps, request));
      reply.type(html).header("cache-control", "no-store");
      return reply.send(renderFor(request, "decide.njk", await decideForm(deps, proposal, {}, language)));
    });

    api.post(`${base}/:reference`, page, async (request, reply) => {
      const { reference } = Reference.parse(request.params);
      const values = Values.parse(request.body ?? {});
      const actor = await decider(deps, request);
      try {
        await decideProposal(deps, { reference, decision: readDecision(values) }, actor);
        return reply.redirect(`${addressIn(readPath(request.url).language, "/admin/proposals")}?done=1`, 303);
      } catch (error) {
        if (!(error instanceof DomainError) || !error.code.match(/^(request\/invalid|register|proposal)/))
          throw error;
        if (error.code === "proposal/not-found") throw error;
        const proposal = await readProposal(deps, reference, actor);
        const trouble = error.errors.map(({ detail, hint }) => [detail, hint].filter(Boolean).join(" "));
        const shown = {
          ...(await decideForm(deps, proposal, values, language)),
          trouble: [error.message, ...trouble],
        };
        return reply
          .code(422)
          .type(html)
          .send(renderFor(request, "decide.njk", { ...shown, hasErrors: true }));
      }
    });
  }
}

/** As whom somebody signed in decides: the one who may, if any of those they are. Refuses everybody else. */
async function decider(deps: WebDeps, request: FastifyRequest): Promise<Actor> {
  const register = await deps.register(deps.db);
  const actor = visitorOf(request).actors.find((one) => decidesProposals(register, one));
  if (!actor) throw new DomainError("access/forbidden");
  return actor;
}

/** What the form says, as the interface takes a decision. Refuses what is missing (`request/invalid`). */
function readDecision(values: Values): Decision {
  const because = values.because?.trim() ? { because: values.because } : {};
  const criteria = listingCriteria.filter((criterion) => values[`criterion-${criterion}`] === "yes");
  const tags = chosenFacets.flatMap((facet) => (values[facet] ? [{ code: values[facet] }] : []));
  const entry = {
    name: values.name,
    slug: values.slug,
    ...(values.description?.trim() ? { description: values.description } : {}),
    ...(tags.length > 0 ? { directory: { tags } } : {}),
  };
  const { outcome } = values;
  const parsed = Decision.safeParse({
    outcome,
    ...(outcome === "discarded" ? {} : because),
    ...(outcome === "listed" || outcome === "not_listed" ? { criteria } : {}),
    ...(outcome === "listed" ? { entry } : {}),
  });
  if (parsed.success) return parsed.data;
  const missing = parsed.error.issues.map(({ path }) => ({
    pointer: `/${path.join("/")}`,
    detail: path.join(" "),
  }));
  throw new DomainError("request/invalid", { detail: "Something is missing or too long.", errors: missing });
}

async function decideForm(deps: WebDeps, proposal: Proposal, values: Values, language: Language) {
  const { decide: say } = directoryIn(language);
  const { suggestion } = proposal;
  const isNew = suggestion !== null && "name" in suggestion;
  const { bySlug } = directoryOf(await deps.register(deps.db));
  return {
    proposal,
    suggestion,
    entry: bySlug.get(proposal.forum ?? "") ?? null,
    outcomes: outcomesOf[proposal.kind],
    criteria: listingCriteria,
    values: isNew
      ? {
          name: suggestion.name,
          slug: slugOf(suggestion.name),
          description: suggestion.about ?? "",
          ...values,
        }
      : values,
    choices: chosenFacets.map((facet) => ({
      name: facet,
      label: say[facet],
      items: [
        { value: "", text: say.choose },
        ...audiences
          .filter((one) => one.facet === facet)
          .map((one) => ({ value: one.code, text: one[language], selected: values[facet] === one.code })),
      ],
    })),
  };
}
