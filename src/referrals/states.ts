import { type Role, type State, states } from "../contract/vocabulary.ts";
import { type Transition, transitions } from "./transitions.ts";

/** The clock that runs in a state, and who owns the next action. */
export const ownership: Readonly<Record<State, { owner: string; clock: string | null }>> = {
  awaiting_consent: { owner: "member", clock: "consent" },
  diverted: { owner: "safeguarding", clock: "acknowledge" },
  triage: { owner: "triage", clock: "triage" },
  offered: { owner: "pool", clock: "claim" },
  claimed: { owner: "advisor", clock: "first-reply" },
  waiting_member: { owner: "member", clock: "member-lapse" },
  waiting_clearance: { owner: "clearer", clock: "first-reply" },
  replied: { owner: "moderator", clock: "confirmation" },
  resolved: { owner: "nobody", clock: "reopen" },
  closed: { owner: "nobody", clock: "reopen" },
  withdrawn: { owner: "nobody", clock: null },
  merged: { owner: "other-referral", clock: null },
};

/** What the table says of a step: the row that allows it, or why none does. */
export type Verdict = { ok: true; row: Transition } | { ok: false; because: "state" | "role" };

/**
 * Looks a step up in the table by its name, where the referral stands (null: not born), where it would go and the
 * roles its actor holds. A state that the name never leaves is `state`; a listed step by somebody else is `role`.
 */
export function findTransition(
  name: string,
  from: State | null,
  to: State,
  held: ReadonlySet<Role>,
): Verdict {
  const rows = transitions.filter(
    (row) =>
      row.name === name &&
      row.to.includes(to) &&
      (from === null ? row.from.length === 0 : row.from.includes(from)),
  );
  if (rows.length === 0) return { ok: false, because: "state" };
  const row = rows.find((candidate) => candidate.by.some((role) => held.has(role)));
  return row ? { ok: true, row } : { ok: false, because: "role" };
}

/** Checks the table itself; run when the process starts. Returns its mistakes, none when it is sound. */
export function checkTransitions(table: readonly Transition[] = transitions): string[] {
  const mistakes: string[] = [];
  const seen = new Set<string>();
  for (const row of table) {
    if (row.by.length === 0) mistakes.push(`${row.name}: nobody may take it`);
    for (const from of row.from.length === 0 ? [null] : row.from) {
      for (const to of row.to) {
        for (const role of row.by) {
          const key = `${row.name} ${from} ${to} ${role}`;
          if (seen.has(key)) mistakes.push(`${key}: listed twice`);
          seen.add(key);
        }
        if (to === "claimed" && row.by.includes("timer")) mistakes.push(`${row.name}: a timer never claims`);
        if (to === "resolved" && row.by.includes("timer"))
          mistakes.push(`${row.name}: a timer never says it helped`);
      }
    }
  }
  for (const state of states) {
    if (!table.some((row) => row.to.includes(state))) mistakes.push(`${state}: no way in`);
    const final = state === "withdrawn";
    if (!final && !table.some((row) => row.from.includes(state))) mistakes.push(`${state}: no way out`);
  }
  return mistakes;
}
