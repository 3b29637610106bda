import { destinationKey } from "./model.ts";
import type { Allowance } from "./store/claims.ts";

export interface Place {
  adapter: string;
  destination: string;
}

interface Health extends Place {
  inFlight: number;
  failures: number;
  restUntilMs: number;
}

export interface DestinationLimits {
  /** Sends at the same time, in all and to one destination. */
  total: number;
  perDestination: number;
}

/** Failures in a row after which a destination counts as down: then one send at a time asks whether it is back. */
const failuresUntilDown = 3;
const firstRestMs = 1_000;
const longestRestMs = 30_000;
/** What an answer such as 429 may ask for the whole destination; the delivery itself waits as long as it was told. */
const longestAskedRestMs = 60_000;

/**
 * How many sends each destination of this instance may have under way, so that one that is dead or slow holds up no
 * other: a destination that is down gets a single send at a time and rests between them, and all that are down together
 * get at most half of the whole. Kept in memory; another instance learns the same by itself.
 */
export function createDestinations(limits: DestinationLimits) {
  const known = new Map<string, Health>();

  const healthOf = (place: Place): Health => {
    const key = destinationKey(place.adapter, place.destination);
    const found = known.get(key) ?? { ...place, inFlight: 0, failures: 0, restUntilMs: 0 };
    known.set(key, found);
    return found;
  };
  const isDown = (health: Health): boolean => health.failures >= failuresUntilDown;

  const slotsOf = (health: Health, nowMs: number, isDownFull: boolean): number => {
    if (health.restUntilMs > nowMs) return 0;
    if (!isDown(health)) return Math.max(0, limits.perDestination - health.inFlight);
    return isDownFull || health.inFlight > 0 ? 0 : 1;
  };

  return {
    begin(place: Place): void {
      healthOf({ adapter: place.adapter, destination: place.destination }).inFlight += 1;
    },

    /**
     * `how` is about the destination: what was refused or cancelled did not fail there, and what was too early says only
     * how long there is no turn for more.
     */
    end(place: Place, how: "failed" | "early" | "well", now: Date, askedRestMs = 0): void {
      const health = healthOf(place);
      health.inFlight -= 1;
      if (how === "failed") health.failures += 1;
      if (how === "well") health.failures = 0;
      if (how === "well") health.restUntilMs = 0;
      else if (how === "early")
        health.restUntilMs = now.getTime() + Math.min(askedRestMs, longestAskedRestMs);
      else {
        const times = health.failures - failuresUntilDown;
        const rest = times < 0 ? 0 : Math.min(longestRestMs, firstRestMs * 2 ** Math.min(times, 10));
        health.restUntilMs = now.getTime() + Math.max(rest, Math.min(askedRestMs, longestAskedRestMs));
      }
      const isResting = health.restUntilMs > now.getTime();
      if (health.inFlight === 0 && health.failures === 0 && !isResting) {
        known.delete(destinationKey(place.adapter, place.destination));
      }
    },

    allowances(now: Date): Allowance[] {
      const all = [...known.values()];
      const downInFlight = all.filter(isDown).reduce((sum, health) => sum + health.inFlight, 0);
      const isDownFull = downInFlight >= limits.total / 2;
      return all.map((health) => ({
        adapter: health.adapter,
        destination: health.destination,
        slots: slotsOf(health, now.getTime(), isDownFull),
      }));
    },
  };
}
