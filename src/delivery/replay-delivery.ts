import type { Actor } from "../contract/actor.ts";
import { DomainError } from "../contract/errors.ts";
import type { Deps } from "../deps.ts";
import type { Settlers, StoredDelivery } from "./delivery.ts";
import { recordReplay, restart, selectDelivery } from "./store/listing.ts";
import { lockReferrals } from "./store/settlement.ts";

/**
 * Sends a parked or refused delivery again, by the whole schedule and before what its referral still has for that
 * destination. For administrators; recorded. Any other state is `delivery/not-replayable`.
 */
export async function replayDelivery(
  deps: Pick<Deps, "transaction" | "now" | "nudge"> & { settlers: Pick<Settlers, "replayed"> },
  id: string,
  actor: Actor,
): Promise<StoredDelivery> {
  if (actor.kind !== "admin") throw new DomainError("access/forbidden");
  const now = deps.now();
  const replayed = await deps.transaction(async (tx) => {
    const known = await selectDelivery(tx, id);
    if (!known) throw new DomainError("delivery/not-found");
    await lockReferrals(tx, [known.referralId]);
    const row = await restart(tx, known, now);
    if (!row) throw new DomainError("delivery/not-replayable", { fields: { state: known.state } });
    await recordReplay(tx, row, { role: "administrator", id: actor.keyId }, now);
    await deps.settlers.replayed(tx, row, now);
    return row;
  });
  deps.nudge();
  return replayed;
}
