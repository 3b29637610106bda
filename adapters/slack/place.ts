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

const formerWith = ({ former = [] }: Place, { channel, ts }: Spot): Spot[] =>
  [...former, { channel, ts }].slice(-mostFormer);

/** A place with a message outside the card's thread, which is found again only by its own spot. */
export const alsoAt = (place: Place, spot: Spot): Place => ({ ...place, former: formerWith(place, spot) });

/** The new place of a card. Where it stood before is kept: our words may stand in its thread, though the card is deleted. */
export const movedFrom = (place: Place | null, to: Spot): Place =>
  place === null ? to : { ...to, former: formerWith(place, place) };
