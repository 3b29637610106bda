import { z } from "zod";
import { Language, Nation, Urgency } from "../contract/vocabulary.ts";
import { foldPhrase } from "./words.ts";

/** What a rule may ask about. `flag` reads a referral's flags, `words` its text, the others the field of that name. */
export const ruleFields = [
  "forum",
  "board",
  "topic",
  "words",
  "nation",
  "area",
  "audience",
  "language",
  "urgency",
  "flag",
  "clinic",
] as const;
export type RuleField = (typeof ruleFields)[number];

/** Where a rule sends what nobody else should have. No pool may take this name. */
export const TRIAGE = "triage";

const text = z.string().trim().min(1).max(200);
const codes = z.array(text).min(1);
const phrases = z
  .array(
    text.refine((phrase) => foldPhrase(phrase) !== "", {
      error: "This has no letter or digit to look for.",
      params: { hint: 'Write words or phrases, such as "advance payment".' },
    }),
  )
  .min(1);

/** The conditions of a rule: all of its fields must hold, each by any one of its values. Unknown fields are refused. */
export const RuleConditions = z
  .strictObject({
    forum: codes.optional(),
    board: phrases.optional(),
    topic: codes.optional(),
    words: phrases.optional(),
    nation: z.array(Nation).min(1).optional(),
    area: phrases.optional(),
    audience: codes.optional(),
    language: z.array(Language).min(1).optional(),
    urgency: z.array(Urgency).min(1).optional(),
    flag: codes.optional(),
    clinic: codes.optional(),
  })
  .refine((when) => ruleFields.some((field) => when[field] !== undefined), {
    error: "A rule without a condition would hide every rule after it.",
    params: { hint: `Name at least one of ${ruleFields.join(", ")}.` },
  });
export type RuleConditions = z.infer<typeof RuleConditions>;

/** One rule: when it holds, the pool it sends to (or `triage`), and a sentence for the moderator, needed for a pool. */
export const Rule = z
  .strictObject({ when: RuleConditions.optional(), to: text, because: text.max(300).optional() })
  .refine((rule) => rule.to === TRIAGE || rule.because !== undefined, {
    path: ["because"],
    error: "A rule to a pool says why, in a sentence a moderator can read.",
    params: { hint: 'For example because: "Universal Credit is reserved to DWP in Great Britain".' },
  });
export type Rule = z.infer<typeof Rule>;

/**
 * The rules of a register in order; the first that holds decides.
 * Refuses, with a path and `params.hint`: no rules, a last rule that is not `{ to: triage }` without `when`, and any
 * rule before it without `when`, because no rule after that one could be reached.
 */
export const RuleSet = z.array(Rule).superRefine((rules, ctx) => {
  const last = rules.at(-1);
  if (!last || last.to !== TRIAGE || last.when) {
    const path = last ? [rules.length - 1] : [];
    const hint = "End the rules with { to: triage }.";
    ctx.addIssue({
      code: "custom",
      path,
      message: "The last rule must send what is left to triage.",
      params: { hint },
    });
  }
  for (const [index, rule] of rules.slice(0, -1).entries()) {
    if (rule.when) continue;
    const message = `No rule after rule ${index + 1} could be reached.`;
    const hint = "Give this rule a `when`, or remove the rules after it.";
    ctx.addIssue({ code: "custom", path: [index, "when"], message, params: { hint } });
  }
});
export type RuleSet = z.infer<typeof RuleSet>;

/** Rules, by their number from 1, that send to a pool which does not exist. */
export function unknownPools(
  rules: readonly Rule[],
  pools: Iterable<string>,
): { rule: number; pool: string }[] {
  const known = new Set([...pools, TRIAGE]);
  return rules.flatMap((rule, index) => (known.has(rule.to) ? [] : [{ rule: index + 1, pool: rule.to }]));
}

/** The words and phrases that these rules look for, folded: what a kept list of found words can be judged by. */
export function ruleWords(rules: readonly Rule[]): string[] {
  return [...new Set(rules.flatMap((rule) => rule.when?.words ?? []).map(foldPhrase))];
}
