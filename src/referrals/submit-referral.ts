import type { CoreApi, Submitted } from "../contract/core-api.ts";
import { DomainError } from "../contract/errors.ts";
import { isCheckViolation, isDuplicate } from "../db/index.ts";
import type { Deps } from "../deps.ts";
import { findAnswer, hashRequest, hideKey, type Once } from "../idempotency/index.ts";
import { registerAtHand, revisionOf } from "../register/index.ts";
import type { Register } from "../register/model.ts";
import { withAdvice } from "./advice.ts";
import { overRate } from "./create-referral.ts";
import { type Birth, prepareBirth, type Request } from "./prepare-birth.ts";
import { insertBirths, type NewBirth } from "./store/births.ts";
import { createGroupCommit } from "./store/group-commit.ts";

const attempts = 5;
const aloneMs = 5_000;

type Answer = Submitted["referral"];

/**
 * Takes referrals from forums: durable when it answers. A repeat of the same event gives the first answer and
 * `created: false`; the same id with another body is refused. Refusals are those of `prepareBirth`, and
 * `request/rate-limited` beyond the forum's rate.
 *
 * Each referral is decided in memory by the register that was read last, and written in a group with others. Nothing is
 * written where that register is no longer in force; it is then decided anew.
 */
export function createIntake(deps: Deps): CoreApi["submitReferral"] {
  const insert = (births: readonly NewBirth[]) => insertBirths(deps.db, births);
  const together = createGroupCommit(insert);
  /** Until when a forum that was over its rate writes alone, so that it does not undo the groups of others. */
  const aloneUntil = new Map<string, number>();

  const write = async (birth: NewBirth): Promise<ReadonlySet<string>> => {
    const { forumSlug, submittedAt } = birth.rows.referral;
    const isAlone = (aloneUntil.get(forumSlug) ?? 0) > submittedAt.getTime();
    try {
      return await (isAlone ? insert([birth]) : together(birth));
    } catch (error) {
      if (!isCheckViolation(error)) throw error;
      aloneUntil.set(forumSlug, submittedAt.getTime() + aloneMs);
      throw overRate(birth.rows.ratePerMinute);
    }
  };

  return async (forum, body, from) => {
    const once = hideKey(deps, {
      scope: `intake:${forum}`,
      key: from.eventId,
      requestHash: hashRequest(body),
    });
    for (let attempt = 1; attempt <= attempts; attempt += 1) {
      const register = registerAtHand(deps.register) ?? (await deps.register(deps.db));
      const birth = decide(deps, register, { forum, body, actor: from.actor });
      const answer = birth instanceof DomainError ? null : await keep(deps, write, register, birth, once);
      if (answer) return { created: true, referral: answer };
      // Only what is in force may refuse, or show what it told before.
      if ((await deps.register(deps.db)) !== register) {
        await from.renew?.();
        continue;
      }
      const known = await findAnswer<201, Answer>(deps, deps.db, once);
      if (known) return { created: false, referral: known.body };
      if (birth instanceof DomainError) throw birth;
    }
    throw new DomainError("service/unavailable");
  };
}

function decide(deps: Deps, register: Register, request: Request): Birth | DomainError {
  try {
    return prepareBirth(deps, register, request);
  } catch (error) {
    if (error instanceof DomainError) return error;
    throw error;
  }
}

/** Writes a referral and answers what its forum is told, once it is durable; null where it was not written. */
async function keep(
  deps: Deps,
  write: (birth: NewBirth) => Promise<ReadonlySet<string>>,
  register: Register,
  { rows, view, advice }: Birth,
  once: Once,
): Promise<Answer | null> {
  const answer = advice.length > 0 ? { ...view, advice } : view;
  const response = deps.keyring.sealSecret(JSON.stringify(answer));
  try {
    const written = await write({ rows, once, response, revision: revisionOf(register) });
    if (!written.has(rows.referral.id)) return null;
    deps.nudge();
    return answer;
  } catch (error) {
    // Two references of 35 random bits can meet; another draw settles it.
    if (isDuplicate(error)) return null;
    throw error instanceof DomainError ? withAdvice(error, advice) : error;
  }
}
