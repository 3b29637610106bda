import type { Tx } from "../../db/index.ts";

/** A reply by its public code, with the key that opens it while it exists. */
export async function findReplyByCode(tx: Tx, verifyCode: string) {
  const reply = await tx.reply.findUnique({ where: { verifyCode } });
  if (!reply) return null;
  const key = await tx.contentKey.findUnique({ where: { id: reply.referralId ?? reply.id } });
  return { ...reply, key };
}
