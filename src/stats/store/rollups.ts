import type { Tx } from "../../db/index.ts";
import type { CaseKey, Part, Ticking } from "../model.ts";
import type { Breakdown, Cell, CellKey, Grain, StoredCase } from "../rollup.ts";
import { type PackedFigures, packFigures, unpackFigures } from "../tally.ts";

type CellRow = CellKey & { figures: PackedFigures };

const toCell = (row: CellRow): Cell => ({ ...row, figures: unpackFigures(row.figures) });

/** One number for the lock that lets only one instance fold at a time. */
const foldLock = 7_305_106;

/** Waits for whoever folds, or answers false at once when somebody does. Held until the transaction ends. */
export async function lockFold(tx: Tx, waits: boolean): Promise<boolean> {
  if (waits) {
    await tx.$queryRaw`SELECT pg_advisory_xact_lock(${foldLock})::text`;
    return true;
  }
  const [got] = await tx.$queryRaw<{ got: boolean }[]>`SELECT pg_try_advisory_xact_lock(${foldLock}) AS got`;
  return got?.got === true;
}

/** Takes the oldest notes of changes away; the ids of the referrals, each once, and whether that was all there were. */
export async function takeDeltas(tx: Tx, limit: number): Promise<{ ids: string[]; all: boolean }> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    DELETE FROM stat_delta WHERE id IN (
      SELECT id FROM stat_delta ORDER BY id LIMIT ${limit} FOR UPDATE SKIP LOCKED)
    RETURNING referral_id::text AS id`;
  return { ids: [...new Set(rows.map(({ id }) => id))], all: rows.length < limit };
}

interface StoredRow extends CaseKey {
  referralId: string;
  submittedAt: Date;
  parts: Part[];
  ticking: Ticking | null;
}

const toStored = ({ referralId, submittedAt, parts, ticking, ...key }: StoredRow): StoredCase => ({
  referralId,
  key,
  submittedAt,
  parts,
  ticking,
});

/** What these referrals add to the rollups at present. */
export async function readStored(tx: Tx, ids: readonly string[]): Promise<StoredCase[]> {
  const rows = await tx.$queryRaw<StoredRow[]>`
    SELECT referral_id::text AS "referralId", forum, topic, language, state, outcome, submitted_at AS "submittedAt",
      parts, ticking
    FROM stat_case WHERE referral_id = ANY(${[...ids]}::uuid[])`;
  return rows.map(toStored);
}

export async function writeStored(tx: Tx, cases: readonly StoredCase[]): Promise<void> {
  const rows = cases.map(({ referralId, key, submittedAt, parts, ticking }) => ({
    referral_id: referralId,
    ...key,
    submitted_at: submittedAt,
    parts,
    ticking,
    tick_since: ticking ? new Date(ticking.sinceMs) : null,
  }));
  await tx.$executeRaw`
    INSERT INTO stat_case (referral_id, forum, topic, language, state, outcome, submitted_at, parts, ticking, tick_since)
    SELECT referral_id, forum, topic, language, state, outcome, submitted_at, parts, nullif(ticking, 'null'), tick_since
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS x(referral_id uuid, forum text, topic text,
      language text, state text, outcome text, submitted_at timestamptz, parts jsonb, ticking jsonb,
      tick_since timestamptz)
    ON CONFLICT (referral_id) DO UPDATE SET forum = EXCLUDED.forum, topic = EXCLUDED.topic,
      language = EXCLUDED.language, state = EXCLUDED.state, outcome = EXCLUDED.outcome,
      submitted_at = EXCLUDED.submitted_at, parts = EXCLUDED.parts, ticking = EXCLUDED.ticking,
      tick_since = EXCLUDED.tick_since`;
}

/** The cells with these keys that are there. */
export async function readCells(tx: Tx, keys: readonly CellKey[]): Promise<Cell[]> {
  const rows = await tx.$queryRaw<CellRow[]>`
    SELECT r.breakdown, r.grain, r.day::text AS day, r.pool, r.value, r.figures
    FROM jsonb_to_recordset(${JSON.stringify(keys)}::jsonb)
      AS x(breakdown text, grain text, day date, pool text, value text)
    JOIN stat_rollup r USING (breakdown, grain, day, pool, value)`;
  return rows.map(toCell);
}

/** Writes cells, and removes those in which nothing is left. */
export async function writeCells(tx: Tx, full: readonly Cell[], empty: readonly CellKey[]): Promise<void> {
  const rows = full.map((cell) => ({ ...cell, figures: packFigures(cell.figures) }));
  await tx.$executeRaw`
    INSERT INTO stat_rollup (breakdown, grain, day, pool, value, figures)
    SELECT * FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      AS x(breakdown text, grain text, day date, pool text, value text, figures jsonb)
    ON CONFLICT (breakdown, grain, day, pool, value) DO UPDATE SET figures = EXCLUDED.figures`;
  if (empty.length === 0) return;
  await tx.$executeRaw`
    DELETE FROM stat_rollup r USING jsonb_to_recordset(${JSON.stringify(empty)}::jsonb)
      AS x(breakdown text, grain text, day date, pool text, value text)
    WHERE (r.breakdown, r.grain, r.day, r.pool, r.value) = (x.breakdown, x.grain, x.day, x.pool, x.value)`;
}

/** Stands among the rollups while they are made anew: how far one came. No question reads it, for it is no breakdown. */
const mark = { breakdown: "rebuild", grain: "mark", day: "1970-01-01", pool: "", value: "" };

/** Forgets every rollup at once, however many there are, and marks that they are being made anew from the first referral on. */
export async function startOver(tx: Tx): Promise<void> {
  await tx.$executeRaw`TRUNCATE stat_rollup, stat_case`;
  await saveRebuilt(tx, "00000000-0000-0000-0000-000000000000");
}

/** Up to which referral the rollups have been made anew, by id; null when nothing is being made anew. */
export async function readRebuilt(tx: Tx): Promise<string | null> {
  const [found] = await tx.$queryRaw<{ after: string }[]>`
    SELECT figures->>'after' AS after FROM stat_rollup
    WHERE breakdown = ${mark.breakdown} AND grain = ${mark.grain} AND day = ${mark.day}::date`;
  return found?.after ?? null;
}

/** Notes how far one came; null: to the end. */
export async function saveRebuilt(tx: Tx, after: string | null): Promise<void> {
  if (after === null) await tx.$executeRaw`DELETE FROM stat_rollup WHERE breakdown = ${mark.breakdown}`;
  else
    await tx.$executeRaw`
      INSERT INTO stat_rollup (breakdown, grain, day, pool, value, figures)
      VALUES (${mark.breakdown}, ${mark.grain}, ${mark.day}::date, ${mark.pool}, ${mark.value},
        jsonb_build_object('after', ${after}::text))
      ON CONFLICT (breakdown, grain, day, pool, value) DO UPDATE SET figures = EXCLUDED.figures`;
}

/** The next referrals after one, by id. */
export async function selectIdsAfter(tx: Tx, after: string, limit: number): Promise<string[]> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    SELECT id::text AS id FROM referral WHERE id > ${after}::uuid ORDER BY id LIMIT ${limit}`;
  return rows.map(({ id }) => id);
}

/**
 * Cells of one breakdown, with their figures as they are stored: whole months from one first of a month to another, and
 * single days before and after.
 */
export async function readPeriodCells(
  tx: Tx,
  breakdown: Breakdown,
  spans: readonly { grain: Grain; from: string; before: string | null }[],
): Promise<Pick<CellRow, "day" | "pool" | "value" | "figures">[]> {
  return tx.$queryRaw<CellRow[]>`
    SELECT r.day::text AS day, r.pool, r.value, r.figures
    FROM jsonb_to_recordset(${JSON.stringify(spans)}::jsonb) AS x(grain text, "from" date, before date)
    JOIN stat_rollup r ON r.breakdown = ${breakdown} AND r.grain = x.grain AND r.day >= x."from"
      AND (x.before IS NULL OR r.day < x.before)`;
}

/** Stored referrals submitted in a span, page by page. */
export async function readStoredIn(
  tx: Tx,
  span: { from: Date; before: Date | null },
  after: string,
  limit: number,
): Promise<StoredCase[]> {
  const rows = await tx.$queryRaw<StoredRow[]>`
    SELECT referral_id::text AS "referralId", forum, topic, language, state, outcome, submitted_at AS "submittedAt",
      parts, ticking
    FROM stat_case
    WHERE submitted_at >= ${span.from} AND (${span.before}::timestamptz IS NULL OR submitted_at < ${span.before})
      AND referral_id > ${after}::uuid
    ORDER BY referral_id LIMIT ${limit}`;
  return rows.map(toStored);
}

/**
 * Makes every read of this transaction see one moment. The first statement of it. The tables are held before that moment is
 * fixed, because a transaction that sees a moment before they were emptied would still find them empty.
 */
export async function readOneMoment(tx: Tx): Promise<void> {
  await tx.$executeRaw`SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY`;
  await tx.$executeRaw`LOCK TABLE stat_rollup, stat_case IN ACCESS SHARE MODE`;
}
