import type { Delivery, Sent } from "../../src/contract/adapter.ts";
import { isAbout, type Outgoing, readThread, type Unsent, update } from "./calls.ts";
import type { Place, Spot } from "./place.ts";
import { blanked } from "./render.ts";

/** Longer than the outbox tries. */
const keptMs = 7 * 86_400_000;
const nameOf = ({ channel, ts }: Spot): string => `${channel} ${ts}`;

/** What says that a channel takes no change: nobody opens again a channel that a pool no longer has. */
const shutReasons = ["is-archived", "is-inactive", "channel-not-found", "not-in-channel"];
const isShut = ({ reason }: Unsent): boolean => shutReasons.some((shut) => reason === `slack-${shut}`);

/**
 * Blanks a card and everything we said in its thread, here and where it stood before. Slack takes 50 changes a minute: what
 * has been blanked is remembered, so that the next attempt goes on from there. A shut channel holds up no other place;
 * where the pool no longer has it, it is given up once all else is blanked, and the reason says so.
 */
export async function redact(
  out: Outgoing,
  delivery: Delivery,
  place: Place,
  signal: AbortSignal,
): Promise<Sent> {
  const key = `blanked:${delivery.id}`;
  const { memory } = out.deps;
  const kept = await memory.get(key);
  const done = new Set<unknown>(Array.isArray(kept) ? kept : []);
  const spots = [place, ...(place.former ?? [])];
  const failed = await blankAll(
    out,
    delivery,
    spots.filter((spot) => !done.has(nameOf(spot))),
    (spot) => done.add(nameOf(spot)),
    signal,
  );
  if (failed === null) return { outcome: "delivered", remember: place };
  await memory.set(key, [...done], { ttlMs: keptMs });
  return failed;
}

/** Blanks each place. Null where all is done; otherwise what the pool's own channel says before what a former one does. */
async function blankAll(
  out: Outgoing,
  delivery: Delivery,
  spots: readonly Spot[],
  onBlanked: (spot: Spot) => void,
  signal: AbortSignal,
): Promise<Unsent | null> {
  let kept: Unsent | null = null;
  let left: Unsent | null = null;
  for (const spot of spots) {
    const failed = await blankThread(out, delivery, spot, signal);
    if (failed === null) onBlanked(spot);
    else if (!isShut(failed)) return failed;
    else if (spot.channel === delivery.address.channel) kept ??= failed;
    else left ??= { outcome: "refused", reason: failed.reason };
  }
  return kept ?? left;
}

/**
 * The card first of all, because it says most. What people and other apps wrote in its thread themselves is theirs to
 * remove. Null where all is done.
 */
async function blankThread(
  out: Outgoing,
  delivery: Delivery,
  spot: Spot,
  signal: AbortSignal,
): Promise<Unsent | null> {
  const { data } = delivery.notice;
  const reference = "reference" in data ? data.reference : null;
  const card = await update(out, delivery, spot, blanked, signal);
  if (card !== "updated" && card !== "gone") return card;
  const thread = await threadOf(out, spot, signal);
  if (thread === null || reference === null) return null;
  if ("outcome" in thread) return thread;
  const ours = thread.messages.filter(isAbout(reference)).filter(({ ts }) => ts !== spot.ts);
  for (const { ts } of ours) {
    const changed = await update(out, delivery, { channel: spot.channel, ts: ts ?? "" }, blanked, signal);
    if (changed !== "updated" && changed !== "gone") return changed;
  }
  return null;
}

/** A card's thread; null where somebody has deleted the card and nothing stands under it. */
export async function threadOf(
  out: Outgoing,
  spot: Spot,
  signal: AbortSignal,
): Promise<Awaited<ReturnType<typeof readThread>> | null> {
  try {
    return await readThread(out, spot, signal);
  } catch {
    return null;
  }
}
