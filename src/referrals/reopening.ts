import { DomainError } from "../contract/errors.ts";
import { elapsedMs } from "../pools/index.ts";
import { keepsReferrals } from "../register/model.ts";
import { whyNot } from "./placing.ts";
import { referAgain } from "./refer-again.ts";
import { type StepDetails, step } from "./step.ts";
import type { Turn } from "./turn.ts";

/** Whether the window for reopening is still open. */
export function isReopenable(turn: Pick<Turn, "referral" | "register" | "now">): boolean {
  const { finishedAt } = turn.referral;
  return (
    finishedAt !== null &&
    turn.now.getTime() - finishedAt.getTime() <= elapsedMs(turn.register.settings.reopenWindow)
  );
}

/**
 * Takes a finished referral up again: to its last advisor where they are still of that pool, else before the pool, or to
 * triage where it ended as diverted or the pool may not have it. When the window is over it becomes a new referral, linked
 * to this one, which stays finished. Refused where the forum takes part in referrals no more.
 */
export async function reopen(turn: Turn, details: StepDetails): Promise<void> {
  const { referral, register, now } = turn;
  const forum = register.forums.get(referral.forumSlug);
  const finished = referral.state === "resolved" || referral.state === "closed";
  if (finished && !(forum && keepsReferrals(forum))) throw new DomainError("forum/no-intervention");
  if (finished && !isReopenable(turn)) {
    await referAgain(turn, details);
    return;
  }
  const pool = referral.poolSlug;
  const set = { disposition: null, result: null, saidBy: null, insight: null };
  if (pool === null || whyNot(register, referral.forumSlug, pool, now) !== null) {
    await step(turn, "reopen", "triage", { ...details, set });
    return;
  }
  const owner = referral.ownerId ?? referral.lastOwnerId;
  const stays = owner !== null && register.advisors.get(owner)?.pools.includes(pool);
  if (stays)
    await step(turn, "reopen", "claimed", { ...details, set: { ...set, ownerId: owner, claimedAt: now } });
  else await step(turn, "reopen", "offered", { ...details, set });
}
