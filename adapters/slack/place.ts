/** Where a message stands. */
export interface Spot {
  channel: string;
  ts: string;
}

/**
 * Where a referral's card stands. `opened`: its private thread has been begun. `former`: cards that stood
 * elsewhere before, and messages outside the card's thread, all of which are blanked with it.
 */
export interface Place extends Spot {
  opened?: boolean;
  former?: Spot[];
}

/**
 * Every message outside the card's thread counts, and every place that the card had. What is remembered is at most 4 kB:
 * at about 50 bytes each, 60 of them take 3 kB.
 */
const mostFormer = 60;

const isSpot = (value: unknown): value is Spot =>
  typeof value === "object" &&
  value !== null &&
  "channel" in value &&
  typeof value.channel === "string" &&
  "ts" in value &&
  typeof value.ts === "string";

/** What an earlier delivery remembered, where it is what this version writes. */
export function readPlace(remembered: unknown): Place | null {
  if (!isSpot(remembered)) return null;
  const { channel, ts, opened, former } = remembered as Spot & Record<string, unknown>;
  const before = Array.isArray(former) ? former.filter(isSpot) : [];
  return { channel, ts, opened: opened === true, ...(before.length > 0 ? { former: before } : {}) };
}

/** A place with a message outside the card's thread, which is found again only by its own spot. */
export const alsoAt = (place: Place, { channel, ts }: Spot): Place => ({
  ...place,
  former: [...(place.former ?? []), { channel, ts }].slice(-mostFormer),
});

/** The new place of a card, which keeps where it stood before in other channels. */
export function movedFrom(place: Place | null, to: Spot): Place {
  if (place === null) return to;
  const { channel, ts, former = [] } = place;
  const before = channel === to.channel ? former : [...former, { channel, ts }];
  return before.length > 0 ? { ...to, former: before.slice(-mostFormer) } : to;
}
