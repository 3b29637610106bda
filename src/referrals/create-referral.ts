import { DomainError } from "../contract/errors.ts";
import { isCheckViolation, type Tx } from "../db/index.ts";
import type { Deps } from "../deps.ts";
import { revisionOf } from "../register/index.ts";
import { withAdvice } from "./advice.ts";
import { type Birth, prepareBirth, type Request } from "./prepare-birth.ts";
import { insertBirths } from "./store/births.ts";

/** What a forum is told that sent more than its rate; one third of what a minute may bring can be saved up. */
export const overRate = (ratePerMinute: number): DomainError =>
  new DomainError("request/rate-limited", {
    fields: { retryAfterSeconds: Math.max(1, Math.ceil(60 / ratePerMinute)) },
  });

/**
 * Takes a new referral from a forum, inside a transaction of something else. Refuses what `prepareBirth` refuses, and more
 * than the forum's rate.
 */
export async function createReferral(deps: Deps, tx: Tx, request: Request): Promise<Birth> {
  const register = await deps.register(tx);
  const birth = prepareBirth(deps, register, request);
  try {
    await insertBirths(tx, [{ rows: birth.rows, revision: revisionOf(register) }]);
  } catch (error) {
    if (isCheckViolation(error)) throw withAdvice(overRate(birth.rows.ratePerMinute), birth.advice);
    throw error;
  }
  return birth;
}
