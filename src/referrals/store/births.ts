import { z } from "zod";
import { runStatement, type Statement, type Tx } from "../../db/index.ts";
import type { newDelivery } from "../../delivery/index.ts";
import type { Once } from "../../idempotency/index.ts";
import type { TimerPlan } from "../clocks.ts";
import type { EventRecord, Referral } from "../model.ts";

/** Everything that is written for a new referral beside the answer to its request. */
export interface BirthRows {
  referral: Referral;
  content: Uint8Array;
  memberHash: Uint8Array | null;
  key: { wrapped: Uint8Array; keyId: string };
  event: EventRecord & { chain: string };
  timers: readonly TimerPlan[];
  deliveries: readonly ReturnType<typeof newDelivery>[];
  ratePerMinute: number;
}

/** A new referral and, where a request brought it, how its repeats are known and the sealed answer they get. */
export interface NewBirth {
  rows: BirthRows;
  /** The revision of the register that it was decided by. */
  revision: string | null;
  once?: Once;
  response?: Uint8Array;
}

const Result = z.tuple([z.object({ ids: z.array(z.string()) })]);

/**
 * Writes new referrals with all that belongs to them in one statement, which is a transaction of its own outside another.
 * Answers the ids of those that were written: not what was decided by a register that is no longer in force, and not a
 * second one for a key that is known, from this statement or before. Where any breaks a rule of the database, a forum's
 * rate among them, none is written.
 */
export async function insertBirths(tx: Tx, births: readonly NewBirth[]): Promise<ReadonlySet<string>> {
  const bytes = collectBytes();
  const input = JSON.stringify(births.map((birth) => toRow(birth, bytes.add)));
  const rows = await runStatement(tx, insertion, [input, bytes.all()]);
  const [{ ids }] = Result.parse(rows);
  return new Set(ids);
}

/** Columns of `referral` that a birth fills; the rest is as the table has it. */
const referralTypes = {
  id: "uuid",
  reference: "text",
  forum_slug: "text",
  pool_slug: "text",
  state: "text",
  external_id: "text",
  consent_basis: "text",
  topic: "text",
  topic_guessed: "boolean",
  language: "text",
  urgency: "text",
  nation: "text",
  audience: "text[]",
  masked: "text[]",
  routing: "jsonb",
  ever_diverted: "boolean",
  clock: "text",
  due_at: "timestamptz",
  claim_due_at: "timestamptz",
  reply_due_at: "timestamptz",
  resolve_due_at: "timestamptz",
  submitted_at: "timestamptz",
  first_offered_at: "timestamptz",
  state_since: "timestamptz",
} as const;

const besideTypes = {
  revision: "text",
  scope: "text",
  key: "text",
  rate: "float8",
  key_id: "text",
  event_type: "text",
  acted_by: "text",
  because: "text",
  chain: "text",
  deliveries: "json",
  timers: "json",
} as const;

/** Bytes travel together behind the rows, as they are: written as text they would be twice as long. Each has its first and its length. */
const byteColumns = ["content", "member_hash", "request_hash", "response", "wrapped"] as const;
const placeTypes = Object.fromEntries(byteColumns.map((name) => [`${name}_at`, "int[]"]));

type InputRow = Record<
  keyof typeof referralTypes | keyof typeof besideTypes | `${(typeof byteColumns)[number]}_at`,
  unknown
>;

const referralColumns = [...Object.keys(referralTypes), "content", "member_hash"].join(", ");
const inputColumns = Object.entries({ ...referralTypes, ...besideTypes, ...placeTypes })
  .map(([name, type]) => `${name} ${type}`)
  .join(", ");

const byteSlices = byteColumns
  .map((name) => `substring($2::bytea FROM ${name}_at[1] FOR ${name}_at[2]) AS ${name}`)
  .join(", ");

const insertion: Statement = {
  name: "fp_births",
  text: `
    WITH held AS MATERIALIZED (SELECT register_revision()::text AS revision),
    input AS MATERIALIZED (
      SELECT i.*, ${byteSlices} FROM json_to_recordset($1::json) AS i (${inputColumns})
       WHERE i.revision IS NOT DISTINCT FROM (SELECT revision FROM held)
    ), claimed AS (
      INSERT INTO idempotency (scope, key, request_hash, referral_id, status, response, created_at)
      SELECT scope, key, request_hash, id, 201, response, submitted_at FROM input WHERE scope IS NOT NULL
       ORDER BY scope COLLATE "C", key COLLATE "C"
      ON CONFLICT DO NOTHING RETURNING referral_id
    ), fresh AS MATERIALIZED (
      SELECT * FROM input WHERE scope IS NULL OR id IN (SELECT referral_id FROM claimed)
    ), wanted AS MATERIALIZED (
      SELECT forum_slug, count(*) AS tokens, max(submitted_at) AS at, max(rate) / 60.0 AS per_second,
             greatest(1, round(max(rate) / 3.0)) AS burst
        FROM fresh GROUP BY forum_slug
    ), paid AS (
      INSERT INTO rate_bucket AS bucket (forum_slug, tokens, at)
      SELECT forum_slug, burst - tokens, at FROM wanted ORDER BY forum_slug COLLATE "C"
      ON CONFLICT (forum_slug) DO UPDATE SET (tokens, at) = (
        SELECT least(w.burst, bucket.tokens + greatest(0, extract(epoch FROM (w.at - bucket.at))) * w.per_second) - w.tokens,
               greatest(bucket.at, w.at)
          FROM wanted w WHERE w.forum_slug = bucket.forum_slug)
    ), opened AS (
      INSERT INTO content_key (id, wrapped, key_id) SELECT id, wrapped, key_id FROM fresh ORDER BY id
    ), born AS (
      INSERT INTO referral (${referralColumns}, tried_pools) SELECT ${referralColumns}, '{}' FROM fresh ORDER BY id
    ), told AS (
      INSERT INTO event (referral_id, seq, type, at, actor_role, acted_by, state_to, pool_slug, because, chain)
      SELECT id, 1, event_type, submitted_at, 'moderator', acted_by, state, pool_slug, because, chain FROM fresh ORDER BY id
    ), sent AS (
      INSERT INTO delivery (id, referral_id, adapter, destination, notice, seq, data, next_at, created_at)
      SELECT d.id, fresh.id, d.adapter, d.destination, d.notice, 1, d.data, fresh.submitted_at, fresh.submitted_at
        FROM fresh CROSS JOIN json_to_recordset(deliveries)
          AS d (id uuid, adapter text, destination text, notice text, data jsonb)
    ), set AS (
      INSERT INTO timer (referral_id, kind, due_at)
      SELECT fresh.id, t.kind, t."dueAt" FROM fresh CROSS JOIN json_to_recordset(timers) AS t (kind text, "dueAt" timestamptz)
    )
    SELECT coalesce((SELECT json_agg(id) FROM fresh), '[]') AS ids`,
};

type AddBytes = (bytes: Uint8Array | null | undefined) => [first: number, length: number] | null;

/** Puts bytes one behind the other; PostgreSQL counts them from 1. */
function collectBytes(): { add: AddBytes; all(): Buffer } {
  const parts: Uint8Array[] = [];
  let next = 1;
  return {
    add(bytes) {
      if (!bytes) return null;
      parts.push(bytes);
      next += bytes.length;
      return [next - bytes.length, bytes.length];
    },
    all: () => Buffer.concat(parts),
  };
}

function toRow({ rows, revision, once, response }: NewBirth, add: AddBytes): InputRow {
  const { referral, key, event } = rows;
  return {
    id: referral.id,
    reference: referral.reference,
    forum_slug: referral.forumSlug,
    pool_slug: referral.poolSlug,
    state: referral.state,
    content_at: add(rows.content),
    external_id: referral.externalId,
    member_hash_at: add(rows.memberHash),
    consent_basis: referral.consentBasis,
    topic: referral.topic,
    topic_guessed: referral.topicGuessed,
    language: referral.language,
    urgency: referral.urgency,
    nation: referral.nation,
    audience: referral.audience,
    masked: referral.masked,
    routing: referral.routing,
    ever_diverted: referral.everDiverted,
    clock: referral.clock,
    due_at: referral.dueAt,
    claim_due_at: referral.claimDueAt,
    reply_due_at: referral.replyDueAt,
    resolve_due_at: referral.resolveDueAt,
    submitted_at: referral.submittedAt,
    first_offered_at: referral.firstOfferedAt,
    state_since: referral.stateSince,
    revision,
    scope: once?.scope ?? null,
    key: once?.key ?? null,
    request_hash_at: add(once?.requestHash),
    response_at: add(response),
    rate: rows.ratePerMinute,
    wrapped_at: add(key.wrapped),
    key_id: key.keyId,
    event_type: event.type,
    acted_by: event.actedBy,
    because: event.because,
    chain: event.chain,
    deliveries: rows.deliveries,
    timers: rows.timers,
  };
}
