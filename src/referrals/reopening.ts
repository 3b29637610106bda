import { ReferralBody } from "../contract/bodies.ts";
import { elapsedMs } from "../pools/index.ts";
import { isPoolOpen } from "../register/model.ts";
import { createReferral } from "./create-referral.ts";
import { findTransition } from "./states.ts";
import { refuseStep, report, type StepDetails, step } from "./step.ts";
import { linkReferral } from "./store/referrals.ts";
import { contentOf, keyOf } from "./texts.ts";
import type { Turn } from "./turn.ts";

/** Whether the window for reopening is still open. */
export function isReopenable(turn: Pick<Turn, "referral" | "register" | "now">): boolean {
  const { finishedAt } = turn.referral;
  return (
    finishedAt !== null &&
    turn.now.getTime() - finishedAt.getTime() <= elapsedMs(turn.register.settings.reopenWindow)
  );
}

/** After the window the same post is a new referral, linked to the old, routed and clocked anew. */
async function referAgain(turn: Turn, details: StepDetails): Promise<void> {
  const { referral, tx, deps, actor, roles } = turn;
  const verdict = findTransition("reopen", referral.state, "triage", roles);
  if (!verdict.ok) refuseStep(turn, "reopen", verdict.because);
  keyOf(turn);
  const { title, note, member, area, ...content } = contentOf(turn) ?? {
    excerpt: "",
    url: "",
    moderator: "",
  };
  const optional = { title, note, member, area, topic: referral.topicGuessed ? null : referral.topic };
  const body = ReferralBody.parse({
    ...content,
    ...Object.fromEntries(
      Object.entries({ ...optional, externalId: referral.externalId, nation: referral.nation }).filter(
        ([, value]) => value !== null && value !== undefined,
      ),
    ),
    consent: referral.consentBasis,
    urgency: referral.urgency,
    language: referral.language,
    audience: referral.audience,
  });
  const born = await createReferral(deps, tx, { forum: referral.forumSlug, body, actor });
  await linkReferral(tx, born.rows.referral.id, referral.id);
  const role = verdict.row.by.find((candidate) => roles.has(candidate)) ?? "moderator";
  await report(turn, "referral.referred_again", role, {
    ...details,
    data: { as: born.rows.referral.reference },
  });
}

/**
 * Takes a finished referral up again: to its last advisor where they are still of that pool, else before the pool, or to
 * triage where it ended as diverted or the pool is gone. When the window is over it becomes a new referral, linked to
 * this one, which stays finished.
 */
export async function reopen(turn: Turn, details: StepDetails): Promise<void> {
  const { referral, register, now } = turn;
  const finished = referral.state === "resolved" || referral.state === "closed";
  if (finished && !isReopenable(turn)) {
    await referAgain(turn, details);
    return;
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
