import type { Role, State } from "../contract/vocabulary.ts";
import type { Tx } from "../db/index.ts";
import { nameOf, type Register } from "../register/model.ts";
import type { Referral, Reply } from "./model.ts";
import { tellAfterwards } from "./notices.ts";
import { type StepDetails, step } from "./step.ts";
import { readHistory } from "./store/records.ts";
import { findEndOfMerges, findOrigins, findOriginsShown, findReferralById } from "./store/referrals.ts";
import { isOpen } from "./transitions.ts";
import { beginTurn, type Turn } from "./turn.ts";

/** What stands as the answer: the last reply that the forum has, or that is on its way to it. */
export const standing = (replies: readonly Reply[]): Reply | undefined =>
  replies.findLast(({ state }) => ["queued", "delivered", "corrected"].includes(state));

/** A turn for every referral merged into this one, and into those before them; not for what was erased. */
export async function originsOf(turn: Turn): Promise<Turn[]> {
  const origins: Turn[] = [];
  for (const id of await findOrigins(turn.tx, turn.referral.id)) {
    const origin = await findReferralById(turn.tx, id, true);
    if (!origin?.sealed || origin.state !== "merged") continue;
    origins.push(await beginTurn(turn.deps, turn.tx, origin, turn.actor, turn.now));
  }
  return origins;
}

/** The reply of an origin that was made from this reply of the referral it went into. */
export async function copyOf(origin: Turn, replyId: string): Promise<Reply | undefined> {
  const history = (await readHistory(origin.tx, [origin.referral.id])).get(origin.referral.id) ?? [];
  const made = history.findLast(({ type, data }) => type === "reply.queued" && data.copyOf === replyId);
  return origin.replies.find(({ id }) => id === made?.data.replyId);
}

/** Where a merged referral goes when it stands for itself again: where it was, or to triage without a pool. */
export const stateAfterMerge = ({ stateBeforeMerge, poolSlug }: Referral) =>
  stateBeforeMerge === null || poolSlug === null ? "triage" : stateBeforeMerge;

/** The product itself undoes a merge, whoever's step brought that about. */
export async function leaveMerge(turn: Turn, details: StepDetails = {}): Promise<void> {
  const { roles } = turn;
  turn.roles = new Set<Role>(["register"]);
  await step(turn, "split", stateAfterMerge(turn.referral), details);
  turn.roles = roles;
}

/** An origin stands for itself again, and its forum and the pool that has it now hear so. */
async function standAlone(origin: Turn): Promise<void> {
  const to = stateAfterMerge(origin.referral);
  const tells = to === "offered" || to === "triage" ? { tells: `referral.${to}` as const } : {};
  await leaveMerge(origin, { ...tells, data: { because: "other-ended" } });
}

/**
 * The referral has ended: whatever was merged into it and has no answer stands for itself again, or nobody would have it.
 * `stateBefore`: where it was when the turn began.
 */
export async function freeOrigins(turn: Turn, stateBefore: State | null): Promise<void> {
  const { state, id } = turn.referral;
  if (isOpen(state) || state === "merged" || state === stateBefore) return;
  for (const origin of await originsOf(turn)) {
    if (origin.referral.mergedIntoId !== id || standing(origin.replies)) continue;
    await standAlone(origin);
    await tellAfterwards(origin, "merged");
  }
}

/**
 * The answer `lost` did not reach a merged referral, or was taken back: where it has no other, and the referral it went into
 * has ended, nobody else would bring one.
 */
export async function freeUnanswered(origin: Turn, lost: string): Promise<void> {
  const { tx, referral } = origin;
  if (referral.state !== "merged" || referral.mergedIntoId === null || !referral.sealed) return;
  if (standing(origin.replies.filter(({ id }) => id !== lost))) return;
  const other = await findEndOfMerges(tx, referral.mergedIntoId);
  if (other && !isOpen(other.state)) await standAlone(origin);
}

/** The forum and the reference of a referral that gets the same answer as another. */
export interface Origin {
  reference: string;
  forum: { slug: string; name: string };
}

/** Everything that an answer to this referral goes to as well. */
export async function readOrigins(tx: Tx, id: string, register: Register): Promise<Origin[]> {
  const shown = await findOriginsShown(tx, await findOrigins(tx, id));
  return shown.map(({ reference, forumSlug }) => ({
    reference,
    forum: { slug: forumSlug, name: nameOf(register, "forums", forumSlug) },
  }));
}
