import { type CompiledRule, type CompiledRules, fits } from "./compile.ts";
import {
  codesOf,
  type Facts,
  factsOf,
  type RoutingCodes,
  type RoutingInputs,
  type UnavailableReason,
} from "./facts.ts";
import { TRIAGE } from "./rules.ts";

export type SkipReason = UnavailableReason | "already-tried" | "pool-unknown";

/** A rule that held, but whose pool could not have the referral. */
export interface SkippedRule {
  rule: number;
  pool: string;
  reason: SkipReason;
}

/** Where a referral goes and why. */
export interface RoutingDecision {
  /** The rule that decided, counted from 1. */
  rule: number;
  /** The pool, or null for triage. */
  pool: string | null;
  /** A sentence that a moderator can read. */
  because: string;
  /** The topic that decided was a guess. */
  guessed: boolean;
  inputs: RoutingCodes;
  skipped: SkippedRule[];
}

const NOWHERE = "No rule says where this belongs, so a triage coordinator will read it.";
const NOBODY = "No pool that would fit can have this, so a triage coordinator will read it.";
const GUESSED = "The topic was guessed from the words of the post.";

const skipSentences: Record<SkipReason, (pool: string) => string> = {
  "already-tried": (pool) => `${pool} has had this referral before.`,
  "pool-closed": (pool) => `${pool} has closed.`,
  "no-active-advisor": (pool) => `${pool} has no advisor at present.`,
  "not-agreed": (pool) => `This forum has agreed no referrals to ${pool}.`,
  "pool-unknown": () => "The pool of an earlier rule does not exist.",
};

function asSentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

function skipReason(rule: CompiledRule, inputs: RoutingInputs, compiled: CompiledRules): SkipReason | null {
  if (!compiled.poolNames.has(rule.to)) return "pool-unknown";
  if (inputs.triedPools?.includes(rule.to)) return "already-tried";
  return inputs.unavailable?.get(rule.to) ?? null;
}

/** A list of positions, and how far the merge has read it. */
interface Cursor {
  positions: readonly number[];
  at: number;
}

function cursorsFor(compiled: CompiledRules, facts: Facts): Cursor[] {
  const cursors: Cursor[] = [];
  for (const [field, byValue] of compiled.index) {
    for (const value of facts[field]) {
      const positions = byValue.get(value);
      if (positions) cursors.push({ positions, at: 0 });
    }
  }
  return cursors;
}

/**
 * Calls `visit` with the positions of rules that may hold, in order and each once, until it answers true. The lists are
 * merged step by step, so that only the rules that come before the deciding one are looked at.
 */
function visitCandidates(compiled: CompiledRules, facts: Facts, visit: (position: number) => boolean): void {
  const cursors = cursorsFor(compiled, facts);
  for (;;) {
    let position = Number.POSITIVE_INFINITY;
    for (const { positions, at } of cursors) {
      const next = positions[at];
      if (next !== undefined && next < position) position = next;
    }
    if (position === Number.POSITIVE_INFINITY || visit(position)) return;
    for (const cursor of cursors) if (cursor.positions[cursor.at] === position) cursor.at += 1;
  }
}

function becauseOf(
  rule: CompiledRule,
  guessed: boolean,
  skipped: readonly SkippedRule[],
  names: CompiledRules["poolNames"],
) {
  const reason = rule.because ?? (skipped.length > 0 ? NOBODY : NOWHERE);
  if (!guessed && skipped.length === 0) return reason;
  const passedOver = skipped.map(({ pool, reason }) => skipSentences[reason](names.get(pool) ?? pool));
  const extra = [...(guessed ? [GUESSED] : []), ...new Set(passedOver)];
  return extra.length === 0 ? reason : [asSentence(reason), ...extra].join(" ");
}

/**
 * Decides where a referral goes: the first rule that holds and whose pool can have it. A rule is passed over, with its
 * reason, when its pool does not exist, had the referral before, or is unavailable; the last rule sends to triage.
 * `because` is the rule's own sentence, followed by one that says the topic was guessed (only where the deciding rule
 * asked for a topic) and one for each pool passed over. `inputs` holds codes, never text.
 */
export function decideRoute(compiled: CompiledRules, inputs: RoutingInputs): RoutingDecision {
  const facts = factsOf(inputs, compiled.findWords);
  const skipped: SkippedRule[] = [];
  let decided = compiled.last;
  visitCandidates(compiled, facts, (position) => {
    const rule = compiled.rules[position];
    if (!rule || !fits(rule, facts)) return false;
    const reason = rule.to === TRIAGE ? null : skipReason(rule, inputs, compiled);
    if (reason) {
      skipped.push({ rule: rule.number, pool: rule.to, reason });
      return false;
    }
    decided = rule;
    return true;
  });
  const codes = codesOf(inputs, facts);
  const guessed = codes.topicGuessed && decided.conditions.some(({ field }) => field === "topic");
  return {
    rule: decided.number,
    pool: decided.to === TRIAGE ? null : decided.to,
    because: becauseOf(decided, guessed, skipped, compiled.poolNames),
    guessed,
    inputs: codes,
    skipped,
  };
}
