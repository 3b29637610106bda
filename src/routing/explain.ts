import { type CompiledRule, type CompiledRules, holds } from "./compile.ts";
import { decideRoute, type RoutingDecision, type SkipReason } from "./decide.ts";
import { type Facts, factsOf, type RoutingInputs } from "./facts.ts";
import type { RuleField } from "./rules.ts";
import type { TopicIndex, TopicSuggestion } from "./topics.ts";

/** A rule that was looked at: whether it held, else the fields it failed on; `skipped` when its pool could not have it. */
export interface ConsideredRule {
  rule: number;
  to: string;
  matched: boolean;
  failedOn: RuleField[];
  skipped: SkipReason | null;
}

export interface RouteExplanation {
  decision: RoutingDecision;
  /** Topics that a moderator may choose from; empty when one was given. */
  suggestions: TopicSuggestion[];
  /** In order, the last being the one that decided; the likeliest `limit` where there were more. */
  considered: ConsideredRule[];
  /** How many rules stand before the one that decided, with it. */
  consideredTotal: number;
}

/** The inputs with the topic guessed from the text, where none was given and the guess is clear enough. */
export function withGuessedTopic(inputs: RoutingInputs, topics: TopicIndex): RoutingInputs {
  if (inputs.topic) return inputs;
  const guess = topics.guess(inputs.text);
  return guess ? { ...inputs, topic: guess.code, topicGuessed: true } : inputs;
}

function consider(rule: CompiledRule, facts: Facts, decision: RoutingDecision): ConsideredRule {
  const failedOn = rule.conditions.filter((condition) => !holds(condition, facts)).map(({ field }) => field);
  const skipped = decision.skipped.find((skip) => skip.rule === rule.number)?.reason ?? null;
  return { rule: rule.number, to: rule.to, matched: failedOn.length === 0, failedOn, skipped };
}

/** The rules that came closest, in their order: those that held first, then those that failed on the fewest fields. */
function closest(considered: ConsideredRule[], limit: number): ConsideredRule[] {
  if (considered.length <= limit) return considered;
  const deciding = considered.at(-1);
  const others = considered
    .slice(0, -1)
    .toSorted((a, b) => a.failedOn.length - b.failedOn.length || a.rule - b.rule);
  const kept = others.slice(0, limit - 1).toSorted((a, b) => a.rule - b.rule);
  return deciding ? [...kept, deciding] : kept;
}

/**
 * Where a text would go, and why, without submitting it: the decision, the topics to offer where none was given, and
 * the rules up to the one that decided (the closest 25 unless `limit` says otherwise). Stores nothing.
 */
export function explainRoute(
  compiled: CompiledRules,
  topics: TopicIndex,
  request: RoutingInputs,
  limit = 25,
): RouteExplanation {
  const inputs = withGuessedTopic(request, topics);
  const decision = decideRoute(compiled, inputs);
  const facts = factsOf(inputs, compiled.findWords);
  const before = compiled.rules.filter((rule) => rule.number < decision.rule);
  const deciding = compiled.rules[decision.rule - 1] ?? compiled.last;
  const considered = [...before, deciding].map((rule) => consider(rule, facts, decision));
  return {
    decision,
    suggestions: request.topic ? [] : topics.suggest(request.text),
    considered: closest(considered, limit),
    consideredTotal: considered.length,
  };
}
