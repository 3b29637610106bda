import type { Tx } from "../../db/index.ts";

/** Destroys a referral's key and empties everything it sealed; what remains is the counted row and its times. */
export async function destroyContent(tx: Tx, referralId: string, because: string, now: Date): Promise<void> {
  await tx.contentKey.deleteMany({ where: { id: referralId } });
  await tx.referral.update({ where: { id: referralId }, data: { memberHash: null } });
  await tx.text.updateMany({ where: { referralId }, data: { body: null } });
  await tx.reply.updateMany({ where: { referralId }, data: { body: null, url: null } });
  await tx.adapterMemory.deleteMany({ where: { referralId, NOT: { key: { startsWith: "remember:" } } } });
  await tx.idempotency.updateMany({ where: { referralId }, data: { response: null } });
  await tx.timer.deleteMany({ where: { referralId, kind: "purge" } });
  await tx.erasure.createMany({
    data: [{ referralId, because, at: now, unredacted: [] }],
    skipDuplicates: true,
  });
}
