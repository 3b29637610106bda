import type { Tx } from "../db/index.ts";

/** What a repeat is known by: who calls what, the key they chose, and SHA-256 over what they sent. */
export interface Once {
  scope: string;
  key: string;
  requestHash: Uint8Array<ArrayBuffer>;
}

export type Claimed =
  | { state: "new" }
  | { state: "known"; status: number; response: Uint8Array | null; referralId: string | null }
  | { state: "other-body" };

/**
 * Claims a key for the work of this transaction. A second call with the same key waits until the first transaction has
 * ended: it then knows its answer, or is new because that one failed.
 */
export async function claimKey(
  tx: Tx,
  { scope, key, requestHash, now }: Once & { now: Date },
): Promise<Claimed> {
  const claimed = await tx.$executeRaw`
    INSERT INTO idempotency (scope, key, request_hash, created_at)
    VALUES (${scope}, ${key}, ${requestHash}, ${now})
    ON CONFLICT DO NOTHING`;
  return claimed === 1 ? { state: "new" } : findKey(tx, { scope, key, requestHash });
}

/** What is known of a key: nothing, its answer, or that it came with another body. */
export async function findKey(tx: Tx, { scope, key, requestHash }: Once): Promise<Claimed> {
  const known = await tx.idempotency.findUnique({ where: { scope_key: { scope, key } } });
  if (known === null) return { state: "new" };
  if (!Buffer.from(known.requestHash).equals(requestHash)) return { state: "other-body" };
  const { status, response, referralId } = known;
  return { state: "known", status: status ?? 200, response, referralId };
}

/** Keeps the answer of a claimed key, to be committed with the work it answers. `response` is sealed, or nothing. */
export async function keepAnswer(
  tx: Tx,
  answer: {
    scope: string;
    key: string;
    status: number;
    response: Uint8Array<ArrayBuffer> | null;
    referralId?: string;
  },
): Promise<void> {
  const { scope, key, status, response, referralId } = answer;
  await tx.idempotency.update({
    where: { scope_key: { scope, key } },
    data: { status, response, ...(referralId === undefined ? {} : { referralId }) },
  });
}
