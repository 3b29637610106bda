import type { ReferralView } from "../contract/core-api.ts";
import type { Deps } from "../deps.ts";
import { hideKey } from "../idempotency/index.ts";
import { registerAtHand } from "../register/index.ts";
import { type Claimant, claimTogether, type Outcome } from "./claim-together.ts";
import { rolesOf } from "./roles.ts";
import { refuseStep } from "./step.ts";
import { createGroupCommit } from "./store/group-commit.ts";
import type { Call } from "./verb.ts";

type Claim = (claimant: Claimant) => Promise<ReadonlyMap<Claimant, Outcome>>;

const groups = new WeakMap<Deps, Claim>();

/** The claims of one process that arrive while others are under way go together. */
function groupOf(deps: Deps): Claim {
  const known = groups.get(deps);
  if (known) return known;
  const group = createGroupCommit((claimants: readonly Claimant[]) => claimTogether(deps, claimants));
  groups.set(deps, group);
  return group;
}

const attempts = 2;

/**
 * A claim of a referral on which nobody has worked yet, decided in memory by the register that was read last and written
 * in a group with others; nothing is written or refused where that register, or the key of who asks, no longer holds.
 * Whoever comes too late is told so. Everything else is null and takes a whole turn.
 */
export async function claimAtOnce(deps: Deps, call: Call): Promise<ReferralView | null> {
  const { actor, version, reference } = call;
  const once = call.once === undefined ? null : hideKey(deps, call.once);
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    const register = registerAtHand(deps.register);
    if (actor.kind !== "advisor" || register === null || version !== undefined) return null;
    const claimant = { reference, actor, register, once, keyId: call.proof?.keyId ?? null };
    const outcome = (await groupOf(deps)(claimant)).get(claimant);
    if (outcome === undefined || outcome === "not-told") return null;
    // Whoever was overtaken between reading and writing reads once more, and is told who won.
    if (outcome === "changed") continue;
    if ("won" in outcome) return outcome.won;
    const { lostTo: referral } = outcome;
    refuseStep({ referral, roles: rolesOf(actor, referral, register) }, "claim", "state");
  }
  return null;
}
