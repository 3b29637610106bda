import type { Actor } from "../contract/actor.ts";
import type { Choices } from "../contract/core-api.ts";
import { DomainError } from "../contract/errors.ts";
import type { Language, Nation, Urgency } from "../contract/vocabulary.ts";
import type { Deps } from "../deps.ts";
import { nameOf, type Register, takesReferrals } from "../register/model.ts";
import { explainRoute, type RouteExplanation } from "../routing/index.ts";
import { findSafetyWording } from "../safety/index.ts";
import { compiledOf, divertedBecause, type Placement, unavailablePools } from "./placing.ts";

export interface Asked {
  forum: string;
  text: string;
  topic?: string | undefined;
  board?: string | undefined;
  nation?: Nation | undefined;
  area?: string | undefined;
  audience?: string[] | undefined;
  language?: Language | undefined;
  urgency?: Urgency | undefined;
}

/** Where a text would go. `to` is the state it would be born in; with safety wording it is `diverted`, and no pool's. */
export interface Explained extends RouteExplanation {
  to: Placement["to"];
  accepted: boolean;
  safety: { code: string } | null;
}

/** Says where a text would go and why, without submitting or keeping it. A forum's key asks for its own forum only. */
export async function explainReferral(deps: Deps, asked: Asked, actor: Actor): Promise<Explained> {
  if ((actor.kind === "forum" || actor.kind === "operator") && actor.forum !== asked.forum)
    throw new DomainError("forum/not-found");
  const register = await deps.register(deps.db);
  const forum = register.forums.get(asked.forum);
  if (!forum) throw new DomainError("forum/not-found");
  const { rules, topics } = compiledOf(register);
  const language = asked.language ?? forum.language;
  const found = findSafetyWording(asked.text, language);
  const explanation = explainRoute(rules, topics, {
    ...asked,
    language,
    urgency: asked.urgency ?? "normal",
    flags: found ? ["safety"] : [],
    unavailable: unavailablePools(register, asked.forum, deps.now()),
  });
  const decision = found
    ? { ...explanation.decision, pool: null, because: divertedBecause }
    : explanation.decision;
  return {
    ...explanation,
    decision,
    to: found ? "diverted" : decision.pool === null ? "triage" : "offered",
    accepted: takesReferrals(forum),
    safety: found ? { code: found.code } : null,
  };
}

/** The three likeliest topics for a text, to be offered to a moderator. */
export async function suggestTopics(deps: Deps, text: string): Promise<{ code: string; title: string }[]> {
  const { topics } = compiledOf(await deps.register(deps.db));
  return topics.suggest(text).map(({ code, title }) => ({ code, title }));
}

/** What a form offers beside a text: topics and pools, in the register's order. */
export function choicesFor(register: Register, text: string): Choices {
  const suggested = compiledOf(register).topics.suggest(text);
  return {
    likely: suggested.map(({ code, title }) => ({ code, title })),
    topics: [...register.topics.values()].map(({ code, title }) => ({ code, title })),
    pools: [...register.pools.values()].map(({ slug, name, department }) => ({
      slug,
      name,
      department: nameOf(register, "departments", department),
    })),
  };
}
