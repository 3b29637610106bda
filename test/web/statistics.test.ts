import { parse } from "csv-parse/sync";
import { afterAll, beforeAll, expect, test } from "vitest";
import { listingLink } from "../../src/forums/index.ts";
import { publishFigures } from "../../src/stats/index.ts";
import { dayMs, type World } from "../support/world.ts";
import { directoryWorld } from "./directory-support.ts";
import { textOf, visit } from "./support.ts";

let world: World;
beforeAll(async () => {
  world = await directoryWorld();
});
afterAll(() => world.close());

/** Referrals of one day as rows, without the story that leads to them. */
async function refer(
  forum: string,
  poolSlug: string | null,
  count: number,
  at: Date,
  answered = 0,
): Promise<void> {
  const base = await world.db.prisma.referral.count();
  await world.db.prisma.referral.createMany({
    data: Array.from({ length: count }, (_, i) => ({
      reference: `FP-${base}-${i}`,
      forumSlug: forum,
      poolSlug,
      state: i < answered ? "resolved" : "offered",
      consentBasis: "member-agreed",
      language: "en",
      urgency: "normal",
      routing: {},
      triedPools: [],
      audience: [],
      masked: [],
      submittedAt: at,
      consentedAt: at,
      firstOfferedAt: at,
      firstClaimedAt: i < answered ? at : null,
      firstRepliedAt: i < answered ? at : null,
      resolvedAt: i < answered ? at : null,
      finishedAt: i < answered ? at : null,
      stateSince: at,
    })),
  });
}

/** What an advisor wrote on a forum by themselves. */
async function replyDirectly(forumSlug: string, poolSlug: string, at: Date): Promise<void> {
  const verifyCode = `${forumSlug}-${at.getTime()}`;
  const data = { forumSlug, poolSlug, authorId: "amal.h", state: "delivered", language: "en", verifyCode };
  await world.db.prisma.reply.create({ data: { ...data, sha256: Buffer.alloc(32), createdAt: at } });
}

interface Row {
  quarter: string;
  by: string;
  name: string;
  received: string;
}
const published = async (): Promise<Row[]> =>
  parse((await visit(world, "/data/statistics.csv")).html, { columns: true });

test("before the first quarter is over the page says when figures come, in both languages", async () => {
  const page = textOf((await visit(world, "/statistics")).html);
  expect(page).toContain("Nothing has been published yet");
  expect(page).toContain("published on 15 July 2026");
  expect(textOf((await visit(world, "/cy/statistics")).html)).toContain("15 Gorffennaf 2026");
  expect(await publishFigures(world.instance.deps)).toEqual([]);
});

test("a quarter is published two weeks after its end, once, and stays as it was", async () => {
  const may = new Date("2026-05-12T10:00:00Z");
  await refer("parents", "uc", 120, may, 60);
  await refer("example-parents", "jabs", 40, may, 12);
  await refer("example-quiet-streets", "jabs", 4, may);
  await refer("example-student-corner", null, 25, new Date("2026-06-02T10:00:00Z"));
  expect(await publishFigures(world.instance.deps)).toEqual([]);
  world.clock.set(new Date("2026-07-15T08:00:00Z"));
  expect(await publishFigures(world.instance.deps)).toEqual(["2026-Q2"]);
  const rows = await published();
  const cell = (by: string, name: string) => rows.find((row) => row.by === by && row.name === name)?.received;
  expect(cell("total", "")).toBe("189");
  expect(cell("department", "dwp")).toBe("120");
  expect(cell("department", "none")).toBe("25");
  expect(cell("forum", "example-quiet-streets")).toBeUndefined();
  // One forum has 4, so another's number goes with it.
  const shown = rows.filter(({ by }) => by === "forum").map(({ received }) => received);
  expect(shown.filter((received) => received === "")).toHaveLength(1);
  await refer("parents", "uc", 50, may, 50);
  expect(await publishFigures(world.instance.deps)).toEqual([]);
  expect(await published()).toEqual(rows);
});

test("the page shows the tables with their totals, and another quarter by its address", async () => {
  world.clock.advance(92 * dayMs);
  await refer("parents", "uc", 30, new Date("2026-08-03T10:00:00Z"));
  await replyDirectly("example-parents", "jabs", new Date("2026-09-03T10:00:00Z"));
  expect(await publishFigures(world.instance.deps)).toEqual(["2026-Q3"]);
  const latest = textOf((await visit(world, "/statistics")).html);
  expect(latest).toContain("1 July 2026 to 30 September 2026");
  const earlier = (await visit(world, "/statistics?quarter=2026-Q2")).html;
  expect(earlier).toContain('href="/statistics?quarter=2026-Q3"');
  const text = textOf(earlier);
  expect(text).toMatch(/By department.*Department for Work and Pensions 120 60 60 0/);
  expect(text).toMatch(/All together 189 72 72 0/);
  expect(text).toContain("withheld");
  expect(text).toMatch(/May 2026 164/);
  // The other language is the same page, with the same choice.
  expect(earlier).toContain('href="/cy/statistics?quarter=2026-Q2"');
  const welsh = textOf((await visit(world, "/cy/statistics?quarter=2026-Q2")).html);
  expect(welsh).toMatch(/Mai 2026 164/);
  expect(textOf((await visit(world, "/statistics?quarter=1800-Q9")).html)).toContain("1 July 2026");
});

test("nobody has a row for direct replies alone", async () => {
  const names = (await published()).filter(({ quarter }) => quarter === "2026-Q3").map(({ name }) => name);
  expect(names.sort()).toEqual(["", "2026-08", "dwp", "parents"]);
});

test("a forum that takes itself out of the directory is named by no figure any more", async () => {
  expect((await published()).some(({ name }) => name === "example-student-corner")).toBe(true);
  await visit(world, new URL(listingLink(world.instance.deps, "example-student-corner")).pathname, {});
  expect((await published()).some(({ name }) => name === "example-student-corner")).toBe(false);
  expect((await visit(world, "/statistics?quarter=2026-Q2")).html).not.toContain("Example student corner");
});
