import { Prisma, runStatement, runTogether, type Statement, type Tx } from "../../db/index.ts";
import { blockedUntil, type newDelivery } from "../../delivery/index.ts";
import type { TimerPlan } from "../clocks.ts";
import type { EventRecord, Referral } from "../model.ts";
import { parseReference } from "../reference.ts";
import { type Row, toReferral } from "./referrals.ts";

/** A referral with its whole history, and whether the advisor who asks has acknowledged the guidance. */
export interface Claimable {
  referral: Referral;
  history: EventRecord[];
  acknowledged: boolean;
}

type Read = Row & {
  wrapped: Uint8Array | null;
  keyId: string | null;
  acknowledged: boolean;
  history: (Omit<EventRecord, "at"> & { at: string })[];
};

/** The referral by its reference where it lies in one of these pools and nobody has written anything to it; else null. */
export async function readClaimable(
  db: Tx,
  reference: string,
  pools: readonly string[],
  advisor: string,
): Promise<Claimable | null> {
  if (reference.includes("\0")) return null;
  const written = parseReference(reference) ?? reference;
  const [row] = (await runStatement(db, reading, [written, [...pools], advisor])) as Read[];
  if (!row) return null;
  const { wrapped, keyId, acknowledged, history, ...columns } = row;
  const key = wrapped && keyId !== null ? { wrapped, keyId } : null;
  return {
    referral: toReferral(columns, key),
    history: history.map((event) => ({ ...event, at: new Date(event.at) })),
    acknowledged,
  };
}

const snake = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
/** Lists that Prisma writes as null where they are empty, and reads as empty. */
const lists = new Set<string>(["audience", "masked", "triedPools"]);
const columns = Object.values(Prisma.ReferralScalarFieldEnum)
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
  text: `SELECT ${columns}, k.wrapped, k.key_id AS "keyId",
      EXISTS (SELECT FROM guidance_acknowledgement g WHERE g.advisor_id = $3) AS acknowledged,
      coalesce((SELECT json_agg(json_build_object(${eventMembers}) ORDER BY e.seq) FROM event e
        WHERE e.referral_id = r.id AND e.seq IS NOT NULL), '[]') AS history
    FROM referral r LEFT JOIN content_key k ON k.id = r.id
   WHERE r.reference = $1 AND r.pool_slug = ANY ($2::text[])
     AND NOT EXISTS (SELECT FROM reply p WHERE p.referral_id = r.id)
     AND NOT EXISTS (SELECT FROM text t WHERE t.referral_id = r.id)`,
};

/** The referral as it stands once it is claimed, and what is written with that. */
export interface NewClaim {
  referral: Referral;
  event: EventRecord & { chain: string };
  timers: readonly TimerPlan[];
  deliveries: readonly ReturnType<typeof newDelivery>[];
  /** The revision of the register that it was decided by. */
  revision: string | null;
}

/**
 * Gives the referral to its claimant: one conditional update with its event and timers, then its deliveries, as one
 * transaction. The deliveries are a statement of their own because they go behind what is unsettled once the row is held.
 * False, and nothing is written, where somebody was quicker, the referral changed, or the register did.
 */
export async function writeClaim(db: Tx, claim: NewClaim): Promise<boolean> {
  const { referral, event, timers, deliveries } = claim;
  const { id, ownerId, claimedAt: now } = referral;
  return runTogether(db, async (run) => {
    const won = await run(winning, [
      id,
      referral.version - 1,
      ownerId,
      now,
      referral.firstClaimedAt,
      referral.clock,
      referral.dueAt,
      referral.replyDueAt,
      referral.resolveDueAt,
      claim.revision,
      event.actorRole,
      event.actedBy,
      event.chain,
      timers.map(({ kind }) => kind),
      timers.map(({ dueAt }) => dueAt),
    ]);
    if (won.length === 0) return false;
    if (deliveries.length > 0) await run(telling, [id, JSON.stringify(deliveries), now, blockedUntil]);
    return true;
  });
}

const winning: Statement = {
  name: "fp_claim",
  text: `WITH held AS MATERIALIZED (SELECT register_revision()::text AS revision), won AS (
      UPDATE referral r SET state = 'claimed', version = r.version + 1, owner_id = $3, claimed_at = $4, first_claimed_at = $5,
             state_since = $4, finished_at = NULL, clock = $6, due_at = $7, reply_due_at = $8, resolve_due_at = $9
        FROM held
       WHERE r.id = $1::uuid AND r.state = 'offered' AND r.version = $2 AND held.revision IS NOT DISTINCT FROM $10::text
      RETURNING r.id, r.version, r.pool_slug
    ), told AS (
      INSERT INTO event (referral_id, seq, type, at, actor_role, actor_id, acted_by, state_from, state_to, pool_slug, chain)
      SELECT id, version, 'referral.claimed', $4, $11, $3, $12, 'offered', 'claimed', pool_slug, $13 FROM won
    ), over AS (
      DELETE FROM timer USING won WHERE timer.referral_id = won.id AND NOT timer.kind = ANY ($14::text[])
    ), due AS (
      INSERT INTO timer (referral_id, kind, due_at)
      SELECT won.id, t.kind, t.due_at FROM won CROSS JOIN unnest($14::text[], $15::timestamptz[]) AS t (kind, due_at)
      ON CONFLICT (referral_id, kind) DO UPDATE SET due_at = excluded.due_at
    )
    SELECT id FROM won`,
};

const telling: Statement = {
  name: "fp_claim_told",
  text: `INSERT INTO delivery (id, referral_id, adapter, destination, notice, data, created_at, seq, next_at)
    SELECT d.id, $1::uuid, d.adapter, d.destination, d.notice, d.data, $3::timestamptz, coalesce(lane.last, 0) + 1,
           CASE WHEN lane.waits THEN $4::timestamptz ELSE $3::timestamptz END
      FROM json_to_recordset($2::json) AS d (id uuid, adapter text, destination text, notice text, data jsonb)
     CROSS JOIN LATERAL (
       SELECT max(x.seq) AS last, bool_or(x.settled_at IS NULL) AS waits FROM delivery x
        WHERE x.referral_id = $1::uuid AND x.adapter = d.adapter AND x.destination = d.destination) lane`,
};
