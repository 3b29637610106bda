import { z } from "zod";
import type { Tx } from "../db/index.ts";
import {
  createInstanceKey,
  createKeyring,
  handOver,
  type Keyring,
  keyIdOf,
  takeOver,
  type WrappedKey,
} from "./keyring.ts";

/** Rows of `content_key` that belong to no referral: the instance's own key, and two while a key is being replaced. */
const reserved = {
  instance: "00000000-0000-0000-0000-000000000000",
  /** The next encryption key under the previous one, for servers that were started with the previous one. */
  next: "00000000-0000-0000-0000-000000000001",
  /** The previous one under the next, for servers that were started with the next one. */
  previous: "00000000-0000-0000-0000-000000000002",
} as const;
const reservedIds = Object.values(reserved);

/** The keyring over this database; makes the instance's own key the first time. */
export async function loadKeyring(db: Tx, masters: readonly Uint8Array[]): Promise<Keyring> {
  const given = masters[0];
  if (!given) throw new Error("An encryption key is needed.");
  await db.contentKey.createMany({
    data: [{ id: reserved.instance, ...createInstanceKey(given) }],
    skipDuplicates: true,
  });
  const rows = await readReserved(db);
  const kept = rows.get(reserved.instance);
  if (!kept) throw new Error("The instance's own key is missing from content_key.");
  const next = takeOver(masters, rows.get(reserved.next));
  const previous = takeOver(masters, rows.get(reserved.previous));
  const all = [...(next ? [next] : []), ...masters, ...(previous ? [previous] : [])];
  return createKeyring(all, kept, given);
}

async function readReserved(db: Tx): Promise<Map<string, WrappedKey>> {
  const rows = await db.contentKey.findMany({ where: { id: { in: [...reservedIds] } } });
  return new Map(rows.map(({ id, ...key }) => [id, key]));
}

/** The keys that are being handed over, if any are. */
export async function readHandover(
  db: Tx,
): Promise<{ next: WrappedKey | undefined; previous: WrappedKey | undefined }> {
  const rows = await readReserved(db);
  return { next: rows.get(reserved.next), previous: rows.get(reserved.previous) };
}

/** Lets servers that hold either key take over the other one. */
export async function saveHandover(tx: Tx, from: Uint8Array, to: Uint8Array): Promise<void> {
  const rows = [
    { id: reserved.next, ...handOver(to, from) },
    { id: reserved.previous, ...handOver(from, to) },
  ];
  for (const { id, ...key } of rows) {
    await tx.contentKey.upsert({ where: { id }, create: { id, ...key }, update: key });
  }
}

/** Ends a handover; nobody who was started with the previous key can follow it any more. */
export async function removeHandover(tx: Tx): Promise<void> {
  await tx.contentKey.deleteMany({ where: { id: { in: [reserved.next, reserved.previous] } } });
}

/** How many keys each encryption key has wrapped, the handover aside. */
export async function countByKey(tx: Tx): Promise<Map<string, number>> {
  const rows = await tx.contentKey.groupBy({
    by: ["keyId"],
    where: { id: { notIn: [reserved.next, reserved.previous] } },
    _count: true,
  });
  return new Map(rows.map((row) => [row.keyId, row._count]));
}

/** Keys that this encryption key has wrapped, the instance's own last; at most `limit`. */
export async function selectWrappedBy(
  tx: Tx,
  master: Uint8Array,
  limit: number,
): Promise<(WrappedKey & { id: string })[]> {
  return tx.contentKey.findMany({
    where: { keyId: keyIdOf(master), id: { notIn: [reserved.next, reserved.previous] } },
    orderBy: { id: "desc" },
    take: limit,
  });
}

/** Writes keys under another encryption key, where nobody has removed or changed them meanwhile. Gives how many. */
export async function saveRewrapped(
  tx: Tx,
  fromId: string,
  keys: readonly (WrappedKey & { id: string })[],
): Promise<number> {
  const hex = keys.map((key) => `\\x${Buffer.from(key.wrapped).toString("hex")}`);
  const rows = await tx.$queryRaw`
    UPDATE content_key k SET wrapped = n.wrapped, key_id = n.key_id
      FROM unnest(${keys.map((key) => key.id)}::text[]::uuid[], ${hex}::text[]::bytea[], ${keys.map((key) => key.keyId)}::text[])
           AS n (id, wrapped, key_id)
     WHERE k.id = n.id AND k.key_id = ${fromId}
    RETURNING k.key_id`;
  return z.array(z.unknown()).parse(rows).length;
}
