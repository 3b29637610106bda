import { z } from "zod";
import type { Tx } from "../../db/index.ts";
import type { DestinationAlarm } from "../delivery.ts";

/** One key for all alarms, so that two workers do not raise the same one. Taken before any row of `delivery`. */
const alarmLock = 7_402_310;

export async function lockAlarms(tx: Tx): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(${alarmLock}::bigint)`;
}

/** False when another instance is looking already. */
export async function tryLockAlarms(tx: Tx): Promise<boolean> {
  const rows = await tx.$queryRaw`SELECT pg_try_advisory_xact_lock(${alarmLock}::bigint) AS held`;
  return z.tuple([z.object({ held: z.boolean() })]).parse(rows)[0].held;
}

const Alarm = z.object({
  deliveryId: z.string(),
  adapter: z.string(),
  destination: z.string(),
  failingSince: z.date(),
  lastError: z.string().nullable(),
});

/** The longest failing delivery of each destination that has failed since before `since` and has no alarm yet. */
export async function findFailing(tx: Tx, since: Date): Promise<DestinationAlarm[]> {
  const rows = await tx.$queryRaw`
    SELECT DISTINCT ON (adapter, destination)
           id AS "deliveryId", adapter, destination, failing_since AS "failingSince", last_error AS "lastError"
      FROM delivery d
     WHERE settled_at IS NULL AND failing_since <= ${since}::timestamptz
       AND NOT EXISTS (SELECT 1 FROM delivery a WHERE a.adapter = d.adapter AND a.destination = d.destination
                          AND a.alarmed_at IS NOT NULL)
     ORDER BY adapter, destination, failing_since`;
  return z.array(Alarm).parse(rows);
}

/** Marks the delivery and writes the event. The caller holds the lock and knows that no alarm is open there. */
export async function raiseAlarm(tx: Tx, alarm: DestinationAlarm, now: Date): Promise<void> {
  await tx.$executeRaw`UPDATE delivery SET alarmed_at = ${now}::timestamptz WHERE id = ${alarm.deliveryId}::uuid`;
  const { adapter, destination, deliveryId, lastError } = alarm;
  const data = { adapter, destination, delivery: deliveryId, error: lastError };
  await tx.event.create({ data: { type: "delivery.alarm", at: now, actorRole: "delivery", data } });
}

/**
 * Ends the alarm of a destination where something has arrived, unless another delivery there has failed since before
 * `since`. True for the one caller that ended it; the event is written.
 */
export async function endAlarm(
  tx: Tx,
  at: { adapter: string; destination: string },
  since: Date,
  now: Date,
): Promise<boolean> {
  const ended = await tx.$executeRaw`
    UPDATE delivery SET alarmed_at = NULL
     WHERE adapter = ${at.adapter} AND destination = ${at.destination} AND alarmed_at IS NOT NULL
       AND NOT EXISTS (SELECT 1 FROM delivery f WHERE f.settled_at IS NULL AND f.adapter = ${at.adapter}
                          AND f.destination = ${at.destination} AND f.failing_since <= ${since}::timestamptz)`;
  if (ended === 0) return false;
  const data = { adapter: at.adapter, destination: at.destination };
  await tx.event.create({ data: { type: "delivery.recovered", at: now, actorRole: "delivery", data } });
  return true;
}

/** How many destinations have an alarm now. */
export async function countAlarms(tx: Tx): Promise<number> {
  const rows = await tx.$queryRaw`
    SELECT count(DISTINCT (adapter, destination))::int AS open FROM delivery WHERE alarmed_at IS NOT NULL`;
  return z.tuple([z.object({ open: z.number() })]).parse(rows)[0].open;
}
