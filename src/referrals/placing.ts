import type { Language, Nation, State, Urgency } from "../contract/vocabulary.ts";
import { isClosed, isPoolOpen, modelsFor, type Register, takesReferrals } from "../register/model.ts";
import {
  type CompiledRules,
  compileRules,
  createTopicIndex,
  decideRoute,
  type RoutingInputs,
  type TopicIndex,
  type UnavailableReason,
  withGuessedTopic,
} from "../routing/index.ts";
import type { RoutingRecord } from "./model.ts";

interface Compiled {
  rules: CompiledRules;
  topics: TopicIndex;
  /** By forum and day, why a pool takes nothing from that forum. */
  unavailable: Map<string, ReadonlyMap<string, UnavailableReason>>;
}

const compiled = new WeakMap<Register, Compiled>();

/** The register's rules and topics made ready to decide, once for each version. */
export function compiledOf(register: Register): Compiled {
  const known = compiled.get(register);
  if (known) return known;
  const made: Compiled = {
    rules: compileRules(register.rules, { pools: register.pools.values() }),
    topics: createTopicIndex([...register.topics.values()]),
    unavailable: new Map(),
  };
  compiled.set(register, made);
  return made;
}

/** Why each pool can have nothing from this forum today: closed, nobody works in it, or its department agreed nothing. */
export function unavailablePools(
  register: Register,
  forumSlug: string,
  now: Date,
): ReadonlyMap<string, UnavailableReason> {
  const cache = compiledOf(register).unavailable;
  const key = `${forumSlug} ${now.toISOString().slice(0, 10)}`;
  const known = cache.get(key);
  if (known) return known;
  const reasons = new Map<string, UnavailableReason>();
  for (const slug of register.pools.keys()) {
    const reason = whyNot(register, forumSlug, slug, now);
    if (reason !== null) reasons.set(slug, reason);
  }
  if (cache.size > 1000) cache.clear();
  cache.set(key, reasons);
  return reasons;
}

/**
 * Why a pool can have nothing from this forum at this moment; null where it can. Everything asks it that moves a referral
 * to a pool: what was not agreed with a department reaches it on no other way either.
 */
export function whyNot(
  register: Register,
  forumSlug: string,
  slug: string,
  now: Date,
): UnavailableReason | null {
  const forum = register.forums.get(forumSlug);
  const pool = register.pools.get(slug);
  if (!pool) return "pool-closed";
  // Where nothing but clinics was agreed, what there is to place was left over by one.
  const agreed = forum && !takesReferrals(forum) ? ["clinic"] : ["referral", "direct"];
  const models = forum ? modelsFor(forum, pool.department) : [];
  if (!models.some((model) => agreed.includes(model))) return "not-agreed";
  if (isClosed(pool, now)) return "pool-closed";
  return isPoolOpen(register, slug, now) ? null : "no-active-advisor";
}

/** What routing reads of a referral that is new, or whose member has just agreed. */
export interface Question {
  forum: string;
  title: string | null;
  excerpt: string;
  language: Language;
  urgency: Urgency;
  board?: string | null;
  topic: string | null;
  nation: Nation | null;
  area: string | null;
  audience: readonly string[];
  /** The clinic it comes from. */
  clinic: string | null;
  /** Holds `safety` where wording was found, and `concern` where the moderator said so. */
  flags: readonly string[];
  triedPools: readonly string[];
}

export interface Placement {
  to: Extract<State, "offered" | "triage" | "diverted">;
  pool: string | null;
  topic: string | null;
  guessed: boolean;
  routing: RoutingRecord;
}

/** Why a text that needs care goes to nobody else, as a moderator reads it. */
export const divertedBecause =
  "Some of the wording needs a person's care first, so the safeguarding lead reads it.";

/**
 * Where a referral goes: to safeguarding where wording or a moderator's concern says so, else by the first rule that
 * holds, else to triage; with the reason as a sentence and the inputs as codes.
 */
export function place(register: Register, question: Question, now: Date): Placement {
  const { rules, topics } = compiledOf(register);
  const text = question.title === null ? question.excerpt : `${question.title}\n${question.excerpt}`;
  const inputs: RoutingInputs = withGuessedTopic(
    { ...question, text, unavailable: unavailablePools(register, question.forum, now) },
    topics,
  );
  const decision = decideRoute(rules, inputs);
  const diverted = question.flags.includes("safety") || question.flags.includes("concern");
  const pool = diverted ? null : decision.pool;
  return {
    to: diverted ? "diverted" : pool === null ? "triage" : "offered",
    pool,
    topic: inputs.topic ?? null,
    guessed: inputs.topicGuessed ?? false,
    routing: {
      rule: decision.rule,
      version: register.version,
      because: diverted ? divertedBecause : decision.because,
      guessed: diverted ? false : decision.guessed,
      inputs: decision.inputs,
    },
  };
}
