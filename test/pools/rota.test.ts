import { describe, expect, test } from "vitest";
import { advisorsOnDuty, RotaTurn } from "../../src/pools/index.ts";

const advisors = [{ id: "amal.h" }, { id: "ben.o" }, { id: "cara.p" }];
const hours = { timezone: "Europe/London" };
const rota = [
  { from: "2026-07-01", to: "2026-07-07", advisors: ["ben.o", "gone.x"] },
  { from: "2026-07-07", to: "2026-07-07", advisors: ["amal.h"] },
];
const onDuty = (at: string) => advisorsOnDuty({ rota, hours }, advisors, new Date(at)).map(({ id }) => id);

describe("a rota", () => {
  test("that a pool does not have puts all on duty", () => {
    expect(advisorsOnDuty({}, advisors, new Date(0))).toEqual(advisors);
    expect(advisorsOnDuty({ rota: [] }, advisors, new Date(0))).toEqual(advisors);
  });

  test("counts both dates in, by the calendar of the pool's zone", () => {
    expect(onDuty("2026-06-30T22:59:59.999Z")).toEqual([]);
    expect(onDuty("2026-06-30T23:00Z")).toEqual(["ben.o"]);
    expect(onDuty("2026-07-07T22:59:59.999Z")).toEqual(["amal.h", "ben.o"]);
    expect(onDuty("2026-07-07T23:00Z")).toEqual([]);
  });

  test("names only advisors who are active in the pool", () => {
    expect(onDuty("2026-07-03T12:00Z")).not.toContain("gone.x");
  });

  test("refuses a turn that ends before it begins, names nobody, or has a date that does not exist", () => {
    const turn = { from: "2026-07-01", to: "2026-07-07", advisors: ["ben.o"] };
    expect(RotaTurn.safeParse(turn).success).toBe(true);
    expect(RotaTurn.safeParse({ ...turn, to: "2026-06-30" }).error?.issues[0]?.path).toEqual(["to"]);
    expect(RotaTurn.safeParse({ ...turn, advisors: [] }).success).toBe(false);
    expect(RotaTurn.safeParse({ ...turn, from: "2026-02-30" }).success).toBe(false);
  });
});
