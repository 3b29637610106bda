import { z } from "zod";
import type { Actor } from "../contract/actor.ts";
import { DomainError } from "../contract/errors.ts";
import type { Tx } from "../db/index.ts";
import type { Deps } from "../deps.ts";
import { hashKey, newKey } from "./keys.ts";
import { checkScopes } from "./scopes.ts";
import { insertKey, recordEvent } from "./store.ts";

/** The last year that the database and JavaScript read alike, whatever the zone it was written in. */
const lastYear = 9998;

export const KeyBody = z.strictObject({
  name: z.string().trim().min(1).max(200),
  scopes: z.array(z.string().min(1).max(200)).min(1).max(10),
  expiresAt: z.iso
    .datetime({ offset: true })
    .refine((time) => new Date(time).getUTCFullYear() <= lastYear, { error: "This time is too far away." })
    .nullish(),
});
export type KeyBody = z.infer<typeof KeyBody>;

export interface CreatedKey {
  id: string;
  name: string;
  scopes: string[];
  /** The key itself, told this one time: only its hash is kept. */
  key: string;
  expiresAt: string | null;
}

/**
 * Makes a key for one owner, within a transaction. Refuses scopes that are none or have several owners, scopes that name
 * nobody in the register (`access/scope-unknown`), and an end that is past. Recorded as `key.created`.
 */
export async function createKey(deps: Deps, tx: Tx, body: KeyBody, by: Actor): Promise<CreatedKey> {
  const now = deps.now();
  const expiresAt = body.expiresAt == null ? null : new Date(body.expiresAt);
  if (expiresAt !== null && expiresAt <= now)
    throw new DomainError("request/invalid", {
      errors: [
        { pointer: "/expiresAt", detail: "This time has passed.", hint: "Send a later one, or none." },
      ],
    });
  const scopes = [...new Set(body.scopes)];
  checkScopes(scopes, await deps.register(tx));
  const key = newKey();
  const row = await insertKey(tx, { name: body.name, hash: hashKey(key), scopes, createdAt: now, expiresAt });
  await recordEvent(tx, { type: "key.created", at: now, ...recordedAs(by), data: { key: row.id, scopes } });
  return { id: row.id, name: row.name, scopes, key, expiresAt: expiresAt?.toISOString() ?? null };
}

/** How an administrator stands in the audit. */
export function recordedAs(actor: Actor): { actorRole: "administrator"; actorId: string | null } {
  return { actorRole: "administrator", actorId: actor.kind === "admin" ? actor.keyId : null };
}
