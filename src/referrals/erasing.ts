import type { Role } from "../contract/vocabulary.ts";
import type { Tx } from "../db/index.ts";
import { cancelDelivery, deliveriesOf, destinationsFor, enqueueDelivery } from "../delivery/index.ts";
import type { Register } from "../register/model.ts";
import type { Referral } from "./model.ts";
import { isDelivered } from "./model.ts";
import { freeOrigins } from "./origins.ts";
import { takenBack } from "./outcome.ts";
import { report, step } from "./step.ts";
import { destroyContent, forgetRedacted, listUnredacted, type Place } from "./store/erasure.ts";
import { isOpen } from "./transitions.ts";
import type { Turn } from "./turn.ts";
import { cancelUnsent } from "./unsent.ts";

/** Why content goes: the member said no, its time was over, somebody asked, a forum left. */
export type ErasureReason = "consent-refused" | "retention" | "requested" | "member-deleted" | "forum-left";

/**
 * Erases the content of the referral in this turn: its key is destroyed, what was typed is emptied, what has not left
 * is cancelled, and every destination that may have shown content is told to blank it. What is in a worker's hands at
 * this moment may still arrive; the word to blank it stands behind it in the same order. Counts, times and outcome stay.
 * Places that cannot be told are listed with the erasure, and given back as `adapter destination`. `by`: who brought it
 * about, where the reason does not tell.
 */
export async function eraseInTurn(
  turn: Turn,
  because: ErasureReason,
  by: Role = authorOf(turn, because),
): Promise<string[]> {
  const { tx, referral, register, now } = turn;
  if (referral.erasedAt !== null) return [];
  const planned = await deliveriesOf(tx, referral.id);
  await cancelUnsent(turn);
  for (const delivery of planned.filter(({ state }) => state === "waiting")) {
    await cancelDelivery(tx, delivery.id, now);
  }
  await report(turn, "referral.erased", by, {
    set: { erasedAt: now, content: null, externalId: null, ...onlyCodes(referral, register) },
    data: { because },
  });
  await destroyContent(tx, referral.id, because, now);
  turn.key = null;
  turn.referral = { ...turn.referral, sealed: null };
  const untold = await tellToRedact(
    turn,
    planned.filter((delivery) => delivery.attempt > 0),
  );
  await listUnredacted(tx, referral.id, untold);
  return untold.map((place) => `${place.adapter} ${place.destination}`);
}

/** Ends a referral that is still open, on behalf of its member, and erases it. */
export async function withdrawAndErase(turn: Turn, because: ErasureReason): Promise<string[]> {
  const { state } = turn.referral;
  if (isOpen(state)) {
    turn.roles.add("member");
    await step(turn, "withdraw", "withdrawn", {
      set: takenBack("nobody"),
      data: { because },
      as: authorOf(turn, because),
    });
    await freeOrigins(turn, state);
  }
  return eraseInTurn(turn, because);
}

function authorOf(turn: Turn, because: ErasureReason): Role {
  if (turn.actor.kind === "timer") return "timer";
  if (turn.actor.kind === "admin" || because === "requested") return "administrator";
  return "member";
}

/**
 * The forum is told always, because it may show what it sent; a pool only where something may have arrived. Gives the
 * places that showed content and have no way to be told: the adapter is off, or the register knows no address there.
 */
async function tellToRedact(turn: Turn, carried: readonly Place[]): Promise<Place[]> {
  const { deps, tx, register, referral, now } = turn;
  const places = new Map(
    carried
      .filter(({ destination }) => !destination.startsWith("alert:"))
      .map(({ adapter, destination }) => [`${adapter} ${destination}`, { adapter, destination }]),
  );
  const forum = `forum:${referral.forumSlug}`;
  const adapter = register.forums.get(referral.forumSlug)?.platform;
  const shows = turn.replies.some(isDelivered);
  const untold: Place[] = [];
  const reachable = destinationsFor(register, deps.adapters, { forum: referral.forumSlug, notice: "redact" });
  for (const place of reachable) places.set(`${place.adapter} ${place.destination}`, place);
  if (reachable.length === 0 && shows && adapter) {
    places.set(`${adapter} ${forum}`, { adapter, destination: forum });
  }
  for (const place of places.values()) {
    if (!isReachable(turn, place)) untold.push(place);
    else await enqueueDelivery(tx, { ...place, referralId: referral.id, notice: "redact", now });
  }
  return untold;
}

function isReachable(turn: Turn, { adapter, destination }: Place): boolean {
  const [kind = "", name = ""] = destination.split(":");
  return destinationsFor(turn.register, turn.deps.adapters, { [kind]: name, notice: "redact" }).some(
    (place) => place.adapter === adapter && place.destination === destination,
  );
}

/** A word to blank has ended: the place leaves the list of the erasure, or stands in it. Other redactions have no list. */
export async function settleRedaction(
  tx: Tx,
  row: Place & { referralId: string | null },
  isBlanked: boolean,
): Promise<void> {
  if (row.referralId === null) return;
  if (isBlanked) await forgetRedacted(tx, row.referralId, row);
  else await listUnredacted(tx, row.referralId, [row]);
}

/**
 * What a forum chose freely and rules may ask about, reduced to the values that the register itself names: a board or
 * an audience that nobody named has told nothing and may hold anything.
 */
function onlyCodes(
  referral: Pick<Referral, "routing" | "audience">,
  register: Pick<Register, "rules" | "forums">,
): Pick<Referral, "routing" | "audience"> {
  const named = (values: readonly unknown[]) => new Set(values.map((value) => String(value).toLowerCase()));
  const boards = named(register.rules.flatMap((rule) => rule.when?.board ?? []));
  const audiences = named([
    ...register.rules.flatMap((rule) => rule.when?.audience ?? []),
    ...[...register.forums.values()].flatMap((forum) => forum.audience ?? []),
  ]);
  const known = (names: Set<string>) => (value: unknown) => names.has(String(value).toLowerCase());
  const audience = referral.audience.filter(known(audiences));
  const { board } = referral.routing.inputs;
  return {
    audience,
    routing: {
      ...referral.routing,
      inputs: { ...referral.routing.inputs, board: known(boards)(board) ? board : null, audience },
    },
  };
}
