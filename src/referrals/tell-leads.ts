import type { Digest, Notice } from "../contract/notice.ts";
import type { Tx } from "../db/index.ts";
import { type DeliveryRow, destinationsFor, enqueueDelivery } from "../delivery/index.ts";
import type { Deps } from "../deps.ts";
import { advisorsOf, nameOf, type Register } from "../register/model.ts";
import { readWorkload } from "./store/workload.ts";

/** Why leads are told: what waits this morning, or that nothing reaches their pool. */
type LeadEvent = "pool.digest" | "delivery.alarm";

const mostFirst = 10;

const leadsOf = (register: Register, pool: string) =>
  advisorsOf(register, pool).filter(({ role }) => role === "lead");

/**
 * Plans a word to the leads of a pool, where the pool works or else by mail; `except` names an adapter that fails. Nobody
 * is told by mail who has no address.
 */
export async function tellLeads(
  deps: Deps,
  tx: Tx,
  told: { pool: string; event: LeadEvent; except?: string; now: Date },
): Promise<void> {
  const { pool, event, now } = told;
  const register = await deps.register(tx);
  const isMailed = leadsOf(register, pool).some(({ email }) => email !== undefined);
  const places = destinationsFor(register, deps.adapters, { pool, notice: "alert", except: told.except });
  for (const place of places.filter(({ adapter }) => adapter !== "email" || isMailed))
    await enqueueDelivery(tx, { ...place, referralId: null, notice: "alert", data: { event }, now });
}

/** The word to a pool's leads as it is at the moment it is sent. */
export async function buildLeadNotice(deps: Deps, tx: Tx, row: DeliveryRow): Promise<Notice> {
  const register = await deps.register(tx);
  const pool = row.destination.slice("pool:".length);
  const event = String(row.data.event ?? "");
  const to = leadsOf(register, pool).map(({ id, slackUserId, email }) => ({
    id,
    slackUserId: slackUserId ?? null,
    email: email ?? null,
  }));
  const digest = event === "pool.digest" ? { digest: await digestOf(deps, tx, pool) } : {};
  const nowhere = { reference: null, link: null, dueAt: null };
  return {
    audience: "alert",
    type: "alert",
    data: {
      alert: "lead",
      text: event,
      ...nowhere,
      to,
      sequence: row.sequence,
      pool: nameOf(register, "pools", pool),
      ...digest,
    },
  };
}

async function digestOf(deps: Deps, tx: Tx, pool: string): Promise<Digest> {
  const { first, ...counts } = await readWorkload(tx, pool, deps.now(), mostFirst);
  return {
    ...counts,
    first: first.map(({ dueAt, ...one }) => ({ ...one, dueAt: dueAt?.toISOString() ?? null })),
  };
}
