import type { Facts } from "./facts.ts";
import { type Rule, type RuleField, ruleFields, ruleWords } from "./rules.ts";
import { createPhraseFinder, foldPhrase, type PhraseFinder } from "./words.ts";

/** One field of a rule with the values it takes. */
export interface Condition {
  field: RuleField;
  values: ReadonlySet<string>;
}

/** A rule ready to be tried; `number` counts from 1, as people do. */
export interface CompiledRule {
  number: number;
  conditions: readonly Condition[];
  to: string;
  because: string | null;
}

/** A rule set ready to decide. Make it once for each version of the register. */
export interface CompiledRules {
  /** All rules but the last, in order. */
  rules: readonly CompiledRule[];
  /** The last rule: triage. */
  last: CompiledRule;
  /** For a field and a value, the positions in `rules` to try, in order. Each rule stands under one field only. */
  index: ReadonlyMap<RuleField, ReadonlyMap<string, readonly number[]>>;
  /** Null where no rule asks for words: then the text is not read at all. */
  findWords: PhraseFinder | null;
  /** Names of the pools that exist, for sentences. */
  poolNames: ReadonlyMap<string, string>;
}

// Names that people type are compared as words; codes exactly.
const foldedFields: ReadonlySet<RuleField> = new Set(["board", "words", "area"]);

function compileRule(rule: Rule, position: number): CompiledRule {
  const conditions: Condition[] = [];
  for (const field of ruleFields) {
    const values = rule.when?.[field];
    if (!values) continue;
    conditions.push({ field, values: new Set(foldedFields.has(field) ? values.map(foldPhrase) : values) });
  }
  return { number: position + 1, conditions, to: rule.to, because: rule.because ?? null };
}

/** How many rules name each value of each field. */
function countValues(rules: readonly CompiledRule[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { conditions } of rules) {
    for (const { field, values } of conditions) {
      for (const value of values) counts.set(`${field}=${value}`, (counts.get(`${field}=${value}`) ?? 0) + 1);
    }
  }
  return counts;
}

/** The condition whose values fewest rules share: under it, a referral meets the rule least often in vain. */
function mostSelective(rule: CompiledRule, counts: ReadonlyMap<string, number>): Condition | null {
  let best: Condition | null = null;
  let bestCount = Number.POSITIVE_INFINITY;
  for (const condition of rule.conditions) {
    let count = 0;
    for (const value of condition.values) count += counts.get(`${condition.field}=${value}`) ?? 0;
    if (count >= bestCount) continue;
    best = condition;
    bestCount = count;
  }
  return best;
}

function indexRules(rules: readonly CompiledRule[]): CompiledRules["index"] {
  const counts = countValues(rules);
  const index = new Map<RuleField, Map<string, number[]>>();
  for (const [position, rule] of rules.entries()) {
    const condition = mostSelective(rule, counts);
    if (!condition) continue;
    const byValue = index.get(condition.field) ?? new Map<string, number[]>();
    index.set(condition.field, byValue);
    for (const value of condition.values) {
      const positions = byValue.get(value);
      if (positions) positions.push(position);
      else byValue.set(value, [position]);
    }
  }
  return index;
}

/**
 * Makes rules ready to decide; `pools` are those that exist. Takes what `RuleSet` has accepted; a rule to a pool that
 * does not exist is passed over when it decides, and the last rule always sends to triage.
 */
export function compileRules(
  rules: readonly Rule[],
  { pools }: { pools: Iterable<{ slug: string; name: string }> },
): CompiledRules {
  const compiled = rules.slice(0, -1).map(compileRule);
  const words = ruleWords(rules);
  return {
    rules: compiled,
    last: {
      number: Math.max(rules.length, 1),
      conditions: [],
      to: "triage",
      because: rules.at(-1)?.because ?? null,
    },
    index: indexRules(compiled),
    findWords: words.length > 0 ? createPhraseFinder(words) : null,
    poolNames: new Map([...pools].map(({ slug, name }) => [slug, name])),
  };
}

/** Whether one condition holds: any value the referral has is one that the rule takes. */
export function holds({ field, values }: Condition, facts: Facts): boolean {
  for (const value of facts[field]) if (values.has(value)) return true;
  return false;
}

/** Whether all conditions of a rule hold. */
export function fits(rule: CompiledRule, facts: Facts): boolean {
  for (const condition of rule.conditions) if (!holds(condition, facts)) return false;
  return true;
}
