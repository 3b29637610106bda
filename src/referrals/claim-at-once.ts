import type { Actor } from "../contract/actor.ts";
import type { ReferralView } from "../contract/core-api.ts";
import { newDelivery } from "../delivery/index.ts";
import type { Deps } from "../deps.ts";
import { registerAtHand, revisionOf } from "../register/index.ts";
import type { Register } from "../register/model.ts";
import { clocksFor } from "./clocks.ts";
import type { EventRecord, Referral } from "./model.ts";
import { forumNotice, noticesAfter, placesFor } from "./notices.ts";
import { rolesOf, viewpointOf } from "./roles.ts";
import { findTransition } from "./states.ts";
import { chainOf, nameOf, refuseStep } from "./step.ts";
import { type Claimable, readClaimable, writeClaim } from "./store/claims.ts";
import { countLostClaim } from "./store/referrals.ts";
import { viewReferral } from "./view.ts";

/**
 * A claim of a referral on which nobody has worked yet: one reading, one conditional update with all that belongs to it, and
 * its notices. Whoever comes too late is told so after the reading. Everything else, a register that has changed among it,
 * is null and takes a whole turn.
 */
export async function claimAtOnce(deps: Deps, reference: string, actor: Actor): Promise<ReferralView | null> {
  const register = registerAtHand(deps.register);
  if (actor.kind !== "advisor" || register === null) return null;
  const pools = register.advisors.get(actor.id)?.pools ?? [];
  // Whoever loses between reading and writing reads once more, and is told who won.
  for (let attempt = 1; attempt <= 2; attempt += 1) {
    const read = await readClaimable(deps.db, reference, pools, actor.id);
    if (!read) return null;
    const roles = rolesOf(actor, read.referral, register);
    const verdict = findTransition("claim", read.referral.state, "claimed", roles);
    if (!verdict.ok) {
      const isLate = verdict.because === "state" && read.referral.ownerId !== null;
      if (!isLate) return null;
      await countLostClaim(deps.db, reference, deps.now());
      refuseStep({ referral: read.referral, roles }, "claim", "state");
    }
    if (!read.acknowledged) return null;
    const role = verdict.row.by.find((candidate) => roles.has(candidate)) ?? "advisor";
    const view = await claim(deps, register, { ...read, actor, role });
    if (view) return view;
  }
  return null;
}

interface Claim extends Claimable {
  actor: Extract<Actor, { kind: "advisor" }>;
  role: string;
}

async function claim(deps: Deps, register: Register, claim: Claim): Promise<ReferralView | null> {
  const { referral: before, history, actor, role } = claim;
  const now = deps.now();
  const taken = { ownerId: actor.id, claimedAt: now, firstClaimedAt: before.firstClaimedAt ?? now };
  const clocks = clocksFor({ ...before, ...taken }, "claimed", now, register);
  const referral: Referral = {
    ...before,
    ...taken,
    ...clocks.set,
    state: "claimed",
    version: before.version + 1,
    stateSince: now,
    finishedAt: null,
  };
  const event: EventRecord = {
    seq: referral.version,
    type: "referral.claimed",
    at: now,
    actorRole: role,
    ...nameOf(actor),
    stateFrom: before.state,
    stateTo: referral.state,
    poolSlug: referral.poolSlug,
    because: null,
    data: {},
    textId: null,
  };
  const written = await writeClaim(deps.db, {
    referral,
    event: { ...event, chain: chainOf(register, referral.poolSlug) },
    timers: clocks.timers,
    deliveries: deliveriesFor(deps, register, referral, now),
    revision: revisionOf(register),
  });
  if (!written) return null;
  return viewReferral(
    {
      referral,
      history: [...history, event],
      replies: [],
      texts: [],
      key: referral.sealed ? deps.keyring.unwrap(referral.sealed.key) : null,
      register,
      baseUrl: deps.baseUrl,
      memberToken: deps.keyring.token("member", referral.id),
    },
    viewpointOf(actor, register),
  );
}

function deliveriesFor(deps: Deps, register: Register, referral: Referral, now: Date) {
  const pools = referral.poolSlug === null ? [] : [referral.poolSlug];
  const told = forumNotice(referral, "referral.claimed", {});
  return [told, ...noticesAfter(referral, pools, "referral.claimed", "offered")]
    .flatMap((notice) => placesFor(register, deps.adapters, notice))
    .map((place) => newDelivery({ ...place, referralId: referral.id, now }));
}
