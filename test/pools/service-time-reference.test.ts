import { describe, expect, test } from "vitest";
import { holidayDivisions } from "../../src/contract/vocabulary.ts";
import {
  addServiceTime,
  isOpen,
  parseHours,
  ServiceHours,
  serviceMsBetween,
  ukHolidays,
} from "../../src/pools/index.ts";
import { nextOpening } from "./next-opening.ts";
import { createSlowServiceTime } from "./slow-service-time.ts";

const weeks: Record<string, string | string[]>[] = [
  { "mon-fri": "09:00-17:00" },
  { "mon-fri": ["08:30-12:00", "12:45-17:15"], sat: "10:00-13:00" },
  { "mon-sun": "00:00-24:00" },
  { "fri-sun": ["00:00-06:00", "22:00-24:00"] },
  { "sat-sun": ["00:15-01:30", "01:45-03:20"], wed: "11:11-11:12" },
  { mon: "10:00-16:00", "tue-wed": "08:00-20:00", fri: "12:00-14:00", sun: "01:00-02:00" },
];

function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const firstMs = Date.UTC(2020, 0, 1);
const lastMs = Date.UTC(2036, 0, 1);

/** Every third start stands within two days of a clock change, every third within four of a bank holiday or weekend. */
function startOf(random: () => number, holidays: readonly number[]): number {
  const kind = random();
  if (kind < 1 / 3) {
    const year = 2020 + Math.floor(random() * 16);
    const change = Date.UTC(year, random() < 0.5 ? 2 : 9, 31 - Math.floor(random() * 7));
    return change + Math.floor((random() - 0.5) * 4 * 86_400_000);
  }
  if (kind < 2 / 3) {
    const day = holidays[Math.floor(random() * holidays.length)] ?? 0;
    return day * 86_400_000 + Math.floor((random() - 0.8) * 5 * 86_400_000);
  }
  return firstMs + Math.floor(random() * (lastMs - firstMs));
}

function durationOf(random: () => number): { days: number; minutes: number; text: string } {
  const days = random() < 0.5 ? 0 : 1 + Math.floor(random() * 3);
  const minutes = days > 0 && random() < 0.6 ? 0 : 1 + Math.floor(random() * 700);
  return { days, minutes, text: `P${days > 0 ? `${days}D` : ""}${minutes > 0 ? `T${minutes}M` : ""}` };
}

describe("service time against a slow reference that steps minute by minute", () => {
  test.each(holidayDivisions)(
    "10,000 starts from 2020 to 2035 in %s: no difference",
    (division) => {
      const random = seeded(20_260_831 + division.length);
      const pools = weeks.map((weekly) => {
        const hours = parseHours(ServiceHours.parse({ division, weekly }));
        return { hours, slow: createSlowServiceTime(hours, ukHolidays) };
      });
      const holidays = [...ukHolidays[division]].filter((day) => day * 86_400_000 >= firstMs);
      const differences: unknown[] = [];
      for (let run = 0; run < 10_000; run++) {
        const pool = pools[run % pools.length];
        if (!pool) throw new Error("no pool");
        const { hours, slow } = pool;
        const startMs = startOf(random, holidays);
        const start = new Date(startMs);
        const { days, minutes, text } = durationOf(random);
        const due = addServiceTime(start, text, hours, ukHolidays);
        const expected = slow.add(startMs, days, minutes);
        const isSame =
          due.getTime() === expected &&
          serviceMsBetween(start, due, hours, ukHolidays) === slow.between(startMs, expected) &&
          isOpen(start, hours, ukHolidays) === slow.isOpen(startMs) &&
          nextOpening(start, hours, ukHolidays).getTime() === slow.nextOpening(startMs);
        if (!isSame)
          differences.push({ start, text, due, expected: new Date(expected), week: run % weeks.length });
      }
      expect(differences.slice(0, 5)).toEqual([]);
    },
    60_000,
  );

  test("the reference notices a calendar that forgets bank holidays, and one that ignores summer time", () => {
    const weekly = { "mon-fri": "09:00-17:00" };
    const hours = parseHours(ServiceHours.parse({ division: "scotland", weekly }));
    const slow = createSlowServiceTime(hours, ukHolidays);
    const noHolidays = { ...ukHolidays, scotland: new Set<number>() };
    const inUtc = parseHours(
      ServiceHours.parse({ division: "scotland", weekly, timezone: "Africa/Abidjan" }),
    );
    const christmasEve = Date.UTC(2026, 11, 24, 15);
    const july = Date.UTC(2026, 6, 1, 7);
    expect(addServiceTime(new Date(christmasEve), "P1D", hours, ukHolidays).getTime()).toBe(
      slow.add(christmasEve, 1, 0),
    );
    expect(addServiceTime(new Date(christmasEve), "P1D", hours, noHolidays).getTime()).not.toBe(
      slow.add(christmasEve, 1, 0),
    );
    expect(addServiceTime(new Date(july), "PT1H", hours, ukHolidays).getTime()).toBe(slow.add(july, 0, 60));
    expect(addServiceTime(new Date(july), "PT1H", inUtc, ukHolidays).getTime()).not.toBe(
      slow.add(july, 0, 60),
    );
  });
});
