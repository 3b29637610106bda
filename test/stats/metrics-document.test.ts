import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { AdvisorEntry } from "../../src/register/document.ts";
import type { Register } from "../../src/register/model.ts";
import type { Groups, Question } from "../../src/stats/gather.ts";
import type { StatsRow } from "../../src/stats/model.ts";
import { queryStats } from "../../src/stats/query-stats.ts";
import { partsOf } from "../../src/stats/read-case.ts";
import { addPart, createTally, seeOpen } from "../../src/stats/tally.ts";
import { depsOver } from "../access/support.ts";
import { createTestDatabase, type TestDatabase } from "../support/database.ts";
import { caseOf, context, instantOf, poolsRegister } from "./histories.ts";

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());

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

const days = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const dayOf = (name = "") => `2026-06-${15 + days.indexOf(name)}`;

/** The register, with who is in the pool where an example says so; `on duty Mon to Tue: a` is a turn of its rota. */
function registerOf(lines: string[]): Register {
  const register = poolsRegister();
  const names = /^advisors (.+)$/.exec(lines.find((line) => line.startsWith("advisors ")) ?? "")?.[1];
  const rota = lines.flatMap((line) => {
    const [, from, to, on = ""] = /^on duty (\w{3}) to (\w{3}): (.+)$/.exec(line) ?? [];
    return from ? [{ from: dayOf(from), to: dayOf(to), advisors: on.split(", ") }] : [];
  });
  const pools = new Map(
    [...register.pools].map(([slug, pool]) => [slug, slug === "uc" ? { ...pool, rota } : pool]),
  );
  const advisors = (names?.split(", ") ?? []).map((id) =>
    AdvisorEntry.parse({ id, name: id, pools: ["uc"] }),
  );
  return { ...register, pools, advisors: new Map(advisors.map((one) => [one.id, one])) };
}

/** An example's histories, in the groups that the question asks for. */
function groupsOf(lines: string[], { by, now }: Pick<Question, "by" | "now">): Groups {
  const groups: Groups["groups"] = new Map();
  for (const line of lines.filter((one) => /^(\w{3} )?\d\d:\d\d /.test(one))) {
    const one = caseOf(line);
    for (const part of partsOf(one, context, now)) {
      const values = by.map(() => part.pool);
      const group = groups.get(JSON.stringify(values)) ?? { values, tally: createTally() };
      groups.set(JSON.stringify(values), group);
      addPart(group.tally, part);
      if (part.counts.open) seeOpen(group.tally, one.submittedAt);
    }
  }
  return { groups, counts: {} };
}

/** The row that an example's histories give; `for uc` behind the question, or who is in the pool, asks for one pool alone. */
async function figuresOf(
  lines: string[],
): Promise<{ row: StatsRow | undefined; expected: [path: string, value: unknown][] }> {
  const question = lines.find((line) => line.startsWith("asked at ")) ?? "";
  const [, time = "", named] = /^asked at ((?:\w{3} )?\d\d:\d\d)(?: for (\S+))?$/.exec(question) ?? [];
  const pool = named ?? (lines.some((line) => line.startsWith("advisors ")) ? "uc" : undefined);
  const expected = lines.flatMap((line): [string, unknown][] => {
    const [, path = "", value = ""] = /^→ (\S+) = (.+)$/.exec(line) ?? [];
    return path === "" ? [] : [[path, JSON.parse(value)]];
  });
  const deps = depsOver(db, { register: registerOf(lines), now: () => instantOf(time) });
  const query = { from: instantOf("00:00").toISOString(), by: pool === undefined ? [] : ["pool"] };
  const { rows } = await queryStats(deps, query, { kind: "manager" }, async (_deps, asked) =>
    groupsOf(lines, asked),
  );
  return { row: rows.find((row) => pool === undefined || row.pool === pool), expected };
}

describe("docs/metrics.md", () => {
  test("has an example for every metric it defines", () => {
    expect(examples.length).toBeGreaterThanOrEqual(15);
    expect(examples.filter(({ blocks }) => blocks.length === 0).map(({ title }) => title)).toEqual([]);
  });

  test.each(examples.flatMap(({ title, blocks }) => blocks.map((lines) => ({ title, lines }))))(
    "computes the example of $title",
    async ({ lines }) => {
      const { row, expected } = await figuresOf(lines);
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
