import { z } from "zod";
import { Prisma, type Tx } from "../db/index.ts";
import type { AuditEvent, SealedEvent } from "./chain.ts";

/** One key for all chains: numbers are given by one instance at a time. */
const sealLock = 7_402_311;

const columns = Prisma.sql`
  referral_id AS "referralId", seq, type, at, actor_role AS "actorRole", actor_id AS "actorId", acted_by AS "actedBy",
  state_from AS "stateFrom", state_to AS "stateTo", pool_slug AS "poolSlug", because, data, text_id AS "textId", chain`;

const Event = z.object({
  referralId: z.string().nullable(),
  seq: z.number().nullable(),
  type: z.string(),
  at: z.date(),
  actorRole: z.string(),
  actorId: z.string().nullable(),
  actedBy: z.string().nullable(),
  stateFrom: z.string().nullable(),
  stateTo: z.string().nullable(),
  poolSlug: z.string().nullable(),
  because: z.string().nullable(),
  data: z.unknown(),
  textId: z.string().nullable(),
  chain: z.string(),
});
const Unsealed = Event.extend({ rowId: z.string() });
const Sealed = Event.extend({
  number: z.string(),
  position: z.number(),
  hash: z.instanceof(Uint8Array),
  reference: z.string().nullable(),
});
const Head = z.object({ chain: z.string(), position: z.number(), hash: z.instanceof(Uint8Array) });

export type UnsealedEvent = Omit<AuditEvent, "number" | "position"> & { rowId: string };
export type ListedEvent = SealedEvent & { reference: string | null };
export type ChainHead = z.infer<typeof Head>;

/** False when another instance is sealing. Held to the end of the transaction. */
export async function tryLockSeal(tx: Tx): Promise<boolean> {
  const rows = await tx.$queryRaw`SELECT pg_try_advisory_xact_lock(${sealLock}::bigint) AS held`;
  return z.tuple([z.object({ held: z.boolean() })]).parse(rows)[0].held;
}

/** What was committed and has no seal yet, oldest first. */
export async function selectUnsealed(tx: Tx, limit: number): Promise<UnsealedEvent[]> {
  const rows = await tx.$queryRaw`
    SELECT id::text AS "rowId", ${columns} FROM event WHERE number IS NULL ORDER BY id LIMIT ${limit}::int`;
  return z.array(Unsealed).parse(rows);
}

export async function countUnsealed(tx: Tx): Promise<number> {
  const rows = await tx.$queryRaw`SELECT count(*)::int AS count FROM event WHERE number IS NULL`;
  return z.tuple([z.object({ count: z.number() })]).parse(rows)[0].count;
}

/** The number of the last sealed event; 0 where there is none. */
export async function lastNumber(tx: Tx): Promise<bigint> {
  const rows = await tx.$queryRaw`SELECT coalesce(max(number), 0)::text AS last FROM event`;
  return BigInt(z.tuple([z.object({ last: z.string() })]).parse(rows)[0].last);
}

export async function readHeads(tx: Tx): Promise<ChainHead[]> {
  return z.array(Head).parse(await tx.$queryRaw`SELECT chain, position, hash FROM audit_head ORDER BY chain`);
}

const End = z.object({
  chain: z.string().nullable(),
  position: z.number().nullable(),
  hash: z.instanceof(Uint8Array).nullable(),
  last: z.string(),
});

/** The ends of the chains and the last number, as they were together. */
export async function readEnd(tx: Tx): Promise<{ heads: ChainHead[]; last: string }> {
  const rows = z.array(End).parse(
    await tx.$queryRaw`
    SELECT h.chain, h.position, h.hash, l.last
      FROM (SELECT coalesce(max(number), 0)::text AS last FROM event) l LEFT JOIN audit_head h ON true
     ORDER BY h.chain`,
  );
  const heads = rows.flatMap(({ chain, position, hash }) =>
    chain === null || position === null || hash === null ? [] : [{ chain, position, hash }],
  );
  return { heads, last: rows[0]?.last ?? "0" };
}

/** Writes the seals and the new ends of their chains. */
export async function saveSeals(
  tx: Tx,
  seals: readonly { rowId: string; number: string; position: number; hash: Uint8Array }[],
  heads: readonly ChainHead[],
): Promise<void> {
  await tx.$executeRaw`
    UPDATE event SET position = seal.position, number = seal.number, hash = seal.hash
      FROM unnest(${seals.map((seal) => seal.rowId)}::text[]::bigint[], ${seals.map((seal) => seal.number)}::text[]::bigint[],
                  ${seals.map((seal) => seal.position)}::int[], ${seals.map((seal) => hexOf(seal.hash))}::text[]::bytea[])
           AS seal (id, number, position, hash)
     WHERE event.id = seal.id`;
  await tx.$executeRaw`
    INSERT INTO audit_head (chain, position, hash)
    SELECT * FROM unnest(${heads.map((head) => head.chain)}::text[], ${heads.map((head) => head.position)}::int[],
                         ${heads.map((head) => hexOf(head.hash))}::text[]::bytea[])
    ON CONFLICT (chain) DO UPDATE SET position = excluded.position, hash = excluded.hash`;
}

/** A hash as PostgreSQL reads bytes from a text. */
const hexOf = (hash: Uint8Array): string => `\\x${Buffer.from(hash).toString("hex")}`;

/** Sealed events in the order of the audit, after one number and up to another, each with the reference of its referral. */
export async function selectSealed(
  tx: Tx,
  { after, upTo = "9223372036854775807", limit }: { after: string; upTo?: string; limit: number },
): Promise<ListedEvent[]> {
  const rows = await tx.$queryRaw`
    SELECT number::text AS number, position, hash, ${columns},
           (SELECT reference FROM referral WHERE referral.id = event.referral_id) AS reference
      FROM event WHERE number > ${after}::text::bigint AND number <= ${upTo}::text::bigint
     ORDER BY event.number LIMIT ${limit}::int`;
  return z.array(Sealed).parse(rows);
}
