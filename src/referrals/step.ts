import type { Actor } from "../contract/actor.ts";
import { DomainError } from "../contract/errors.ts";
import { heldStates, type Role, type State } from "../contract/vocabulary.ts";
import type { Register } from "../register/model.ts";
import { clocksFor } from "./clocks.ts";
import type { Referral, ReferralChange } from "./model.ts";
import { tellForum } from "./notices.ts";
import { findTransition } from "./states.ts";
import { appendEvent, setTimers } from "./store/records.ts";
import { changeReferral } from "./store/referrals.ts";
import { isOpen, records } from "./transitions.ts";
import { ChangedMeanwhile, type Turn } from "./turn.ts";

/** What an event says beside its type. `because` is shown to the forum where the event is; it holds no person's text. */
export interface EventDetails {
  because?: string;
  data?: Record<string, unknown>;
  textId?: string;
  /** Acts as this role, whatever else the actor is. */
  as?: Role;
}

export interface StepDetails extends EventDetails {
  set?: ReferralChange;
  /** More for the forum's notice; ids and codes only. */
  tell?: Record<string, unknown>;
  /** Where the forum should be told although the table has no notice for the step. */
  tells?: Parameters<typeof tellForum>[1];
}

/** The department whose audit chain a referral's events belong to; empty while no pool has it. */
export const chainOf = (register: Register, poolSlug: string | null): string =>
  (poolSlug === null ? undefined : register.pools.get(poolSlug)?.department) ?? "";

export const nameOf = (actor: Actor): { actorId: string | null; actedBy: string | null } => ({
  actorId: actor.kind === "advisor" || actor.kind === "person" ? actor.id : null,
  actedBy: "actedBy" in actor ? (actor.actedBy ?? null) : actor.kind === "admin" ? actor.keyId : null,
});

/** Refuses a step in the words of who asked: what state it is in, who has it, or that it is not theirs to take. */
export function refuseStep(
  turn: Pick<Turn, "referral" | "roles">,
  name: string,
  because: "state" | "role",
): never {
  const { referral, roles } = turn;
  if (because === "role") throw new DomainError("access/forbidden", { fields: { state: referral.state } });
  const taken = (heldStates as readonly string[]).includes(referral.state);
  if (name === "claim" && taken) {
    const colleagues = roles.has("advisor") || roles.has("lead");
    throw new DomainError("referral/already-claimed", {
      fields: {
        state: referral.state,
        claimedAt: referral.claimedAt?.toISOString() ?? null,
        ...(colleagues ? { claimedBy: referral.ownerId } : {}),
      },
    });
  }
  throw new DomainError("referral/not-possible", {
    detail: `A referral that is ${referral.state} does not take “${name}”.`,
    fields: { state: referral.state },
  });
}

/** What is diverted once more stays with whoever has it, and so does what they acknowledged. */
const staysDiverted = (referral: Referral, to: State): boolean =>
  referral.state === "diverted" && to === "diverted";

/** Times and people that follow from the state alone. */
function consequencesOf(referral: Referral, to: State, now: Date): ReferralChange {
  const change: ReferralChange = {};
  if (staysDiverted(referral, to)) return change;
  if (to === "offered" || to === "triage" || to === "diverted") {
    change.ownerId = null;
    if (referral.ownerId !== null) change.lastOwnerId = referral.ownerId;
  }
  if (to === "triage" || to === "diverted") change.poolSlug = null;
  // The chain of safeguarding contacts is called from its beginning; a pool's own escalation was another chain.
  if (to === "diverted") Object.assign(change, { everDiverted: true, acknowledgedAt: null, escalation: 0 });
  if (to === "offered" && referral.firstOfferedAt === null) change.firstOfferedAt = now;
  if (to === "replied" && referral.firstRepliedAt === null) change.firstRepliedAt = now;
  if (to === "resolved") change.resolvedAt = now;
  if (referral.state === "merged") Object.assign(change, { mergedIntoId: null, stateBeforeMerge: null });
  if (isOpen(to)) change.finishedAt = null;
  else Object.assign(change, { finishedAt: now, lastOwnerId: referral.ownerId ?? referral.lastOwnerId });
  return change;
}

async function write(
  turn: Turn,
  type: string,
  role: Role,
  change: ReferralChange & { state?: State; stateSince?: Date },
  details: EventDetails,
): Promise<void> {
  const { tx, referral, now } = turn;
  if (!(await changeReferral(tx, referral, change))) throw new ChangedMeanwhile();
  const { content: _content, ...plain } = change;
  turn.referral = { ...referral, ...plain, version: referral.version + 1 };
  turn.lastEvent = type;
  await appendEvent(tx, {
    referralId: referral.id,
    seq: turn.referral.version,
    type,
    at: now,
    actorRole: role,
    ...nameOf(turn.actor),
    stateFrom: change.state === undefined ? null : referral.state,
    stateTo: change.state ?? null,
    poolSlug: turn.referral.poolSlug ?? referral.poolSlug,
    because: details.because ?? null,
    data: details.data ?? {},
    textId: details.textId ?? null,
    chain: chainOf(turn.register, turn.referral.poolSlug ?? referral.poolSlug),
  });
}

/**
 * Takes the referral to another state: asks the table, changes the row on condition that nobody else has, appends the
 * event, sets clocks and timers, and plans what the forum is told. Refuses what the table does not list.
 */
export async function step(turn: Turn, name: string, to: State, details: StepDetails = {}): Promise<void> {
  const { referral, now } = turn;
  const verdict = findTransition(name, referral.state, to, turn.roles);
  if (!verdict.ok) refuseStep(turn, name, verdict.because);
  const { row } = verdict;
  if (row.replyInFlight === "refuses" && turn.replies.some((reply) => reply.state === "queued")) {
    throw new DomainError("reply/in-flight", { fields: { state: referral.state } });
  }
  const change: ReferralChange = { ...consequencesOf(referral, to, now), ...details.set };
  const stays = staysDiverted(referral, to);
  const clocks = stays ? null : clocksFor({ ...referral, ...change }, to, now, turn.register);
  const role = details.as ?? row.by.find((candidate) => turn.roles.has(candidate)) ?? "administrator";
  await write(
    turn,
    row.event ?? `referral.${to}`,
    role,
    { ...clocks?.set, ...change, state: to, stateSince: stays ? referral.stateSince : now },
    details,
  );
  if (clocks) await setTimers(turn.tx, referral.id, clocks.timers);
  if (turn.referral.poolSlug !== null) turn.poolsBefore.add(turn.referral.poolSlug);
  const notice = details.tells ?? row.tells;
  if (notice) await tellForum(turn, notice, details.tell ?? {}, details.because);
}

/** Records something that changes no state, such as a note. Refuses what the list of records does not allow. */
export async function record(turn: Turn, name: string, details: StepDetails = {}): Promise<void> {
  const row = records.find(
    (candidate) => candidate.name === name && candidate.in.includes(turn.referral.state),
  );
  if (!row) refuseStep(turn, name, "state");
  const role = row.by.find((candidate) => turn.roles.has(candidate));
  if (!role) refuseStep(turn, name, "role");
  await write(turn, row.event, details.as ?? role, details.set ?? {}, details);
}

/** Appends what the forum or the product reports about this referral, such as a post edited; no rule to ask. */
export async function report(turn: Turn, type: string, role: Role, details: StepDetails = {}): Promise<void> {
  await write(turn, type, role, details.set ?? {}, details);
}
