import { describe, expect, test } from "vitest";
import { forumNotices, type State, states } from "../../src/contract/vocabulary.ts";
import { walkNotice, walkSteps } from "../../src/joining/walk.ts";
import { transitions } from "../../src/referrals/transitions.ts";

/** Whether the life cycle leads from one state to another, telling a forum this, or staying where it is. */
function isAllowed(from: State | null, to: State, notice: string | null): boolean {
  if (from === to) return true;
  return transitions.some(
    (row) =>
      (from === null ? row.from.length === 0 : row.from.includes(from)) &&
      row.to.includes(to) &&
      (row.tells === undefined || row.tells === notice),
  );
}

/** The steps that the life cycle does not allow, by their place. */
const forbidden = (walk: readonly { state: State; notice: string | null }[]): number[] =>
  walk.flatMap(({ state, notice }, place) =>
    isAllowed(walk[place - 1]?.state ?? null, state, notice) ? [] : [place],
  );

describe("a test referral", () => {
  test("goes through every state that there is", () => {
    expect(new Set(walkSteps.map(({ state }) => state))).toEqual(new Set(states));
  });

  test("tells everything that a forum can be told of a referral", () => {
    const told = new Set(walkSteps.flatMap(({ notice }) => notice ?? []));
    expect(told).toEqual(new Set(forumNotices.filter((notice) => notice !== "ping")));
  });

  test("goes by steps that the life cycle allows, and a walk that jumps is caught", () => {
    expect(forbidden(walkSteps)).toEqual([]);
    expect(forbidden(walkSteps.filter(({ state }) => state !== "merged"))).toEqual([]);
    expect(forbidden(walkSteps.filter(({ notice }) => notice !== "referral.offered"))).not.toEqual([]);
    expect(forbidden(walkSteps.filter(({ state }) => state !== "replied"))).not.toEqual([]);
  });

  test("numbers what it tells from 1 without gaps, and says of each that it is a test", () => {
    const walk = "0f0f0f0f-0000-4000-8000-000000000000";
    const where = { forum: "A forum", language: "en", baseUrl: "https://fingerpost.example" };
    const told = walkSteps.flatMap((_, step) => walkNotice({ walk, step }, where) ?? []);
    expect(told.map(({ data }) => data.sequence)).toEqual(told.map((_, place) => place + 1));
    for (const { data } of told) expect(data).toMatchObject({ test: true, reference: "FP-TEST-0F0F" });
    expect(walkNotice({ walk, step: walkSteps.length }, where)).toBeNull();
  });
});
