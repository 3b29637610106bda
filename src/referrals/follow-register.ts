import { heldStates, type State } from "../contract/vocabulary.ts";
import type { Tx } from "../db/index.ts";
import type { Deps } from "../deps.ts";
import { isPoolOpen, keepsReferrals, type Register } from "../register/model.ts";
import { eraseInTurn } from "./erasing.ts";
import type { Referral } from "./model.ts";
import { takenBack } from "./outcome.ts";
import { endTurn } from "./perform-verb.ts";
import { whyNot } from "./placing.ts";
import { step } from "./step.ts";
import { findMisplaced } from "./store/misplaced.ts";
import { findReferralById } from "./store/referrals.ts";
import { isOpen, transitions } from "./transitions.ts";
import { beginTurn, type Turn } from "./turn.ts";
import { cancelUnsent } from "./unsent.ts";

const held: readonly State[] = heldStates;

/** What the register says should become of an open referral now, or nothing. */
function consequenceFor(
  referral: Referral,
  register: Register,
  now: Date,
): ((turn: Turn) => Promise<void>) | null {
  const { state, poolSlug, ownerId, forumSlug } = referral;
  const forum = register.forums.get(forumSlug);
  if (isOpen(state) && forum && !keepsReferrals(forum)) return withdraw;
  if (
    poolSlug !== null &&
    (state === "offered" || held.includes(state)) &&
    !isPoolOpen(register, poolSlug, now)
  )
    return leavePool;
  const owner = ownerId === null ? undefined : register.advisors.get(ownerId);
  const isOwned = poolSlug !== null && owner?.pools.includes(poolSlug) === true;
  return held.includes(state) && !isOwned ? (turn) => step(turn, "owner-removed", "offered", {}) : null;
}

async function withdraw(turn: Turn): Promise<void> {
  const wasAsked = turn.referral.state === "awaiting_consent";
  await step(turn, "withdraw", "withdrawn", {
    set: takenBack("nobody"),
    data: { because: "no-intervention" },
  });
  await cancelUnsent(turn);
  if (wasAsked) await eraseInTurn(turn, "consent-refused", "register");
}

async function leavePool(turn: Turn): Promise<void> {
  const { referral, register, now } = turn;
  const pool = referral.poolSlug ?? "";
  const successor = register.pools.get(pool)?.closed?.successor;
  const takes =
    successor !== undefined &&
    successor !== pool &&
    whyNot(register, referral.forumSlug, successor, now) === null;
  const triedPools = [...new Set([...referral.triedPools, pool])];
  const data = { reason: "pool-closed", from: pool };
  if (takes)
    await step(turn, "pool-closed", "offered", {
      set: { poolSlug: successor, triedPools },
      data,
      tells: "referral.offered",
    });
  else await step(turn, "pool-closed", "triage", { set: { triedPools }, data, tells: "referral.triage" });
}

async function follow(deps: Deps, tx: Tx, id: string): Promise<boolean> {
  const referral = await findReferralById(tx, id, true);
  if (!referral) return false;
  const turn = await beginTurn(deps, tx, referral, { kind: "register", appliedBy: "" }, deps.now());
  const consequence = consequenceFor(referral, turn.register, turn.now);
  if (!consequence) return false;
  // A reply on its way answers it: it moves once the forum has that, or could not take it.
  const isAnswering = turn.replies.some((reply) => reply.state === "queued");
  if (isAnswering && consequence !== withdraw) return false;
  await consequence(turn);
  await endTurn(turn, referral.state);
  return true;
}

/**
 * Brings open referrals into line with the register in force: those of closed pools move to the successor or triage,
 * those whose advisor has gone return to their pool, and those of forums that take none are withdrawn. Each in a
 * transaction of its own; may run at any time and twice. Gives how many moved.
 */
export async function followRegister(deps: Deps): Promise<number> {
  const register = await deps.register(deps.db);
  const now = deps.now();
  const open = [...register.pools.keys()].filter((slug) => isPoolOpen(register, slug, now));
  const taking = [...register.forums.values()].filter(keepsReferrals).map((forum) => forum.slug);
  const advisors = [...register.advisors.keys()];
  const states = [...new Set(transitions.flatMap((row) => row.from))].filter(isOpen);
  let moved = 0;
  for (const id of await findMisplaced(deps.db, {
    states,
    held,
    pools: open,
    forums: taking,
    advisors,
    register,
  })) {
    if (await deps.transaction((tx) => follow(deps, tx, id))) moved += 1;
  }
  if (moved > 0) deps.nudge();
  return moved;
}
