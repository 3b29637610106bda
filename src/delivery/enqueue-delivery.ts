import type { NoticeType } from "../contract/notice.ts";
import type { Tx } from "../db/index.ts";
import type { StoredDelivery } from "./delivery.ts";
import { dataVersion } from "./model.ts";
import { newId } from "./new-id.ts";
import { cancelWaiting, insertDelivery, type NewDelivery, selectDeliveriesOf } from "./store/outbox.ts";

export interface Enqueued {
  /** Null for what belongs to no referral, such as a ping: it has no order. */
  referralId: string | null;
  adapter: string;
  /** `forum:<slug>`, `pool:<slug>` or `alert:<name>`. */
  destination: string;
  notice: NoticeType;
  /** Codes and ids only; texts are read when the notice is built. */
  data?: Readonly<Record<string, unknown>>;
  now: Date;
}

/** The row of a delivery, with an id of its own and the version of its data. */
export const newDelivery = ({
  referralId,
  adapter,
  destination,
  notice,
  data,
  now,
}: Enqueued): NewDelivery => ({
  id: newId(now),
  referralId,
  adapter,
  destination,
  notice,
  data: { ...data, v: dataVersion },
  now,
});

/**
 * Writes one delivery into the caller's transaction and answers its id. It goes behind whatever is unsettled for the
 * same referral and destination. The caller has inserted or updated the referral's row in this transaction, which
 * keeps others from adding to the same order at the same time.
 */
export async function enqueueDelivery(tx: Tx, input: Enqueued): Promise<string> {
  const row = newDelivery(input);
  await insertDelivery(tx, row);
  return row.id;
}

/**
 * Takes back a delivery that no worker has touched or whose last attempt surely failed. False when it is leased, of
 * unknown fate, settled or absent. The caller holds the referral's row, as for `enqueueDelivery`.
 */
export async function cancelDelivery(tx: Tx, id: string, now: Date): Promise<boolean> {
  return cancelWaiting(tx, id, now);
}

/** Every delivery of a referral, in the order it was written. */
export async function deliveriesOf(tx: Tx, referralId: string): Promise<StoredDelivery[]> {
  return selectDeliveriesOf(tx, referralId);
}
