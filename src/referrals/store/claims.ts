import { Prisma, runStatement, type Statement, type Tx } from "../../db/index.ts";
import { blockedUntil, type newDelivery } from "../../delivery/index.ts";
import type { Once } from "../../idempotency/index.ts";
import type { TimerPlan } from "../clocks.ts";
import type { EventRecord, Referral } from "../model.ts";
import { parseReference } from "../reference.ts";
import { type Row, toReferral } from "./referrals.ts";

/** What somebody wants to claim, and what they and their register have to be for the claim to hold. */
export interface Claiming {
  reference: string;
  advisor: string;
  pools: readonly string[];
  /** The key they came with, where it is still to be proved; null where they have proved who they are. */
  keyId: string | null;
  revision: string | null;
}

/** A referral with its whole history, and whether the advisor who asks has acknowledged the guidance. */
export interface Claimable {
  referral: Referral;
  history: EventRecord[];
  acknowledged: boolean;
}

type Read = { [Column in keyof Row]: Row[Column] | null } & {
  place: number;
  wrapped: Uint8Array | null;
  keyId: string | null;
  acknowledged: boolean;
  history: (Omit<EventRecord, "at"> & { at: string })[];
};

/**
 * The referrals that these want to claim, each at its claim's place: where it lies in one of their pools, nobody has
 * written anything to it, their key holds, and the register is theirs. Nothing at the places of the others. Those of the
 * same pools who want the same referral share what was read.
 */
export async function readClaimables(
  db: Tx,
  claims: readonly Claiming[],
  now: Date,
): Promise<readonly (Claimable | undefined)[]> {
  const readers = new Map<string, number>();
  const asked = claims.map(({ advisor, pools, keyId, revision, ...claim }, place) => {
    const reference = parseReference(claim.reference);
    const wanted = `${reference} ${pools.join()}`;
    const reader = readers.get(wanted) ?? place;
    readers.set(wanted, reader);
    // Whoever shares a reading asks only about themselves.
    return {
      place,
      reader,
      advisor,
      key_id: keyId,
      revision,
      ...(reader === place ? { reference, pools } : {}),
    };
  });
  const rows = (await runStatement(db, reading, [JSON.stringify(asked), now])) as Read[];
  const read = new Map(rows.map((row) => [row.place, toClaimable(row)]));
  return asked.map(({ place, reader }) => {
    const [own, shared] = [read.get(place), read.get(reader)?.found];
    return own && shared ? { ...shared, acknowledged: own.acknowledged } : undefined;
  });
}

function toClaimable({ place: _place, wrapped, keyId, acknowledged, history, ...columns }: Read) {
  if (columns.id === null) return { acknowledged, found: null };
  // The row is whole where it has an id.
  const referral = toReferral(columns as Row, wrapped && keyId !== null ? { wrapped, keyId } : null);
  return {
    acknowledged,
    found: { referral, history: history.map((event) => ({ ...event, at: new Date(event.at) })) },
  };
}

const snake = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
/** Lists that Prisma writes as null where they are empty, and reads as empty. */
const lists = new Set<string>(["audience", "masked", "triedPools"]);
/** Every column of `referral r` under its name in Prisma. */
export const referralColumns = Object.values(Prisma.ReferralScalarFieldEnum)
  .map((name) => `${lists.has(name) ? `coalesce(r.${snake(name)}, '{}')` : `r.${snake(name)}`} AS "${name}"`)
  .join(", ");
const eventMembers = [
  "seq",
  "type",
  "at",
  "actorRole",
  "actorId",
  "actedBy",
  "stateFrom",
  "stateTo",
  "poolSlug",
  "because",
  "data",
  "textId",
]
  .map((name) => `'${name}', e.${snake(name)}`)
  .join(", ");

const reading: Statement = {
  name: "fp_claimable",
  text: `WITH register AS MATERIALIZED (SELECT register_revision()::text AS revision)
    SELECT i.place, ${referralColumns}, k.wrapped, k.key_id AS "keyId",
           EXISTS (SELECT FROM guidance_acknowledgement g WHERE g.advisor_id = i.advisor) AS acknowledged,
           coalesce((SELECT json_agg(json_build_object(${eventMembers}) ORDER BY e.seq) FROM event e
             WHERE e.referral_id = r.id AND e.seq IS NOT NULL), '[]') AS history
      FROM json_to_recordset($1::json)
             AS i (place int, reference text, pools text[], advisor text, key_id uuid, revision text)
      JOIN register ON register.revision IS NOT DISTINCT FROM i.revision
      LEFT JOIN LATERAL (
        SELECT * FROM referral WHERE reference = i.reference AND pool_slug = ANY (i.pools)
           AND NOT EXISTS (SELECT FROM reply WHERE referral_id = referral.id)
           AND NOT EXISTS (SELECT FROM text WHERE referral_id = referral.id) LIMIT 1) r ON true
      LEFT JOIN LATERAL (SELECT wrapped, key_id FROM content_key WHERE id = r.id LIMIT 1) k ON true
     WHERE i.key_id IS NULL OR EXISTS (SELECT FROM api_key a WHERE a.id = i.key_id AND a.revoked_at IS NULL
                                          AND (a.expires_at IS NULL OR a.expires_at > $2::timestamptz))`,
};

/** A race that somebody lost. */
export interface Loss {
  id: string;
  at: Date;
}

/** The referral as it stands once it is claimed, and what is written with that. */
export interface NewClaim {
  referral: Referral;
  event: EventRecord & { chain: string };
  timers: readonly TimerPlan[];
  deliveries: readonly ReturnType<typeof newDelivery>[];
  /** Races that are lost if this one is won. */
  losses: readonly Loss[];
  /** The revision of the register that it was decided by. */
  revision: string | null;
  once?: Once;
  response?: Uint8Array;
}

/**
 * Gives each referral to its claimant, by one conditional update of one statement with all that belongs to it. Answers
 * the ids of those that were given: not where somebody was quicker, the referral changed, the register did, or the
 * request's key is known.
 */
export async function writeClaims(db: Tx, claims: readonly NewClaim[]): Promise<ReadonlySet<string>> {
  const rows = await runStatement(db, winning, [JSON.stringify(claims.map(toInput)), blockedUntil]);
  return new Set((rows as { id: string }[]).map(({ id }) => id));
}

const bytes = (value: Uint8Array | undefined): string | null =>
  value ? `\\x${Buffer.from(value).toString("hex")}` : null;

const toInput = ({ referral, event, once, response, ...claim }: NewClaim) => ({
  id: referral.id,
  version: referral.version - 1,
  owner: referral.ownerId,
  at: referral.claimedAt,
  first_claimed_at: referral.firstClaimedAt,
  clock: referral.clock,
  due_at: referral.dueAt,
  reply_due_at: referral.replyDueAt,
  resolve_due_at: referral.resolveDueAt,
  role: event.actorRole,
  acted_by: event.actedBy,
  chain: event.chain,
  scope: once?.scope ?? null,
  key: once?.key ?? null,
  request_hash: bytes(once?.requestHash),
  response: bytes(response),
  ...claim,
});

/**
 * The rows are locked in one order, so that groups of several instances wait for each other and never in a circle; then
 * come the keys, so that a key is kept only with a claim that wins. Where a delivery's lane ends is asked once the row is
 * held, by a function that sees what was committed meanwhile.
 */
const winning: Statement = {
  name: "fp_claims",
  text: `WITH register AS MATERIALIZED (SELECT register_revision()::text AS revision),
    input AS MATERIALIZED (
      SELECT i.* FROM json_to_recordset($1::json) AS i (id uuid, version int, owner text, at timestamptz,
             first_claimed_at timestamptz, clock text, due_at timestamptz, reply_due_at timestamptz,
             resolve_due_at timestamptz, role text, acted_by text, chain text, scope text, key text, request_hash bytea,
             response bytea, timers json, deliveries json, losses json, revision text)
        JOIN register ON register.revision IS NOT DISTINCT FROM i.revision
    ), held AS MATERIALIZED (
      SELECT r.id FROM referral r JOIN input i ON i.id = r.id
       WHERE r.id = ANY (ARRAY(SELECT id FROM input)) AND r.state = 'offered' AND r.version = i.version
       ORDER BY r.id FOR NO KEY UPDATE OF r
    ), keyed AS (
      INSERT INTO idempotency (scope, key, request_hash, referral_id, status, response, created_at)
      SELECT scope, key, request_hash, id, 200, response, at FROM input
       WHERE scope IS NOT NULL AND id IN (SELECT id FROM held)
       ORDER BY scope COLLATE "C", key COLLATE "C"
      ON CONFLICT DO NOTHING RETURNING referral_id
    ), fresh AS MATERIALIZED (
      SELECT * FROM input WHERE id IN (SELECT id FROM held)
         AND (scope IS NULL OR id IN (SELECT referral_id FROM keyed))
    ), won AS (
      UPDATE referral r SET state = 'claimed', version = r.version + 1, owner_id = i.owner, claimed_at = i.at,
             first_claimed_at = i.first_claimed_at, state_since = i.at, finished_at = NULL, clock = i.clock,
             due_at = i.due_at, reply_due_at = i.reply_due_at, resolve_due_at = i.resolve_due_at
        FROM fresh i
       WHERE r.id = i.id AND r.id = ANY (ARRAY(SELECT id FROM fresh)) AND r.state = 'offered' AND r.version = i.version
      RETURNING r.id, r.version, r.pool_slug, i.owner, i.at, i.role, i.acted_by, i.chain, i.timers, i.deliveries, i.losses
    ), told AS (
      INSERT INTO event (referral_id, seq, type, at, actor_role, actor_id, acted_by, state_from, state_to, pool_slug, chain)
      SELECT id, version, 'referral.claimed', at, role, owner, acted_by, 'offered', 'claimed', pool_slug, chain FROM won
    ), over AS (
      DELETE FROM timer t USING won WHERE t.referral_id = won.id
         AND NOT EXISTS (SELECT FROM json_to_recordset(won.timers) AS due (kind text) WHERE due.kind = t.kind)
    ), due AS (
      INSERT INTO timer (referral_id, kind, due_at)
      SELECT won.id, t.kind, t."dueAt" FROM won CROSS JOIN json_to_recordset(won.timers) AS t (kind text, "dueAt" timestamptz)
      ON CONFLICT (referral_id, kind) DO UPDATE SET due_at = excluded.due_at
    ), sent AS (
      INSERT INTO delivery (id, referral_id, adapter, destination, notice, data, created_at, seq, next_at)
      SELECT d.id, won.id, d.adapter, d.destination, d.notice, d.data, won.at, lane.last + 1,
             CASE WHEN lane.waits THEN $2::timestamptz ELSE won.at END
        FROM won
       CROSS JOIN json_to_recordset(won.deliveries) AS d (id uuid, adapter text, destination text, notice text, data jsonb)
       CROSS JOIN LATERAL delivery_lane(won.id, d.adapter, d.destination) AS lane
    ), lost AS (
      INSERT INTO lost_claim (id, referral_id, pool_slug, at)
      SELECT l.id, won.id, won.pool_slug, l.at FROM won CROSS JOIN json_to_recordset(won.losses) AS l (id uuid, at timestamptz)
       WHERE EXISTS (SELECT FROM content_key k WHERE k.id = won.id)
    )
    SELECT id FROM won`,
};

/** Counts races that were lost, each under the pool that has the referral. Nothing where it was erased. */
export async function countLosses(db: Tx, losses: readonly (Loss & { referralId: string })[]): Promise<void> {
  if (losses.length === 0) return;
  await runStatement(db, losing, [JSON.stringify(losses)]);
}

const losing: Statement = {
  name: "fp_lost_claims",
  text: `INSERT INTO lost_claim (id, referral_id, pool_slug, at)
    SELECT l.id, r.id, r.pool_slug, l.at FROM json_to_recordset($1::json) AS l (id uuid, "referralId" uuid, at timestamptz)
     CROSS JOIN LATERAL (SELECT id, pool_slug FROM referral WHERE id = l."referralId" LIMIT 1) r
     WHERE r.pool_slug IS NOT NULL AND EXISTS (SELECT FROM content_key k WHERE k.id = r.id)`,
};
