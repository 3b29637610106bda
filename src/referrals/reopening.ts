import { DomainError } from "../contract/errors.ts";
import { elapsedMs } from "../pools/index.ts";
import { isPoolOpen } from "../register/model.ts";
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
 * Takes a finished referral up again: to its last advisor where they are still of that pool, else before the pool,
 * or to triage where it ended as diverted or the pool is gone. Refused when the window is over.
 */
export async function reopen(turn: Turn, details: StepDetails): Promise<void> {
  const { referral, register, now } = turn;
  const finished = referral.state === "resolved" || referral.state === "closed";
  if (finished && !isReopenable(turn)) {
    throw new DomainError("referral/reopen-window-over", { fields: { state: referral.state } });
  }
  const pool = referral.poolSlug;
  const set = { disposition: null, result: null, saidBy: null, insight: null };
  if (pool === null || !isPoolOpen(register, pool, now)) {
    await step(turn, "reopen", "triage", { ...details, set });
    return;
  }
  const owner = referral.ownerId ?? referral.lastOwnerId;
  const stays = owner !== null && register.advisors.get(owner)?.pools.includes(pool);
  if (stays)
    await step(turn, "reopen", "claimed", { ...details, set: { ...set, ownerId: owner, claimedAt: now } });
  else await step(turn, "reopen", "offered", { ...details, set });
}
