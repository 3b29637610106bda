import { z } from "zod";
import type { Actor } from "../contract/actor.ts";
import { DomainError } from "../contract/errors.ts";
import { DeliveryState } from "../contract/vocabulary.ts";
import type { Deps } from "../deps.ts";
import type { StoredDelivery } from "./delivery.ts";
import { blockedUntil } from "./model.ts";
import { selectDeliveries } from "./store/listing.ts";

export const DeliveriesQuery = z.object({
  state: DeliveryState.optional(),
  /** The `nextCursor` of the page before. */
  cursor: z.uuid().optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
export type DeliveriesQuery = z.infer<typeof DeliveriesQuery>;

/** A delivery as an administrator sees it: codes and ids, never what was said. */
export const DeliveryView = z.object({
  id: z.string(),
  reference: z.string().nullable(),
  adapter: z.string(),
  destination: z.string(),
  notice: z.string(),
  seq: z.number(),
  state: DeliveryState,
  attempt: z.number(),
  /** Null when it has settled, and while it waits for one before it. */
  nextAt: z.string().nullable(),
  lastError: z.string().nullable(),
  createdAt: z.string(),
  settledAt: z.string().nullable(),
});
export type DeliveryView = z.infer<typeof DeliveryView>;

function viewDelivery(row: StoredDelivery & { reference: string | null }): DeliveryView {
  const hasTurn = row.settledAt === null && row.nextAt < blockedUntil;
  return {
    id: row.id,
    reference: row.reference,
    adapter: row.adapter,
    destination: row.destination,
    notice: row.notice,
    seq: row.seq,
    state: row.state,
    attempt: row.attempt,
    nextAt: hasTurn ? row.nextAt.toISOString() : null,
    lastError: row.lastError,
    createdAt: row.createdAt.toISOString(),
    settledAt: row.settledAt?.toISOString() ?? null,
  };
}

/** What waits, is unknown, parked, refused, cancelled or delivered, newest first. For administrators. */
export async function listDeliveries(
  deps: Pick<Deps, "db">,
  query: DeliveriesQuery,
  actor: Actor,
): Promise<{ items: DeliveryView[]; nextCursor: string | null }> {
  if (actor.kind !== "admin") throw new DomainError("access/forbidden");
  const { state, cursor, limit } = query;
  const rows = await selectDeliveries(deps.db, { state, before: cursor, limit: limit + 1 });
  const page = rows.slice(0, limit);
  return {
    items: page.map(viewDelivery),
    nextCursor: rows.length > limit ? (page.at(-1)?.id ?? null) : null,
  };
}
