import { describe, expect, test } from "vitest";
import {
  ElapsedDuration,
  elapsedMs,
  parseHours,
  ServiceDuration,
  ServiceHours,
} from "../../src/pools/index.ts";

function hours(weekly: unknown, rest: object = {}) {
  return ServiceHours.safeParse({ division: "scotland", weekly, ...rest });
}

function firstIssue(result: ReturnType<typeof hours>) {
  const issue = result.error?.issues[0];
  return { path: issue?.path, hint: issue && "params" in issue ? issue.params?.hint : undefined };
}

describe("service hours", () => {
  test("take days, ranges and lists, add up keys that name the same day, and join spans that touch", () => {
    const parsed = ServiceHours.parse({
      division: "scotland",
      weekly: { "mon-fri": ["13:00-17:00", "09:00-12:00"], wed: "12:00-13:00", sun: "22:00-24:00" },
    });
    expect(parsed.timezone).toBe("Europe/London");
    const { week } = parseHours(parsed);
    expect(week[0]).toEqual([
      [540, 720],
      [780, 1020],
    ]);
    expect(week[2]).toEqual([[540, 1020]]);
    expect(week[5]).toEqual([]);
    expect(week[6]).toEqual([[1320, 1440]]);
  });

  test("that are equal compile to one object, so that cached days are shared", () => {
    const make = () =>
      parseHours(ServiceHours.parse({ division: "scotland", weekly: { mon: "09:00-10:00" } }));
    expect(make()).toBe(make());
  });

  test.each([
    ["an unknown day", { monday: "09:00-17:00" }, ["weekly", "monday"]],
    ["a range over the end of the week", { "sat-tue": "09:00-17:00" }, ["weekly", "sat-tue"]],
    ["a range of three", { "mon-tue-wed": "09:00-17:00" }, ["weekly", "mon-tue-wed"]],
    ["an end before its start", { mon: "17:00-09:00" }, ["weekly", "mon"]],
    ["a span of nothing", { mon: ["09:00-09:00"] }, ["weekly", "mon", 0]],
    ["an hour that does not exist", { mon: ["09:00-12:00", "13:00-25:00"] }, ["weekly", "mon", 1]],
    ["24:00 as a start", { mon: "24:00-24:00" }, ["weekly", "mon"]],
    ["an overlap in one key", { mon: ["09:00-12:00", "11:59-13:00"] }, ["weekly", "mon", 1]],
    ["an overlap between keys", { "mon-fri": "09:00-17:00", wed: "16:00-18:00" }, ["weekly", "wed"]],
    ["an empty week", {}, ["weekly"]],
  ])("refuse %s, with its path and a hint", (_, weekly, path) => {
    const found = firstIssue(hours(weekly));
    expect(found.path).toEqual(path);
    expect(found.hint).toEqual(expect.stringMatching(/\w{3}/));
  });

  test("refuse an empty list, an unknown zone, an offset as zone, an unknown division and unknown keys", () => {
    expect(hours({ mon: [] }).success).toBe(false);
    expect(firstIssue(hours({ mon: "09:00-17:00" }, { timezone: "Mars/Olympus" })).path).toEqual([
      "timezone",
    ]);
    expect(hours({ mon: "09:00-17:00" }, { timezone: "+01:00" }).success).toBe(false);
    expect(hours({ mon: "09:00-17:00" }, { division: "wales" }).success).toBe(false);
    expect(hours({ mon: "09:00-17:00" }, { open: true }).success).toBe(false);
  });
});

describe("durations", () => {
  test.each(["PT2H", "PT30M", "PT1H30M", "P1D", "P5D", "P1DT2H", "P366D"])("a target may be %s", (text) => {
    expect(ServiceDuration.safeParse(text).success).toBe(true);
  });

  test.each([
    "P1W",
    "P1M",
    "P1Y",
    "PT10S",
    "PT1H5S",
    "P1.5D",
    "PT",
    "P",
    "P0D",
    "PT0M",
    "P367D",
    "2h",
    "-P1D",
    "P1DT",
    "",
    "p1d",
  ])("a target may not be %j, and the refusal says what to write", (text) => {
    const issue = ServiceDuration.safeParse(text).error?.issues[0];
    expect(issue && "params" in issue && issue.params?.hint).toContain("PT2H");
    expect(ElapsedDuration.safeParse(text === "P367D" ? "P1W" : text).success).toBe(false);
  });

  test("a refusal names the unit that is not counted", () => {
    expect(ServiceDuration.safeParse("P2W").error?.issues[0]?.message).toContain("Weeks");
    expect(ServiceDuration.safeParse("P2M").error?.issues[0]?.message).toContain("Months");
    expect(ServiceDuration.safeParse("PT20S").error?.issues[0]?.message).toContain("Seconds");
  });

  test("a window counts a day as 24 hours", () => {
    expect(elapsedMs(ElapsedDuration.parse("P7D"))).toBe(604_800_000);
    expect(elapsedMs(ElapsedDuration.parse("P1DT8H15M"))).toBe(86_400_000 + 8 * 3_600_000 + 900_000);
    expect(() => elapsedMs("P1W")).toThrow(RangeError);
  });
});
