export { type CompiledRules, compileRules } from "./compile.ts";
export { decideRoute, type RoutingDecision } from "./decide.ts";
export { explainRoute, type RouteExplanation, withGuessedTopic } from "./explain.ts";
export type { RoutingCodes, RoutingInputs, UnavailableReason } from "./facts.ts";
export { type PastRouting, type RulesReplay, replayRules } from "./replay.ts";
export { Rule, RuleConditions, RuleSet, ruleWords, TRIAGE, unknownPools } from "./rules.ts";
export { createTopicIndex, type Topic, type TopicIndex } from "./topics.ts";
