export { type CompiledRules, compileRules } from "./compile.ts";
export { decideRoute, type RoutingDecision, type SkippedRule, type SkipReason } from "./decide.ts";
export { type ConsideredRule, explainRoute, type RouteExplanation, withGuessedTopic } from "./explain.ts";
export type { RoutingCodes, RoutingInputs, UnavailableReason } from "./facts.ts";
export { type PastRouting, type RulesReplay, replayRules } from "./replay.ts";
export { Rule, RuleConditions, type RuleField, RuleSet, ruleWords, TRIAGE, unknownPools } from "./rules.ts";
export { createTopicIndex, type Topic, type TopicIndex, type TopicSuggestion } from "./topics.ts";
