import type { State } from "../contract/vocabulary.ts";
import type { Tx } from "../db/index.ts";
import { cancelDelivery, type DeliveryRow, deliveriesOf } from "../delivery/index.ts";
import type { EventRecord, Referral } from "./model.ts";
import { readHistory } from "./store/records.ts";
import type { Turn } from "./turn.ts";

/** Why a question was not sent: what happened since leaves nothing to ask. */
export const overtaken = "overtaken";

/** After one of these nobody waits for the forum to confirm a question that was asked before it. */
const settles = ["referral.asked", "reply.queued", "question.cancelled"];
/** Where a question still makes sense to the member: it is on its way, or they have it. */
const takesQuestion: readonly State[] = ["claimed", "waiting_member"];

const historyOf = async (tx: Tx, referralId: string): Promise<readonly EventRecord[]> =>
  (await readHistory(tx, [referralId])).get(referralId) ?? [];

/** The text of the newest question while the forum has yet to confirm it; null where none waits for that. */
export async function findUnconfirmed(tx: Tx, referralId: string): Promise<string | null> {
  const history = await historyOf(tx, referralId);
  const asked = history.findLast(({ type }) => type === "question.queued");
  if (!asked || history.some(({ seq, type }) => seq > asked.seq && settles.includes(type))) return null;
  return asked.textId;
}

/** Whether a question, or a reminder of one, has been overtaken by what happened since it was planned. */
export async function isOvertaken(
  tx: Tx,
  row: Pick<DeliveryRow, "data" | "createdAt">,
  { id, state, stateSince }: Pick<Referral, "id" | "state" | "stateSince">,
): Promise<boolean> {
  if (row.data.nudge === true) return state !== "waiting_member" || row.createdAt < stateSince;
  if (!takesQuestion.includes(state)) return true;
  const history = await historyOf(tx, id);
  const asked = history.find(({ type, textId }) => type === "question.queued" && textId === row.data.textId);
  const over = ["referral.answered", "reply.queued", "question.cancelled"];
  return asked !== undefined && history.some(({ seq, type }) => seq > asked.seq && over.includes(type));
}

/** Takes back questions that have not left: with a reply on its way there is nothing to wait for. */
export async function cancelQuestions(turn: Turn): Promise<void> {
  for (const { id, notice } of await deliveriesOf(turn.tx, turn.referral.id))
    if (notice === "referral.question") await cancelDelivery(turn.tx, id, turn.now);
}
