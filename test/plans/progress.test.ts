import { afterAll, beforeAll, expect, test } from "vitest";
import { reportFigures } from "../../src/plans/index.ts";
import { publishFigures } from "../../src/stats/index.ts";
import { exampleRegister } from "../support/example-register.ts";
import { createWorld, dayMs, type World } from "../support/world.ts";
import { textOf, visit } from "../web/support.ts";
import { samplePlan } from "./sample-plan.ts";

let world: World;
let lead: string;

beforeAll(async () => {
  const register = exampleRegister("http://127.0.0.1:9");
  const people = [...register.people, { id: "eng.l", name: "Eng L.", roles: ["engagement:dwp"] }];
  world = await createWorld({ register: { ...register, people } });
  lead = await world.keyFor("person:eng.l");
  await call("plans/dwp/draft", { document: samplePlan() });
  await call("plans/dwp/1/consult", { closes: "2026-06-15" });
  for (let i = 0; i < 11; i += 1) {
    const { status, body } = await world.refer("parents", { url: `https://parents.example/${i}` });
    if (status !== 201) throw new Error(JSON.stringify(body));
  }
  await world.pass(dayMs);
  await call("plans/dwp/1/publish", {});
});
afterAll(() => world.close());

const call = (path: string, body: unknown) => world.call("POST", `/v1/${path}`, lead, body);
const report = (change: Record<string, unknown> = {}) => ({
  period: "2026-june",
  from: "2026-06-15",
  to: "2026-06-15",
  summary: "A first day.",
  commitments: [
    { code: "one-day", verdict: "partly", evidence: "Nine in ten were answered." },
    { code: "clinic", verdict: "not", evidence: "Nobody had time." },
  ],
  indicators: [{ code: "answers", value: "Half", note: "Few said so." }],
  insights: [{ learned: "The letter confuses.", changed: "It was rewritten." }],
  notDone: [{ what: "The clinic", why: "Illness." }],
  signedOffBy: "Director of answers",
  nextDue: "2026-12-31",
  ...change,
});

test("departments with no report are listed by name, on the page and in the interface", async () => {
  const text = textOf((await visit(world, "/progress")).html);
  expect(text).toMatch(
    /Departments with no report.*Department for Work and Pensions.*Department of Health \(has no plan/,
  );
  const { missing, reported } = (await world.call("GET", "/v1/progress", null)).body;
  expect([missing.length, reported.length]).toEqual([2, 0]);
});

test("whoever may not publish for a department is refused before anything is counted", async () => {
  const { deps } = world.instance;
  const register = await deps.register(deps.db);
  const uncounted = { ...deps, register: async () => register, db: new Proxy(deps.db, { get: counted }) };
  const period = { from: "2026-06-15", to: "2026-06-15" };
  const refused = reportFigures(uncounted, "health", period, { kind: "person", id: "eng.l" });
  await expect(refused).rejects.toMatchObject({ code: "access/forbidden" });
  await expect(reportFigures(uncounted, "dwp", period, { kind: "person", id: "eng.l" })).rejects.toThrow(
    "Something was counted.",
  );
});

const counted = () => {
  throw new Error("Something was counted.");
};

test("a report leaves out no commitment, names no strange one, and is of days that have passed", async () => {
  const [first] = report().commitments;
  const gap = await call("progress/dwp", { document: report({ commitments: [first] }) });
  expect([gap.status, gap.body.errors[0].detail]).toEqual([
    422,
    "The plan has clinic, and the report says nothing of it.",
  ]);
  const strange = report({ indicators: [...report().indicators, { code: "luck", value: "1" }] });
  expect((await call("progress/dwp", { document: strange })).body.errors[0].pointer).toBe(
    "/document/indicators/1/code",
  );
  const early = await call("progress/dwp", { document: report({ to: "2026-06-16" }) });
  expect([early.status, early.body.code]).toEqual([409, "plan/not-possible"]);
});

test("a period of no whole quarter has no figures, whatever happened in it; a correction is a revision with a notice", async () => {
  const made = await call("progress/dwp", { document: report() });
  expect(made.status).toBe(201);
  expect(made.body.figures).toMatchObject({
    quarters: [],
    received: null,
    open: null,
    firstReplyMedian: null,
  });
  const again = await call("progress/dwp", { document: report() });
  expect([again.status, again.body.detail]).toEqual([
    409,
    "This period has a report. Say in a notice what is corrected, and why.",
  ]);
  const [{ reference }] = (
    await world.call("GET", "/v1/referrals?state=offered", await world.keyFor("admin"))
  ).body.items;
  await world.as("forum:parents", reference, "withdraw");
  const corrected = await call("progress/dwp", {
    document: report({ summary: "A second look." }),
    notice: "A typing error.",
  });
  expect([corrected.status, corrected.body.revision]).toEqual([201, 2]);
  const first = (await world.call("GET", "/v1/progress/dwp/2026-june?revision=1", null)).body;
  expect([first.figures, first.document.summary]).toEqual([made.body.figures, "A first day."]);
  const text = textOf((await visit(world, "/departments/dwp/progress/2026-june")).html);
  expect(text).toContain("This report was corrected (16 June 2026): A typing error.");
  expect(text).toContain("A second look.");
  expect(text).toMatch(/not made of whole quarters.*Clinics held of those planned 0 of 0/);
  const old = textOf((await visit(world, "/departments/dwp/progress/2026-june?revision=1")).html);
  expect(old).toContain("There is a later revision of this report");
  expect(textOf((await visit(world, "/progress")).html)).not.toMatch(
    /no report.*Department for Work.*Departments that/,
  );
  expect((await visit(world, "/departments/dwp/progress/2026-july")).status).toBe(404);
});

test("the next report is overdue from the day after it was due", async () => {
  world.clock.set(new Date("2027-01-01T00:05:00Z"));
  expect(textOf((await visit(world, "/progress")).html)).toContain("31 December 2026 Overdue");
  expect(textOf((await visit(world, "/plans")).html)).toContain(
    "a progress report was due on 31 December 2026",
  );
});

test("a correction is about the days of the report that it corrects", async () => {
  const moved = await call("progress/dwp", {
    document: report({ from: "2026-06-14" }),
    notice: "Another day.",
  });
  expect([moved.status, moved.body.errors[0].pointer]).toEqual([422, "/document/from"]);
});

test("a report over whole published quarters has their sums, and its correction the same ones", async () => {
  const document = report({ period: "2026-q2", from: "2026-04-01", to: "2026-06-30", nextDue: "2027-12-31" });
  const early = await call("progress/dwp", { document });
  expect(early.body.figures).toMatchObject({ quarters: [], received: null });
  await publishFigures(world.instance.deps);
  const made = await call("progress/dwp", { document, notice: "The quarter is published." });
  expect(made.body.figures).toMatchObject({ quarters: ["2026-Q2"], received: 11, open: null, answered: 0 });
  await world.refer("parents", { url: "https://parents.example/late" });
  const corrected = await call("progress/dwp", { document, notice: "A typing error." });
  expect(corrected.body.figures).toEqual(made.body.figures);
  const text = textOf((await visit(world, "/departments/dwp/progress/2026-q2")).html);
  expect(text).toMatch(/sums of the quarters that were published.*Questions received 11/);
});

test("a report says which quarters' statistics its counts are from; one from elsewhere, of which day they are", async () => {
  const pages = ["/departments/dwp/progress/2026-q2", "/cy/departments/dwp/progress/2026-q2"];
  const read = async () => Promise.all(pages.map(async (page) => textOf((await visit(world, page)).html)));
  const [english, welsh] = await read();
  expect(english).toContain("published with the statistics of the quarters: 1 April 2026 to 30 June 2026.");
  expect(english).not.toContain("As they were on");
  expect(welsh).toContain("gydag ystadegau'r chwarteri: 1 Ebrill 2026 i 30 Mehefin 2026.");
  const says = (await visit(world, "/data/progress.csv-metadata.json")).html;
  expect(says).toContain("as they were published with the statistics of the quarters");
  const [last] = await world.db.prisma.progressReport.findMany({
    where: { period: "2026-q2" },
    orderBy: { revision: "desc" },
  });
  if (!last) throw new Error("no report");
  const { quarters: _, ...figures } = last.figures as Record<string, number>;
  const document = last.document as Record<string, string>;
  await world.db.prisma.progressReport.create({
    data: { ...last, document, figures, revision: last.revision + 1 },
  });
  const [elsewhere, arall] = await read();
  expect(elsewhere).toMatch(/As they were on \d+ \w+ 2027\. Times/);
  expect(arall).toMatch(/Fel yr oeddent ar \d+ \S+ 2027\./);
});
