import type { Tx } from "../../db/index.ts";
import type { RoutingRecord } from "../model.ts";

export interface PastRow {
  id: string;
  reference: string;
  routing: RoutingRecord;
}

/** How referrals were first routed, a page at a time by id; what their members have not agreed to yet is left out. */
export async function selectPastRoutings(tx: Tx, after: string, limit: number): Promise<PastRow[]> {
  return tx.$queryRaw<PastRow[]>`
    SELECT id, reference, routing FROM referral
    WHERE id > ${after}::uuid AND state <> 'awaiting_consent' ORDER BY id LIMIT ${limit}`;
}
