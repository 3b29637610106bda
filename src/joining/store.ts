import type { Tx } from "../db/index.ts";

export interface WalkDelivery {
  id: string;
  state: string;
  attempt: number;
  lastError: string | null;
  createdAt: Date;
  settledAt: Date | null;
  data: Readonly<Record<string, unknown>>;
}

/** The deliveries of the last test referral of a forum, in the order they were written. */
export async function selectLastWalk(tx: Tx, forum: string): Promise<WalkDelivery[]> {
  return tx.$queryRaw<WalkDelivery[]>`
    WITH last AS (
      SELECT data->>'walk' AS walk FROM delivery
       WHERE destination = ${`forum:${forum}`} AND adapter = 'webhook' AND referral_id IS NULL AND data ? 'walk'
       ORDER BY id DESC LIMIT 1)
    SELECT id::text, state, attempt, last_error AS "lastError", created_at AS "createdAt", settled_at AS "settledAt", data
      FROM delivery, last
     WHERE destination = ${`forum:${forum}`} AND adapter = 'webhook' AND referral_id IS NULL
       AND data->>'walk' = last.walk
     ORDER BY id`;
}
