import type { Role } from "../contract/vocabulary.ts";
import { cancelDelivery, deliveriesOf } from "../delivery/index.ts";
import { isDelivered, type Reply } from "./model.ts";
import { tellAfterwards, tellForum } from "./notices.ts";
import { copyOf, freeUnanswered, originsOf } from "./origins.ts";
import { report } from "./step.ts";
import { changeReply } from "./store/records.ts";
import { digestOf, keep, keyOf } from "./texts.ts";
import type { Turn } from "./turn.ts";

const authors: readonly Role[] = ["owner", "last-owner", "lead"];
const authorOf = ({ roles }: Turn): Role => authors.find((role) => roles.has(role)) ?? "lead";

async function copiesOf(turn: Turn, replyId: string): Promise<{ origin: Turn; copy: Reply }[]> {
  const copies: { origin: Turn; copy: Reply }[] = [];
  for (const origin of await originsOf(turn)) {
    const copy = await copyOf(origin, replyId);
    if (copy) copies.push({ origin, copy });
  }
  return copies;
}

/** What is corrected for one referral is corrected for everything merged into it that had the same answer. */
export async function correctCopies(turn: Turn, replyId: string, text: string): Promise<void> {
  for (const { origin, copy } of await copiesOf(turn, replyId)) {
    // What did not arrive goes out in the new words, should it be sent again.
    const words = { body: keyOf(origin).seal(text), sha256: digestOf(text) };
    if (await changeReply(origin.tx, copy.id, ["failed"], words)) continue;
    if (copy.state !== "queued" && !isDelivered(copy)) continue;
    const textId = await keep(origin, "correction", text);
    const data = { replyId: copy.id };
    await report(origin, "reply.correction_queued", authorOf(turn), { textId, data });
    await tellForum(origin, "referral.corrected", { ...data, textId });
  }
}

/** What is taken back for one referral is taken back for everything merged into it that had the same answer. */
export async function retractCopies(turn: Turn, replyId: string): Promise<void> {
  for (const { origin, copy } of await copiesOf(turn, replyId)) {
    const { tx, now } = origin;
    if (!["queued", "failed"].includes(copy.state) && !isDelivered(copy)) continue;
    await report(origin, "reply.retracted", authorOf(turn), { data: { replyId: copy.id } });
    if (isDelivered(copy)) {
      await tellForum(origin, "referral.retracted", { replyId: copy.id });
      await changeReply(tx, copy.id, [copy.state], { state: "withdrawn", withdrawnAt: now });
      await freeAfter(origin, copy.id);
      continue;
    }
    // One that a worker has in hand stays on its way, and is taken back when it arrives.
    const isHeld = await cancelSending(origin, copy.id);
    await changeReply(tx, copy.id, [copy.state], {
      withdrawnAt: now,
      ...(isHeld ? { state: "cancelled" } : {}),
    });
    if (isHeld) await freeAfter(origin, copy.id);
  }
}

/** Its answer is gone: where the other has ended, nobody else would bring one. */
async function freeAfter(origin: Turn, replyId: string): Promise<void> {
  const { state } = origin.referral;
  await freeUnanswered(origin, replyId);
  if (origin.referral.state !== state) await tellAfterwards(origin, state);
}

/** Takes a reply out of the outbox; false where a worker may have sent it already. */
export async function cancelSending(turn: Turn, replyId: string): Promise<boolean> {
  const sending = (await deliveriesOf(turn.tx, turn.referral.id)).find(
    ({ notice, data }) => notice === "referral.replied" && data.replyId === replyId,
  );
  return sending === undefined || cancelDelivery(turn.tx, sending.id, turn.now);
}
