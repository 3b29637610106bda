import { cancelDelivery, deliveriesOf } from "../delivery/index.ts";
import { tellForum, tellPoolsToRedact } from "./notices.ts";
import { report } from "./step.ts";
import { destroyContent } from "./store/erasure.ts";
import type { Turn } from "./turn.ts";

/** Why content goes: the member said no, its time was over, somebody asked, a forum left. */
export type ErasureReason = "consent-refused" | "retention" | "requested" | "member-deleted" | "forum-left";

/**
 * Erases the content of the referral in this turn: its key is destroyed, what was typed is emptied, what has not left
 * is cancelled, and every destination that carried content is told to blank it. Counts, times and outcome stay.
 */
export async function eraseInTurn(turn: Turn, because: ErasureReason): Promise<void> {
  const { tx, referral, now } = turn;
  if (referral.erasedAt !== null) return;
  const carried = await deliveriesOf(tx, referral.id);
  for (const delivery of carried) await cancelDelivery(tx, delivery.id, now);
  await report(turn, "referral.erased", turn.actor.kind === "timer" ? "timer" : "administrator", {
    set: { erasedAt: now, content: null, externalId: null },
    data: { because },
  });
  await destroyContent(tx, referral.id, because, now);
  turn.key = null;
  turn.referral = { ...turn.referral, sealed: null };
  await tellForum(turn, "redact", {});
  await tellPoolsToRedact(
    turn,
    carried.map((delivery) => delivery.destination),
  );
}
