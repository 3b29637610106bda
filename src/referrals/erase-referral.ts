import type { Actor } from "../contract/actor.ts";
import { DomainError } from "../contract/errors.ts";
import type { Tx } from "../db/index.ts";
import type { Deps } from "../deps.ts";
import { unseal } from "./content.ts";
import { type ErasureReason, withdrawAndErase } from "./erasing.ts";
import type { Referral } from "./model.ts";
import { scopesOf } from "./roles.ts";
import { findByMember, findNamingMember } from "./store/erasure.ts";
import { findReferral, findReferralById } from "./store/referrals.ts";
import { beginTurn } from "./turn.ts";

/** What an erasure did. `unredacted`: places that showed content and cannot be told, as `adapter destination`. */
export interface Erased {
  reference: string;
  /** False where it had been erased before. */
  erased: boolean;
  unredacted: string[];
}

async function erase(
  deps: Deps,
  tx: Tx,
  referral: Referral,
  because: ErasureReason,
  actor: Actor,
): Promise<Erased> {
  const { reference } = referral;
  if (referral.erasedAt !== null) return { reference, erased: false, unredacted: [] };
  const turn = await beginTurn(deps, tx, referral, actor, deps.now());
  return { reference, erased: true, unredacted: await withdrawAndErase(turn, because) };
}

/** Erases one referral by its id, in a transaction of its own; null where there is none. */
export async function eraseById(
  deps: Deps,
  id: string,
  because: ErasureReason,
  actor: Actor,
): Promise<Erased | null> {
  return deps.transaction(async (tx) => {
    const referral = await findReferralById(tx, id, true);
    return referral ? erase(deps, tx, referral, because, actor) : null;
  });
}

function requireAdministrator(actor: Actor): void {
  if (actor.kind !== "admin") throw new DomainError("access/forbidden");
}

/**
 * Erases the content of one referral at once, whatever its state; one that is open is withdrawn. Everybody who was
 * shown content is told to blank it. For administrators; an unknown reference is `referral/not-found`.
 */
export async function eraseReferral(
  deps: Deps,
  reference: string,
  because: ErasureReason,
  actor: Actor,
): Promise<Erased> {
  requireAdministrator(actor);
  const erased = await deps.transaction(async (tx) => {
    const register = await deps.register(tx);
    const referral = await findReferral(tx, reference, scopesOf(actor, register), true);
    if (!referral) throw new DomainError("referral/not-found");
    return erase(deps, tx, referral, because, actor);
  });
  deps.nudge();
  return erased;
}

const page = 500;

/**
 * Erases every referral of one member of a forum, by the pseudonym the forum sends, each in a transaction of its own.
 * They are found by its keyed hash, and for a forum that was renamed since by looking into the content itself. A
 * pseudonym nobody sent erases nothing; an unknown forum is `forum/not-found`.
 */
export async function eraseMember(
  deps: Deps,
  forum: string,
  member: string,
  actor: Actor,
): Promise<{ erased: Erased[] }> {
  requireAdministrator(actor);
  const register = await deps.register(deps.db);
  if (!register.forums.has(forum) && !register.removed.forums.has(forum))
    throw new DomainError("forum/not-found");
  const ids = new Set(await findByMember(deps.db, forum, deps.keyring.hash(`member:${forum}`, member)));
  let after = "00000000-0000-0000-0000-000000000000";
  for (;;) {
    const rows = await findNamingMember(deps.db, forum, after, page);
    for (const row of rows) {
      const content = unseal(row.content, deps.keyring.unwrap(row.key));
      if (content.member === member) ids.add(row.id);
      after = row.id;
    }
    if (rows.length < page) break;
  }
  const erased: Erased[] = [];
  for (const id of ids) {
    const one = await eraseById(deps, id, "requested", actor);
    if (one) erased.push(one);
  }
  deps.nudge();
  return { erased };
}
