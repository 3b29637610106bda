import { cancelDelivery, deliveriesOf } from "../delivery/index.ts";
import { changeReply } from "./store/records.ts";
import type { Turn } from "./turn.ts";

/** Cancels what has not left yet. A reply that a worker has in hand is marked when its fate is known. */
export async function cancelUnsent(turn: Turn): Promise<void> {
  const waiting = (await deliveriesOf(turn.tx, turn.referral.id)).filter((delivery) =>
    ["referral.replied", "referral.question", "referral.corrected"].includes(delivery.notice),
  );
  for (const delivery of waiting) {
    if (!(await cancelDelivery(turn.tx, delivery.id, turn.now))) continue;
    const { replyId } = delivery.data as { replyId?: string };
    if (replyId && delivery.notice === "referral.replied")
      await changeReply(turn.tx, replyId, ["queued", "failed"], { state: "cancelled" });
  }
  for (const reply of turn.replies) {
    const sent = waiting.some((delivery) => (delivery.data as { replyId?: string }).replyId === reply.id);
    if (!sent) await changeReply(turn.tx, reply.id, ["queued"], { state: "cancelled" });
  }
}
