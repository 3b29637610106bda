import { DomainError } from "../contract/errors.ts";
import type { Deps } from "../deps.ts";
import { parseRegister, rulesOfVersion } from "../register/index.ts";
import {
  compileRules,
  type PastRouting,
  type RoutingCodes,
  type Rule,
  type RulesReplay,
  replayRules,
  ruleWords,
  TRIAGE,
  unknownPools,
} from "../routing/index.ts";
import { type PastRow, selectPastRoutings } from "./store/past-routings.ts";

const pageSize = 1_000;
const firstId = "00000000-0000-0000-0000-000000000000";

/**
 * What a draft of the rules would have done with every referral so far, compared with where the rules of its day sent it.
 * `document` is a register with `rules`, or a list of rules; its pools count as existing beside those of the register.
 * Changes nothing. Refuses mistakes and rules to a pool that nobody knows (`register/invalid`). `tell` hears how many
 * referrals have been judged.
 */
export async function replayDraft(
  deps: Deps,
  document: unknown,
  tell: (judged: number) => void = () => {},
): Promise<RulesReplay> {
  const draft = await readDraft(deps, document);
  const compiled = compileRules(draft.rules, { pools: draft.pools });
  const rulesOf = createRulesReader(deps);
  const whole: RulesReplay = { moved: [], unchanged: 0, notJudged: [] };
  let judged = 0;
  for (let after = firstId; ; ) {
    const rows = await selectPastRoutings(deps.db, after, pageSize);
    const past: PastRouting[] = [];
    for (const row of rows) past.push(pastOf(row, await rulesOf(row.routing.version)));
    const { moved, unchanged, notJudged } = replayRules(compiled, past);
    whole.moved.push(...moved);
    whole.notJudged.push(...notJudged);
    whole.unchanged += unchanged;
    judged += rows.length;
    tell(judged);
    after = rows.at(-1)?.id ?? after;
    if (rows.length < pageSize) return whole;
  }
}

async function readDraft(deps: Deps, document: unknown) {
  const { rules, pools = [] } = parseRegister(Array.isArray(document) ? { rules: document } : document);
  if (rules === undefined)
    throw new DomainError("register/invalid", {
      errors: [
        { pointer: "/rules", detail: "There are no rules in this file.", hint: "Write them under rules:." },
      ],
    });
  const register = await deps.register(deps.db);
  const known = new Map([...register.pools.values(), ...pools].map((pool) => [pool.slug, pool]));
  const errors = unknownPools(rules, known.keys()).map(({ rule, pool }) => ({
    pointer: `/rules/${rule - 1}/to`,
    detail: `There is no pool "${pool}".`,
  }));
  if (errors.length > 0) throw new DomainError("register/invalid", { errors });
  return { rules, pools: known.values() };
}

interface RulesThen {
  rules: readonly Rule[];
  words: ReadonlySet<string>;
}

/** Reads the rules of each version once. */
function createRulesReader(deps: Deps): (version: number) => Promise<RulesThen> {
  const known = new Map<number, RulesThen>();
  return async (version) => {
    const found = known.get(version);
    if (found) return found;
    const rules = await rulesOfVersion(deps.db, version);
    const read = { rules, words: new Set(ruleWords(rules)) };
    known.set(version, read);
    return read;
  };
}

function pastOf({ reference, routing }: PastRow, then: RulesThen): PastRouting {
  const to = then.rules[routing.rule - 1]?.to ?? TRIAGE;
  return {
    reference,
    pool: to === TRIAGE ? null : to,
    // Written by `place`, which takes them from the decision.
    inputs: routing.inputs as RoutingCodes,
    knownWords: then.words,
  };
}
