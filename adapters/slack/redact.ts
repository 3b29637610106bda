import type { Delivery, Sent } from "../../src/contract/adapter.ts";
import { isAbout, type Outgoing, readThread, update } from "./calls.ts";
import type { Place, Spot } from "./place.ts";
import { blanked } from "./render.ts";

/** Longer than the outbox tries. */
const keptMs = 7 * 86_400_000;
const nameOf = ({ channel, ts }: Spot): string => `${channel} ${ts}`;

/**
 * Blanks a card and everything we said in its thread, here and where it stood before. Slack takes 50 changes a minute: what
 * has been blanked is remembered, so that the next attempt goes on from there.
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
  const todo = [place, ...(place.former ?? [])].filter((spot) => !done.has(nameOf(spot)));
  for (const spot of todo) {
    const failed = await blankThread(out, delivery, spot, signal);
    if (failed !== null) {
      await memory.set(key, [...done], { ttlMs: keptMs });
      return failed;
    }
    done.add(nameOf(spot));
  }
  return { outcome: "delivered", remember: place };
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
): Promise<Sent | null> {
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
