import { alarmAfterMs } from "./model.ts";
import type { SettleParts } from "./settle-delivery.ts";
import { countAlarms, findFailing, raiseAlarm, tryLockAlarms } from "./store/alarms.ts";
import { measureWaiting } from "./store/settlement.ts";

/** Raises one alarm for each destination where a delivery has failed for an hour, and measures what is waiting. */
export async function watchDeliveries(parts: Omit<SettleParts, "random">): Promise<void> {
  const { deps, metrics, settlers } = parts;
  const now = deps.now();
  const since = new Date(now.getTime() - alarmAfterMs);
  await deps.transaction(async (tx) => {
    if (!(await tryLockAlarms(tx))) return;
    for (const alarm of await findFailing(tx, since)) {
      await raiseAlarm(tx, alarm, now);
      await settlers.alarmed(tx, alarm, now);
      deps.logger.warn("Nothing has reached a destination for an hour.", {
        adapter: alarm.adapter,
        destination: alarm.destination,
        delivery: alarm.deliveryId,
      });
    }
  });
  const waiting = await measureWaiting(deps.db);
  metrics.waiting(
    waiting.count,
    waiting.oldest === null ? 0 : Math.max(0, now.getTime() - waiting.oldest.getTime()),
  );
  metrics.alarms(await countAlarms(deps.db));
}
