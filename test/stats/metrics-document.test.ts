import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { dutyFigures } from "../../src/stats/duty.ts";
import type { Part } from "../../src/stats/model.ts";
import { partsOf } from "../../src/stats/read-case.ts";
import { addPart, createTally, seeOpen, type Tally, toRow } from "../../src/stats/tally.ts";
import { caseOf, context, instantOf } from "./histories.ts";

const document = readFileSync(fileURLToPath(new URL("../../docs/metrics.md", import.meta.url)), "utf8");

/** Every example of the document under its heading: histories, the moment of asking, and what has to come out. */
const examples = [...document.matchAll(/^### (.+)$([\s\S]*?)(?=^##|$(?![\s\S]))/gm)].map(
  ([, title = "", body = ""]) => ({
    title,
    blocks: [...body.matchAll(/^```text\n([\s\S]*?)^```$/gm)].map(([, lines = ""]) =>
      lines.trim().split("\n"),
    ),
  }),
);

function add(tally: Tally, part: Part, submittedAt: Date): void {
  addPart(tally, part);
  if (part.counts.open) seeOpen(tally, submittedAt);
}

const days = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const dayOf = (name = "") => `2026-06-${15 + days.indexOf(name)}`;

/** Load and cover, where an example says who is in the pool; `on duty Mon to Tue: a` is a turn of its rota. */
function dutyIn(lines: string[], open: number, now: Date): object {
  const names = /^advisors (.+)$/.exec(lines.find((line) => line.startsWith("advisors ")) ?? "")?.[1];
  if (names === undefined) return {};
  const rota = lines.flatMap((line) => {
    const [, from, to, on = ""] = /^on duty (\w{3}) to (\w{3}): (.+)$/.exec(line) ?? [];
    return from ? [{ from: dayOf(from), to: dayOf(to), advisors: on.split(", ") }] : [];
  });
  const advisors = names.split(", ").map((id) => ({ id }));
  const duty = { rota, hours: context.hoursOf("uc"), advisors, open };
  return dutyFigures(duty, { from: instantOf("00:00"), to: now });
}

/** The row that an example's histories give; `(pool uc)` behind the question asks for one pool alone. */
function figuresOf(lines: string[]): { row: object; expected: [path: string, value: unknown][] } {
  const question = lines.find((line) => line.startsWith("asked at ")) ?? "";
  const [, time = "", pool] = /^asked at ((?:\w{3} )?\d\d:\d\d)(?: for (\S+))?$/.exec(question) ?? [];
  const now = instantOf(time);
  const tally = createTally();
  for (const line of lines.filter((one) => /^(\w{3} )?\d\d:\d\d /.test(one))) {
    const one = caseOf(line);
    for (const part of partsOf(one, context, now))
      if (pool === undefined || part.pool === pool) add(tally, part, one.submittedAt);
  }
  const expected = lines.flatMap((line): [string, unknown][] => {
    const [, path = "", value = ""] = /^→ (\S+) = (.+)$/.exec(line) ?? [];
    return path === "" ? [] : [[path, JSON.parse(value)]];
  });
  const row = toRow(tally, now, false);
  return { row: { ...row, ...dutyIn(lines, row.open, now) }, expected };
}

describe("docs/metrics.md", () => {
  test("has an example for every metric it defines", () => {
    expect(examples.length).toBeGreaterThanOrEqual(15);
    expect(examples.filter(({ blocks }) => blocks.length === 0).map(({ title }) => title)).toEqual([]);
  });

  test.each(examples.flatMap(({ title, blocks }) => blocks.map((lines) => ({ title, lines }))))(
    "computes the example of $title",
    ({ lines }) => {
      const { row, expected } = figuresOf(lines);
      expect(expected.length).toBeGreaterThan(0);
      for (const [path, value] of expected) {
        const found = path
          .split(".")
          .reduce<unknown>((at, key) => (at as Record<string, unknown>)?.[key], row);
        expect([path, found ?? null]).toEqual([path, value]);
      }
    },
  );
});
