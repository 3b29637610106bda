import { z } from "zod";
import type { Actor } from "../contract/actor.ts";
import { DomainError } from "../contract/errors.ts";
import type { Deps } from "../deps.ts";
import { holdsRole, type Register } from "../register/model.ts";
import { type AuditLine, toLine } from "./export-audit.ts";
import { sealEvents } from "./seal-events.ts";
import { selectSealed } from "./store.ts";

export const EventsQuery = z.strictObject({
  after: z
    .string()
    .regex(/^\d{1,18}$/, { error: "Give the id of the last event you have." })
    .default("0"),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
});
export type EventsQuery = z.infer<typeof EventsQuery>;

export interface EventsPage {
  items: AuditLine[];
  /** What `after` takes next; the same again where there was nothing new. */
  after: string;
  nextCursor: string | null;
}

function mayAudit(actor: Actor, register: Register): boolean {
  if (actor.kind === "admin") return true;
  if (actor.kind !== "person") return false;
  return holdsRole(register, actor.id, "auditor") || holdsRole(register, actor.id, "administrator");
}

/**
 * The audit page by page, in the order in which it was sealed, so that whoever goes on from the last id misses nothing.
 * For auditors and administrators; others are refused.
 */
export async function listEvents(
  deps: Pick<Deps, "db" | "transaction" | "register">,
  query: EventsQuery,
  actor: Actor,
): Promise<EventsPage> {
  if (!mayAudit(actor, await deps.register(deps.db))) throw new DomainError("access/forbidden");
  await sealEvents(deps);
  const found = await selectSealed(deps.db, { after: query.after, limit: query.limit + 1 });
  const items = found.slice(0, query.limit).map(toLine);
  const after = items.at(-1)?.id ?? query.after;
  return { items, after, nextCursor: found.length > query.limit ? after : null };
}
