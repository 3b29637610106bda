import { describe, expect, test } from "vitest";
import { type Role, roles, type State, states } from "../../src/contract/vocabulary.ts";
import { checkTransitions, findTransition, ownership } from "../../src/referrals/states.ts";
import { isOpen, records, transitions } from "../../src/referrals/transitions.ts";

/** The pairs of states that the domain's table lists, written out by hand from it and by nothing else. */
const listed: Record<State | "–", string> = {
  "–": "offered triage diverted awaiting_consent",
  awaiting_consent: "offered triage diverted withdrawn",
  diverted: "triage closed withdrawn diverted",
  triage: "offered diverted merged closed withdrawn",
  offered: "claimed offered triage diverted closed withdrawn merged",
  claimed: "triage offered claimed waiting_member waiting_clearance replied closed diverted withdrawn merged",
  waiting_member: "offered claimed closed diverted withdrawn merged triage",
  waiting_clearance: "offered claimed waiting_clearance closed diverted withdrawn merged triage",
  replied: "offered claimed resolved closed diverted withdrawn merged triage",
  resolved: "claimed offered triage",
  closed: "resolved claimed offered triage",
  withdrawn: "",
  merged: "triage offered claimed waiting_member waiting_clearance replied",
};
const pairs = (["–", ...states] as const).flatMap((from) => states.map((to) => [from, to] as const));

describe("the table of transitions", () => {
  test("is sound, and its check finds what is not", () => {
    expect(checkTransitions()).toEqual([]);
    const byTimer = { name: "x", from: ["offered"], to: ["claimed"], by: ["timer"] } as const;
    expect(checkTransitions([...transitions, byTimer])).toContain("x: a timer never claims");
    expect(checkTransitions([...transitions, transitions[0] ?? byTimer]).join()).toMatch(/listed twice/);
    expect(checkTransitions([]).length).toBeGreaterThan(10);
  });

  test.each(pairs)("%s → %s is allowed exactly where the domain lists it", (from, to) => {
    const allowed = transitions.some(
      (row) => row.to.includes(to) && (from === "–" ? row.from.length === 0 : row.from.includes(from)),
    );
    expect(allowed).toBe(listed[from].split(" ").includes(to));
  });

  test("every name × state × state × role is as a row says, else refused with a reason", () => {
    const names = [...new Set(transitions.map((row) => row.name))];
    let allowed = 0;
    for (const name of names) {
      for (const [dash, to] of pairs) {
        const from = dash === "–" ? null : dash;
        for (const role of roles) {
          const verdict = findTransition(name, from, to, new Set<Role>([role]));
          const rows = transitions.filter(
            (row) =>
              row.name === name &&
              row.to.includes(to) &&
              (from === null ? row.from.length === 0 : row.from.includes(from)),
          );
          const expected =
            rows.length === 0 ? "state" : rows.some((row) => row.by.includes(role)) ? "ok" : "role";
          expect(verdict.ok ? "ok" : verdict.because).toBe(expected);
          if (verdict.ok) allowed += 1;
        }
      }
    }
    expect(allowed).toBeGreaterThan(100);
  });

  test("a timer closes only what waits for the member or for a word on the reply", () => {
    const closing = transitions.filter((row) => row.to.includes("closed") && row.by.includes("timer"));
    expect(closing.flatMap((row) => row.from)).toEqual(["replied", "waiting_member"]);
  });

  test("every open state says who acts next and which clock runs", () => {
    for (const state of states) {
      expect(ownership[state].owner).not.toBe("");
      expect(ownership[state].clock === null).toBe(state === "withdrawn" || state === "merged");
      expect(isOpen(state)).toBe(!["resolved", "closed", "withdrawn", "merged"].includes(state));
    }
  });

  test("what changes no state is recorded only by those the domain names", () => {
    expect(records.find((row) => row.name === "acknowledge")).toMatchObject({
      in: ["diverted"],
      by: ["safeguarding"],
    });
    expect(records.find((row) => row.name === "note")?.in).toEqual(states);
    expect(records.find((row) => row.name === "reply")?.by).toEqual(["owner", "lead"]);
  });
});
