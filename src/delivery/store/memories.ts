import { z } from "zod";
import type { Tx } from "../../db/index.ts";

/** The sealed value of an adapter's key; null where there is none or its time is over. */
export async function selectMemory(
  tx: Tx,
  adapter: string,
  key: string,
  now: Date,
): Promise<Uint8Array | null> {
  const row = await tx.adapterMemory.findUnique({ where: { adapter_key: { adapter, key } } });
  if (!row || (row.expiresAt !== null && row.expiresAt <= now)) return null;
  return row.value;
}

export interface MemoryRow {
  adapter: string;
  key: string;
  value: Uint8Array<ArrayBuffer>;
  referralId: string | null;
  expiresAt: Date | null;
}

export async function upsertMemory(tx: Tx, row: MemoryRow): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO adapter_memory (adapter, key, value, referral_id, expires_at)
    VALUES (${row.adapter}, ${row.key}, ${row.value}, ${row.referralId}::uuid, ${row.expiresAt}::timestamptz)
    ON CONFLICT (adapter, key) DO UPDATE
       SET value = excluded.value, referral_id = excluded.referral_id, expires_at = excluded.expires_at`;
}

export async function referralIdOf(tx: Tx, reference: string): Promise<string | null> {
  const row = await tx.referral.findUnique({ where: { reference }, select: { id: true } });
  return row?.id ?? null;
}

export interface LeaseWish {
  adapter: string;
  name: string;
  holder: string;
  now: Date;
  until: Date;
}

/** True for the holder until its time is over; then for whoever asks first. */
export async function takeLease(tx: Tx, wish: LeaseWish): Promise<boolean> {
  const rows = await tx.$queryRaw`
    INSERT INTO adapter_lease AS held (adapter, name, holder, until)
    VALUES (${wish.adapter}, ${wish.name}, ${wish.holder}, ${wish.until}::timestamptz)
    ON CONFLICT (adapter, name) DO UPDATE SET holder = excluded.holder, until = excluded.until
     WHERE held.holder = excluded.holder OR held.until <= ${wish.now}::timestamptz
    RETURNING holder`;
  return z.array(z.unknown()).parse(rows).length > 0;
}
