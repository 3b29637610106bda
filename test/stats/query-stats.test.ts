import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { figureBlocks } from "../../adapters/slack/figures.ts";
import type { StatsRow } from "../../src/stats/index.ts";
import { createWorld, dayMs, hourMs, minuteMs, type World } from "../support/world.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

async function ask(query: string, who = "admin") {
  const answer = await world.call("GET", `/v1/stats?${query}`, await world.keyFor(who));
  return answer.body;
}

/** Moves the clock to another month, so that each test counts its own referrals; gives the period's parameters. */
async function newPeriod(): Promise<string> {
  await world.pass(60 * dayMs);
  // On to the next Tuesday, 10:00 in London.
  const at = world.clock.now();
  const days = (9 - at.getUTCDay()) % 7 || 7;
  const tuesday = new Date(Math.floor(at.getTime() / dayMs) * dayMs + days * dayMs);
  const day = tuesday.toISOString().slice(0, 10);
  const isSummer = new Intl.DateTimeFormat("en-GB", {
    timeZone: "Europe/London",
    hour: "2-digit",
    hourCycle: "h23",
  });
  const ahead = Number(isSummer.format(tuesday));
  await world.pass(tuesday.getTime() + (10 - ahead) * hourMs - at.getTime());
  return `from=${day}`;
}

async function refer(body: Record<string, unknown> = {}): Promise<string> {
  const answer = await world.refer("parents", body);
  return answer.body.reference;
}

async function answered(reference: string, advisor = "advisor:amal.h") {
  await world.as(advisor, reference, "claim");
  await world.as(advisor, reference, "reply", { text: "Here is what to do." });
  await world.settle();
}

test("are given as a picture with its words beside it", async () => {
  const key = await world.keyFor("admin");
  const get = (format: string) =>
    fetch(`${world.instance.address}/v1/stats?from=2020-01-01&by=pool&format=${format}`, {
      headers: { authorization: `Bearer ${key}` },
    });
  await refer();
  const [svg, png] = [await get("svg"), await get("png")];
  const words = decodeURIComponent(svg.headers.get("x-text-alternative") ?? "");
  expect(words).toMatch(/^Referrals received from 2020-01-01 to .*: /);
  expect(svg.headers.get("content-type")).toBe("image/svg+xml; charset=utf-8");
  expect(await svg.text()).toContain("<desc>Referrals received");
  expect(decodeURIComponent(png.headers.get("x-text-alternative") ?? "")).toMatch(/^Referrals received/);
  const bytes = Buffer.from(await png.arrayBuffer());
  // A machine without any typeface sends the words alone.
  if (png.headers.get("content-type") === "image/png") expect(bytes.subarray(1, 4).toString()).toBe("PNG");
  else expect(bytes.toString()).toMatch(/^Referrals received/);
});

describe("statistics", () => {
  test("count a day of one referral answered, one declined and one still open, as by hand", async () => {
    const period = await newPeriod();
    const [first, second] = [await refer(), await refer()];
    await world.pass(5 * minuteMs);
    await world.as("advisor:amal.h", first, "claim");
    await world.as("advisor:bea.k", first, "claim");
    await world.as("advisor:amal.h", second, "decline", { reason: "not-ours", likelyOwner: "jabs" });
    await world.pass(10 * minuteMs);
    await world.as("advisor:amal.h", first, "reply", { text: "Here is what to do." });
    await world.settle();
    await world.as("advisor:jo.v", second, "claim");
    await world.pass(60 * minuteMs);
    await world.event("parents", { type: "feedback", reference: first, result: "helped", saidBy: "member" });
    await refer({ topic: "vaccination", language: "cy" });
    await world.pass(30 * minuteMs);

    const all = await ask(period);
    expect(all.rows).toHaveLength(1);
    expect(all.rows[0]).toMatchObject({
      received: 3,
      open: 2,
      oldestOpen: 105 * 60,
      claimConflicts: 1,
      timeToClaim: { count: 2, median: 600, p90: 840, serviceMedian: 600, serviceP90: 840, waiting: 1 },
      timeToFirstReply: { count: 1, median: 900, waiting: 2 },
      timeToResolution: { count: 1, median: 4500, serviceMedian: 4500, waiting: 2 },
      withinTarget: { claim: 1, firstReply: 1, resolve: 1 },
      dispositions: { answered_in_public: 1 },
      results: { helped: { member: 1, moderator: 0, advisor: 0, nobody: 0 } },
      declines: { "not-ours": 1 },
      rates: {
        resolution: 1,
        memberHelped: 1,
        confirmed: 1,
        reopened: 0,
        rightFirstTime: 0.6667,
        declined: 0.25,
      },
      waitingOn: { pool: 5 * 60 + 15 * 60 + 30 * 60, advisor: 10 * 60 + 90 * 60, forum: 3600 },
    });
    expect(all.notes).toContain("2 referrals are still open");

    const { rows } = await ask(`${period}&by=pool`);
    expect(rows).toMatchObject([
      { pool: "cleared", received: 0, rates: { resolution: null } },
      {
        pool: "jabs",
        received: 2,
        open: 2,
        timeToClaim: { count: 1, median: 900 },
        declines: {},
        rates: { rightFirstTime: 1, resolution: null },
      },
      {
        pool: "uc",
        received: 1,
        open: 0,
        declines: { "not-ours": 1 },
        rates: { rightFirstTime: 0.5, declined: 0.5 },
      },
      { pool: "uc-second", received: 0, rates: { resolution: null } },
    ]);
    const byLanguage = await ask(`${period}&by=language,topic`);
    expect(
      byLanguage.rows.map((row: Record<string, unknown>) => [row.language, row.topic, row.received]),
    ).toEqual([
      ["cy", "vaccination", 1],
      ["en", "universal-credit", 2],
    ]);
  });

  test("leave a denominator that is missing null, never 0", async () => {
    const period = await newPeriod();
    const { rows, by } = await ask(period);
    expect(by).toEqual([]);
    expect(rows[0]).toMatchObject({
      received: 0,
      oldestOpen: null,
      timeToClaim: { count: 0, median: null, p90: null, serviceMedian: null, serviceP90: null, waiting: 0 },
      withinTarget: { claim: null, firstReply: null, resolve: null },
      rates: { resolution: null, memberHelped: null, reopened: null, rightFirstTime: null, delivered: null },
    });
    const idle = {
      received: 0,
      oldestOpen: null,
      load: { advisors: 2 },
      cover: {},
      rates: { resolution: null },
    };
    const pools = await ask(`${period}&by=department,pool`);
    expect(pools.rows.map((row: StatsRow) => [row.department, row.pool])).toEqual([
      ["dwp", "cleared"],
      ["dwp", "uc"],
      ["dwp", "uc-second"],
      ["health", "jabs"],
    ]);
    expect(pools.rows[0]).toMatchObject(idle);
    expect((await ask(`${period}&by=pool`, "advisor:lee.d")).rows).toMatchObject([
      { pool: "uc" },
      { pool: "uc-second" },
    ]);
    for (const query of ["by=pool,topic", "by=department"])
      expect((await ask(`${period}&${query}`)).rows).toEqual([]);
    expect((await ask(`${period}&by=pool`, "operator:parents")).rows).toEqual([]);
    expect(JSON.stringify(figureBlocks(pools, "pool"))).toContain("There are no referrals");
  });

  test("measure across an evening in the pool's hours beside elapsed time", async () => {
    const period = await newPeriod();
    const reference = await refer();
    await world.pass(6 * hourMs + 30 * minuteMs);
    const again = await refer();
    await world.pass(17 * hourMs);
    await world.as("advisor:bea.k", again, "claim");
    const { rows } = await ask(`${period}&by=pool`);
    expect(rows.find((row: StatsRow) => row.pool === "uc")).toMatchObject({
      timeToClaim: { count: 1, median: 17 * 3600, serviceMedian: 30 * 60 + 30 * 60 },
    });
    await world.as("person:sam.t", reference, "note", { text: "seen" });
  });

  test("count a missed claim target although another pool then claimed in time", async () => {
    const period = await newPeriod();
    const reference = await refer();
    await world.pass(2 * hourMs + minuteMs);
    await world.as("advisor:noor.s", reference, "claim");
    const { rows } = await ask(`${period}&by=pool`);
    const [first, second] = ["uc", "uc-second"].map((slug) =>
      rows.find((row: { pool: string }) => row.pool === slug),
    );
    expect(first).toMatchObject({
      received: 0,
      escalations: 1,
      withinTarget: { claim: 0 },
      rates: { rightFirstTime: 1 },
    });
    expect(second).toMatchObject({
      received: 1,
      timeToClaim: { count: 1, median: 7260 },
      withinTarget: { claim: null },
    });
  });

  test("keep a reopened referral one referral: its clock goes on, and its last outcome counts", async () => {
    const period = await newPeriod();
    const reference = await refer();
    await answered(reference);
    await world.as("advisor:amal.h", reference, "resolve", { result: "helped" });
    await world.pass(dayMs);
    await world.as("forum:parents", reference, "reopen", { reason: "It came back." });
    expect((await ask(period)).rows[0]).toMatchObject({
      open: 1,
      timeToResolution: { count: 0, waiting: 1 },
      rates: { reopened: 1, resolution: null },
      results: {},
    });
    await world.as("advisor:amal.h", reference, "reply", { text: "And this." });
    await world.settle();
    await world.pass(hourMs);
    await world.event("parents", {
      type: "feedback",
      reference,
      result: "partly_helped",
      saidBy: "moderator",
    });
    expect((await ask(period)).rows[0]).toMatchObject({
      received: 1,
      open: 0,
      timeToResolution: { count: 1, median: 25 * 3600 },
      timeToFirstReply: { count: 1, median: 0 },
      replies: { delivered: 2, failed: 0 },
      results: { partly_helped: { moderator: 1 } },
      rates: { reopened: 1, resolution: 1, memberHelped: 0, confirmed: 1 },
    });
  });

  test("never take silence for help: what closes by itself is unconfirmed", async () => {
    const period = await newPeriod();
    await answered(await refer());
    await world.pass(8 * dayMs);
    expect((await ask(period)).rows[0]).toMatchObject({
      dispositions: { answered_in_public: 1 },
      results: { unknown: { nobody: 1 } },
      rates: { resolution: 0, memberHelped: null, unconfirmed: 1 },
    });
  });

  test("show the member's word beside the advisor's, and say where they differ", async () => {
    const period = await newPeriod();
    const reference = await refer();
    await answered(reference);
    await world.as("advisor:amal.h", reference, "resolve", { result: "helped" });
    await world.event("parents", { type: "feedback", reference, result: "not_helped", saidBy: "member" });
    const { rows, notes } = await ask(period);
    expect(rows[0]).toMatchObject({
      results: { helped: { advisor: 1, member: 0 }, not_helped: { member: 1, advisor: 0 } },
      rates: { resolution: 1, memberHelped: 0, confirmed: 1 },
    });
    expect(notes).toContain(
      "For 1 referral that is resolved, the member or a moderator said that it did not help",
    );
  });

  test("leave out what was merged, but for its own forum", async () => {
    const period = await newPeriod();
    const [one, other] = [await refer(), await refer()];
    await world.as("advisor:lee.d", one, "merge", { into: other });
    expect((await ask(period)).rows[0]).toMatchObject({ received: 1, merged: 1, open: 1 });
    expect((await ask(period, "forum:parents")).rows[0]).toMatchObject({ received: 2, merged: 1, open: 1 });
    expect((await ask(period)).notes).toContain("1 referral was merged with another and not counted");
  });

  test("count withdrawn and diverted referrals as received, and leave them out of the rate of resolution", async () => {
    const period = await newPeriod();
    const [withdrawn, diverted, rest] = [await refer(), await refer({ concern: true }), await refer()];
    await world.as("forum:parents", withdrawn, "withdraw");
    await world.as("person:safe.one", diverted, "close", {
      disposition: "diverted_urgent",
      result: "unknown",
    });
    await answered(rest);
    await world.as("advisor:amal.h", rest, "resolve", { result: "now_knows_next_step" });
    expect((await ask(period)).rows[0]).toMatchObject({
      received: 3,
      dispositions: { withdrawn: 1, diverted_urgent: 1, answered_in_public: 1 },
      rates: { resolution: 1, unconfirmed: 0, confirmed: 0 },
    });
  });

  test("keep the counts of what was erased", async () => {
    const period = await newPeriod();
    const reference = await refer();
    await answered(reference);
    await world.event("parents", { type: "feedback", reference, result: "helped", saidBy: "member" });
    const before = await ask(`${period}&by=pool,outcome`);
    await world.pass(91 * dayMs);
    expect((await world.show(reference)).post ?? null).toBeNull();
    expect((await ask(`${period}&by=pool,outcome`)).rows).toEqual(before.rows);
  });

  test("count what a forum refused for good as a failed reply, until it arrives after all", async () => {
    const period = await newPeriod();
    const reference = await refer();
    world.setMood({ status: 410 });
    await answered(reference);
    world.setMood(null);
    expect((await ask(period)).rows[0]).toMatchObject({
      replies: { delivered: 0, failed: 1 },
      timeToFirstReply: { count: 0, waiting: 1 },
      rates: { delivered: 0 },
    });
  });

  test("say how much older work is open outside the period", async () => {
    await newPeriod();
    const period = await newPeriod();
    const { notes } = await ask(period);
    expect(notes.join()).toMatch(
      /from before this period (is|are) still open and not counted here; the oldest is \d+ days old/,
    );
  });
});

describe("a question for statistics", () => {
  test.each(["from=yesterday", "from=2026-02-31", "from=2026-06-02&to=2026-06-01", "from=2026-13-01"])(
    "with %s is refused as no period",
    async (query) => {
      expect(await ask(query)).toMatchObject({ status: 422, code: "stats/period-invalid" });
    },
  );

  test("by something unknown is refused", async () => {
    expect(await ask("by=advisor")).toMatchObject({ status: 422, code: "request/invalid" });
  });

  test("that says nothing is about the last 30 days up to now, the newest referral among them", async () => {
    await newPeriod();
    const reference = await refer();
    expect(reference).toMatch(/^FP-/);
    const now = world.clock.now();
    expect(await ask("")).toMatchObject({
      from: new Date(now.getTime() - 30 * dayMs).toISOString(),
      to: now.toISOString(),
      rows: [{ received: 1 }],
    });
  });

  test("takes a day as a day of London, the last one included", async () => {
    expect(await ask("from=2026-06-15&to=2026-06-16")).toMatchObject({
      from: "2026-06-14T23:00:00.000Z",
      to: "2026-06-16T23:00:00.000Z",
    });
    expect(await ask("from=2026-10-25&to=2026-10-25")).toMatchObject({
      from: "2026-10-24T23:00:00.000Z",
      to: "2026-10-26T00:00:00.000Z",
    });
    expect(await ask("from=2026-03-29&to=2026-03-29")).toMatchObject({
      from: "2026-03-29T00:00:00.000Z",
      to: "2026-03-29T23:00:00.000Z",
    });
  });
});

describe("statistics are seen", () => {
  let period: string;
  const received = async (who: string) => {
    const { rows, status } = await ask(`${period}&by=forum,pool`, who);
    return status ?? rows.map((row: Record<string, unknown>) => `${row.forum} ${row.pool} ${row.received}`);
  };

  test("by a forum, a lead and a manager of a department as their own, by nobody else", async () => {
    period = await newPeriod();
    await refer();
    await refer({ topic: "vaccination" });
    await world.refer("young", { topic: "vaccination", consent: "ask-member" });
    expect(await received("admin")).toEqual(["parents jabs 1", "parents uc 1", "young null 1"]);
    expect(await received("manager")).toEqual(["parents jabs 1", "parents uc 1", "young null 1"]);
    expect(await received("manager:dwp")).toEqual(["parents uc 1"]);
    expect(await received("forum:parents")).toEqual(["parents jabs 1", "parents uc 1"]);
    expect(await received("operator:parents")).toEqual(["parents jabs 1", "parents uc 1"]);
    expect(await received("person:olive.p")).toEqual(["parents jabs 1", "parents uc 1"]);
    expect(await received("advisor:lee.d")).toEqual(["parents uc 1"]);
    expect(await received("advisor:amal.h")).toBe(403);
    expect(await received("person:cleo.c")).toBe(403);
  });

  test("as a table for a spreadsheet, with the same figures", async () => {
    const csv = await world.call(
      "GET",
      `/v1/stats?${period}&by=pool&format=csv`,
      await world.keyFor("admin"),
    );
    expect(csv.headers.get("content-type")).toContain("text/csv");
    const [head, ...lines] = csv.body.split("\r\n");
    expect(head).toMatch(/^pool,received,merged,open,oldestOpen,/);
    expect(lines.map((line: string) => line.split(",").slice(0, 2).join())).toEqual([
      "cleared,0",
      "jabs,1",
      "uc,1",
      "uc-second,0",
      ",1",
      "",
    ]);
    expect(new Set(lines.slice(0, 5).map((line: string) => line.split(",").length))).toEqual(
      new Set([head.split(",").length]),
    );
  });
});
