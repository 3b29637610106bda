import { forgetEndedSessions } from "./access/index.ts";
import { sealEvents } from "./audit/index.ts";
import { turnClinics } from "./clinics/index.ts";
import type { Deps } from "./deps.ts";
import { forgetProposers } from "./forums/index.ts";
import type { Chore } from "./housekeeping.ts";
import { followRotation } from "./privacy/index.ts";
import { fireTimers, followRegister, purgeDue, sendDigests } from "./referrals/index.ts";
import { foldDeltas, publishFigures } from "./stats/index.ts";

const secondMs = 1_000;
const minuteMs = 60 * secondMs;

/** What comes round on every instance. Each may run at any time and on several at once. */
export function choresOf(deps: Deps): Chore[] {
  const digested = new Map<string, string>();
  return [
    { name: "timers", everyMs: secondMs, work: () => fireTimers(deps) },
    { name: "audit", everyMs: secondMs, work: () => sealEvents(deps) },
    { name: "statistics", everyMs: secondMs, work: () => foldDeltas(deps) },
    { name: "keys", everyMs: 5 * secondMs, work: () => followRotation(deps) },
    { name: "register", everyMs: minuteMs, work: () => followRegister(deps) },
    { name: "public figures", everyMs: 60 * minuteMs, work: () => publishFigures(deps) },
    { name: "proposals", everyMs: 60 * minuteMs, work: () => forgetProposers(deps) },
    { name: "digests", everyMs: minuteMs, work: () => sendDigests(deps, digested) },
    { name: "clinics", everyMs: minuteMs, work: () => turnClinics(deps) },
    { name: "purge", everyMs: 10 * minuteMs, work: () => purgeDue(deps) },
    { name: "sessions", everyMs: 60 * minuteMs, work: () => forgetEndedSessions(deps) },
  ];
}

/** All that could be due, at once, for whoever moves the clock by hand. */
export async function turnOnce(deps: Deps): Promise<void> {
  await followRegister(deps);
  await fireTimers(deps);
  await turnClinics(deps);
  await purgeDue(deps);
  await sealEvents(deps);
}
