import type { Actor } from "../contract/actor.ts";
import type { ReferralView } from "../contract/core-api.ts";
import { newDelivery, newId } from "../delivery/index.ts";
import type { Deps } from "../deps.ts";
import type { Once } from "../idempotency/index.ts";
import { revisionOf } from "../register/index.ts";
import type { Register } from "../register/model.ts";
import { clocksFor } from "./clocks.ts";
import type { EventRecord, Referral } from "./model.ts";
import { forumNotice, noticesAfter, placesFor } from "./notices.ts";
import { rolesOf, viewpointOf } from "./roles.ts";
import { findTransition } from "./states.ts";
import { chainOf, nameOf } from "./step.ts";
import {
  type Claimable,
  countLosses,
  type Loss,
  type NewClaim,
  readClaimables,
  writeClaims,
} from "./store/claims.ts";
import { isOpen } from "./transitions.ts";
import { viewReferral } from "./view.ts";

/** An advisor who claims a referral, by the register that was at hand. */
export interface Claimant {
  reference: string;
  actor: Extract<Actor, { kind: "advisor" }>;
  register: Register;
  /** Of the key they came with, where it is still to be proved. */
  keyId: string | null;
  /** How repeats of the request are known, hidden. */
  once: Once | null;
}

/**
 * What became of a claim: it won, it lost to whoever has the referral now, the referral changed meanwhile and it may be
 * tried again, or it takes a whole turn to tell.
 */
export type Outcome = { won: ReferralView } | { lostTo: Referral } | "changed" | "not-told";

/** The first of a group to claim a referral, and those of the same group who come too late if it wins. */
interface Candidate {
  claimant: Claimant;
  claim: NewClaim;
  view(): ReferralView;
  rivals: Claimant[];
  losses: Loss[];
}

/**
 * Claims of referrals on which nobody has worked yet: one statement reads for all of them and one writes for all that may
 * win. Of those that claim the same referral the first may win; the others lose with it.
 */
export async function claimTogether(
  deps: Deps,
  claimants: readonly Claimant[],
): Promise<ReadonlyMap<Claimant, Outcome>> {
  const found = await readClaimables(deps.db, claimants.map(askOf), deps.now());
  const now = deps.now();
  const outcomes = new Map<Claimant, Outcome>(claimants.map((claimant) => [claimant, "not-told"]));
  const candidates = new Map<string, Candidate>();
  const losses: (Loss & { referralId: string })[] = [];
  for (const [place, claimant] of claimants.entries()) {
    const read = found[place];
    const standing = read ? standingOf(claimant, read) : null;
    if (!read || standing === null) continue;
    const { referral } = read;
    const ahead = candidates.get(referral.id);
    // A refusal is kept for the repeats of a request, which takes a transaction of its own.
    const mayLose = claimant.once === null;
    if (standing !== "late" && !ahead) {
      candidates.set(referral.id, candidateOf(deps, claimant, read, standing, now));
    } else if (mayLose && standing === "late") {
      if (isRace(claimant, referral, referral.ownerId))
        losses.push({ id: newId(now), at: now, referralId: referral.id });
      outcomes.set(claimant, { lostTo: referral });
    } else if (mayLose) {
      ahead?.rivals.push(claimant);
      if (isRace(claimant, referral, ahead?.claimant.actor.id ?? null))
        ahead?.losses.push({ id: newId(now), at: now });
    }
  }
  const written = await write(deps, [...candidates.values()], losses);
  for (const { claimant, claim, view, rivals } of candidates.values()) {
    const isWon = written.has(claim.referral.id);
    outcomes.set(claimant, isWon ? { won: view() } : "changed");
    for (const rival of rivals) outcomes.set(rival, isWon ? { lostTo: claim.referral } : "changed");
  }
  return outcomes;
}

/** Whether a claim that comes too late lost a race: its advisor is of the pool, and not who was first. */
const isRace = ({ actor, register }: Claimant, { poolSlug }: Referral, winner: string | null): boolean =>
  actor.id !== winner &&
  poolSlug !== null &&
  register.advisors.get(actor.id)?.pools.includes(poolSlug) === true;

async function write(
  deps: Deps,
  candidates: readonly Candidate[],
  losses: readonly (Loss & { referralId: string })[],
): Promise<ReadonlySet<string>> {
  const claims = candidates.map(({ claim, losses }) => ({ ...claim, losses }));
  // Losses wait for rows that others may hold; the claims hold rows and must not wait with them.
  const [written] = await Promise.all([
    claims.length > 0 ? writeClaims(deps.db, claims) : new Set<string>(),
    countLosses(deps.db, losses),
  ]);
  return written;
}

const askOf = ({ reference, actor, register, keyId }: Claimant) => ({
  reference,
  keyId,
  advisor: actor.id,
  pools: register.advisors.get(actor.id)?.pools ?? [],
  revision: revisionOf(register),
});

/** The role in which somebody may claim, `late` where somebody else has, and null where more has to be asked. */
function standingOf({ actor, register }: Claimant, { referral, acknowledged }: Claimable): string | null {
  const roles = rolesOf(actor, referral, register);
  // Those who share a reading are each asked for their own part in it.
  if (roles.size === 0) return null;
  const verdict = findTransition("claim", referral.state, "claimed", roles);
  if (!verdict.ok) return referral.ownerId !== null && isOpen(referral.state) ? "late" : null;
  return acknowledged ? (verdict.row.by.find((role) => roles.has(role)) ?? null) : null;
}

function candidateOf(
  deps: Deps,
  claimant: Claimant,
  { referral: before, history }: Claimable,
  actorRole: string,
  now: Date,
): Candidate {
  const { actor, register, once } = claimant;
  const taken = { ownerId: actor.id, claimedAt: now, firstClaimedAt: before.firstClaimedAt ?? now };
  const { set, timers } = clocksFor({ ...before, ...taken }, "claimed", now, register);
  const version = before.version + 1;
  const referral: Referral = {
    ...before,
    ...taken,
    ...set,
    state: "claimed",
    version,
    stateSince: now,
    finishedAt: null,
  };
  const event: EventRecord = {
    seq: version,
    type: "referral.claimed",
    at: now,
    actorRole,
    ...nameOf(actor),
    stateFrom: before.state,
    stateTo: "claimed",
    poolSlug: referral.poolSlug,
    because: null,
    data: {},
    textId: null,
  };
  const view = () => viewOf(deps, claimant, referral, [...history, event]);
  const claim: NewClaim = {
    referral,
    event: { ...event, chain: chainOf(register, referral.poolSlug) },
    timers,
    deliveries: deliveriesFor(deps, register, referral, now),
    losses: [],
    revision: revisionOf(register),
  };
  if (once === null) return { claimant, claim, view, rivals: [], losses: [] };
  const answer = view();
  const response = deps.keyring.sealSecret(JSON.stringify(answer));
  return { claimant, claim: { ...claim, once, response }, view: () => answer, rivals: [], losses: [] };
}

const viewOf = (
  { keyring, baseUrl }: Deps,
  { actor, register }: Claimant,
  referral: Referral,
  history: readonly EventRecord[],
): ReferralView =>
  viewReferral(
    {
      referral,
      history,
      replies: [],
      texts: [],
      key: referral.sealed ? keyring.unwrap(referral.sealed.key) : null,
      register,
      baseUrl,
      memberToken: keyring.token("member", referral.id),
    },
    viewpointOf(actor, referral, register),
  );

function deliveriesFor(deps: Deps, register: Register, referral: Referral, now: Date) {
  const pools = referral.poolSlug === null ? [] : [referral.poolSlug];
  const told = forumNotice(referral, "referral.claimed", {});
  return [told, ...noticesAfter(referral, pools, "referral.claimed", "offered")]
    .flatMap((notice) => placesFor(register, deps.adapters, notice))
    .map((place) => newDelivery({ ...place, referralId: referral.id, now }));
}
