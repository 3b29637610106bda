import fc from "fast-check";
import { expect, test } from "vitest";
import { type Role, type State, states } from "../../src/contract/vocabulary.ts";
import { findTransition, ownership } from "../../src/referrals/states.ts";
import { isOpen, transitions } from "../../src/referrals/transitions.ts";

/** A slow model of one referral's life: what must hold after any steps that the table allows. */
interface Life {
  state: State;
  owner: string | null;
  outcome: boolean;
  diverted: boolean;
}

const birth: Life = { state: "offered", owner: null, outcome: false, diverted: false };
const owned: readonly State[] = ["claimed", "waiting_member", "waiting_clearance", "replied"];

function takeStep(life: Life, name: string, to: State, role: Role): Life | null {
  const verdict = findTransition(name, life.state, to, new Set([role]));
  if (!verdict.ok) return null;
  const finished = to === "resolved" || to === "closed";
  return {
    state: to,
    owner: owned.includes(to) ? (life.owner ?? "somebody") : null,
    outcome: finished,
    diverted: life.diverted || to === "diverted",
  };
}

test("5,000 random lives: one owner at most, every finish has an outcome, no timer says that it helped", () => {
  const steps = transitions.flatMap((row) =>
    row.to.flatMap((to) => row.by.map((role) => ({ name: row.name, to, role }))),
  );
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...steps), { maxLength: 40 }), (walk) => {
      let life = birth;
      for (const { name, to, role } of walk) {
        const before = life;
        const next = takeStep(life, name, to, role);
        if (next === null) continue;
        life = next;
        expect(states).toContain(life.state);
        if (life.owner !== null) expect(owned).toContain(life.state);
        if (life.state === "resolved") expect(role).not.toBe("timer");
        if (before.state === "diverted" && life.state === "offered")
          throw new Error("a diverted referral skipped triage");
        if (before.state === "withdrawn") throw new Error("a withdrawn referral moved");
        if (life.state === "offered") expect(ownership.offered.owner).toBe("pool");
        if (!isOpen(life.state) && life.state !== "withdrawn" && life.state !== "merged")
          expect(life.outcome).toBe(true);
      }
    }),
    { numRuns: 5_000 },
  );
});

test("from every open state there is a way to an end", () => {
  const ends = new Set<State>(["resolved", "closed", "withdrawn", "merged"]);
  for (const state of states.filter(isOpen)) {
    const seen = new Set<State>([state]);
    const queue: State[] = [state];
    for (let at = queue.shift(); at !== undefined; at = queue.shift()) {
      for (const row of transitions.filter(({ from }) => at !== undefined && from.includes(at))) {
        for (const to of row.to) if (!seen.has(to)) queue.push(to) && seen.add(to);
      }
    }
    expect(
      [...ends].every((end) => seen.has(end)),
      state,
    ).toBe(true);
  }
});
