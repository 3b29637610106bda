import type { CompiledRule, CompiledRules, Condition } from "./compile.ts";
import { type Facts, factsOf, type RoutingCodes, type UnavailableReason } from "./facts.ts";
import { TRIAGE } from "./rules.ts";

/** A past referral as it was first routed. */
export interface PastRouting {
  reference: string;
  /** The pool it went to, null for triage. */
  pool: string | null;
  inputs: RoutingCodes;
  /** Words, folded, that the rules of that time looked for (`ruleWords`): of these it is known whether they occurred. */
  knownWords?: ReadonlySet<string> | undefined;
  unavailable?: ReadonlyMap<string, UnavailableReason> | undefined;
}

export interface RulesReplay {
  /** Referrals that the draft sends elsewhere: from and to a pool, or null for triage, and the draft's rule. */
  moved: { reference: string; from: string | null; to: string | null; rule: number }[];
  unchanged: number;
  notJudged: { reference: string; because: string }[];
}

type Verdict = "holds" | "fails" | "unknown";

function judgeCondition({ field, values }: Condition, facts: Facts, past: PastRouting): Verdict {
  if (field === "area") return past.inputs.areaGiven ? "unknown" : "fails";
  for (const value of facts[field]) if (values.has(value)) return "holds";
  if (field !== "words") return "fails";
  for (const word of values) if (!past.knownWords?.has(word)) return "unknown";
  return "fails";
}

/** The fields that cannot be judged, or whether the rule holds. One condition that fails is enough to know. */
function judgeRule(rule: CompiledRule, facts: Facts, past: PastRouting): boolean | string[] {
  const unknown: string[] = [];
  for (const condition of rule.conditions) {
    const verdict = judgeCondition(condition, facts, past);
    if (verdict === "fails") return false;
    if (verdict === "unknown") unknown.push(condition.field);
  }
  return unknown.length === 0 ? true : unknown;
}

function canHave(rule: CompiledRule, past: PastRouting, draft: CompiledRules): boolean {
  if (rule.to === TRIAGE) return true;
  const isTaken = past.inputs.triedPools.includes(rule.to) || past.unavailable?.has(rule.to) === true;
  return draft.poolNames.has(rule.to) && !isTaken;
}

function replayOne(
  draft: CompiledRules,
  past: PastRouting,
): { to: string | null; rule: number } | { because: string } {
  const { inputs } = past;
  const facts: Facts = { ...factsOf({ ...inputs, text: "", area: null }, null), words: inputs.words };
  const doubtful: { rule: CompiledRule; fields: string[] }[] = [];
  let decided = draft.last;
  for (const rule of draft.rules) {
    const judged = judgeRule(rule, facts, past);
    if (judged === false || !canHave(rule, past, draft)) continue;
    if (judged === true) {
      decided = rule;
      break;
    }
    doubtful.push({ rule, fields: judged });
  }
  // A rule in doubt that sends to the same place changes nothing.
  const open = doubtful.find(({ rule }) => rule.to !== decided.to);
  if (open)
    return { because: `Rule ${open.rule.number} asks for ${open.fields.join(" and ")}, which was not kept.` };
  return { to: decided.to === TRIAGE ? null : decided.to, rule: decided.number };
}

/**
 * Runs a draft rule set over past referrals. Only codes were kept of them, so a rule that asks for an area, or for words
 * that nobody looked for then, cannot be judged, unless another of its conditions
 * fails anyway, an earlier rule decides, or it sends to the same place as the rule that does. A guessed topic is kept as
 * it was guessed then.
 */
export function replayRules(draft: CompiledRules, past: readonly PastRouting[]): RulesReplay {
  const result: RulesReplay = { moved: [], unchanged: 0, notJudged: [] };
  for (const referral of past) {
    const { reference, pool } = referral;
    const outcome = replayOne(draft, referral);
    if ("because" in outcome) result.notJudged.push({ reference, because: outcome.because });
    else if (outcome.to === pool) result.unchanged += 1;
    else result.moved.push({ reference, from: pool, to: outcome.to, rule: outcome.rule });
  }
  return result;
}
