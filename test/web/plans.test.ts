import { afterAll, beforeAll, expect, test } from "vitest";
import { stringify } from "yaml";
import { samplePlan } from "../plans/sample-plan.ts";
import { exampleRegister } from "../support/example-register.ts";
import { createWorld, dayMs, type World } from "../support/world.ts";
import { type Browsing, signIn } from "./session.ts";
import { textOf, visit } from "./support.ts";

let world: World;
let lead: Browsing;
let advisor: Browsing;

beforeAll(async () => {
  const register = exampleRegister("http://127.0.0.1:9");
  const people = [...register.people, { id: "eng.l", name: "Eng L.", roles: ["engagement:dwp"] }];
  const forums = register.forums.map((one) =>
    one.slug === "parents"
      ? {
          ...one,
          intervention: { models: ["referral", "clinic"], agreedOn: "2026-01-05", agreedWith: "forum" },
        }
      : one,
  );
  world = await createWorld({ register: { ...register, people, forums } });
  lead = await signIn(world, "person:eng.l");
  advisor = await signIn(world, "advisor:amal.h");
});
afterAll(() => world.close());

/** A plan as its form has it: lists in YAML, other lists one on each line. */
function formOf(change: Record<string, unknown> = {}): Record<string, string> {
  return Object.fromEntries(
    Object.entries(samplePlan(change)).map(([name, value]) => {
      if (typeof value === "string") return [name, value.replaceAll("\n", "\r\n")];
      const isTexts = (value as unknown[]).every((one) => typeof one === "string");
      return [name, isTexts ? (value as string[]).join("\r\n") : stringify(value)];
    }),
  );
}

test("the engagement lead writes, opens, answers, amends and publishes a plan without a line of code", async () => {
  expect(textOf((await lead.get("/engagement")).html)).toContain("Department for Work and Pensions");
  const wrong = await lead.send("/engagement/dwp/save", {
    ...formOf(),
    reviewDue: "soon",
    objectives: "- {",
  });
  expect([wrong.status, textOf(wrong.html).includes("Line 1")]).toEqual([422, true]);
  const missing = await lead.send("/engagement/dwp/save", { ...formOf(), reviewDue: "soon" });
  expect(textOf(missing.html)).toContain("Write a date as YYYY-MM-DD");
  expect(missing.html).toContain('value="soon"');
  const saved = await lead.send("/engagement/dwp/save", formOf());
  expect(textOf(saved.html)).toContain("The draft is saved.");
  const opened = await lead.send("/engagement/dwp/consult", {
    version: "1",
    closes: "2026-06-16",
    invited: "parents",
  });
  expect(textOf(opened.html)).toContain("It is open for answers.");
  await lead.send("/engagement/dwp/answers", { version: "1", said: "Too slow.", from: "parents" });
  await world.pass(2 * dayMs);
  lead = await signIn(world, "person:eng.l");
  const early = await lead.send("/engagement/dwp/publish", { version: "1" });
  expect([early.status, textOf(early.html).includes("1 of the answers has not been answered")]).toEqual([
    422,
    true,
  ]);
  await lead.send("/engagement/dwp/decide", {
    version: "1",
    response: "1",
    decision: "accepted",
    did: "Faster.",
  });
  const amended = await lead.send("/engagement/dwp/save", {
    ...formOf({ summary: "Quicker." }),
    amends: "1",
  });
  expect(amended.status).toBe(200);
  const published = await lead.send("/engagement/dwp/publish", { version: "2" });
  expect(textOf(published.html)).toContain("Version 2 is in force");
  const page = textOf((await visit(world, "/departments/dwp/plan")).html);
  expect(page).toContain("Quicker.");
  expect(page).toContain("You said Too slow. We did Accepted. Faster.");
  expect(textOf((await lead.get("/cy/engagement/dwp")).html)).toContain("Mae fersiwn 2 mewn grym");
});

test("a report is published from its form, and what it leaves out is said beside it", async () => {
  const report = {
    period: "2026-june",
    from: "2026-06-15",
    to: "2026-06-16",
    summary: "Two days.",
    commitments: [{ code: "one-day", verdict: "met", evidence: "All." }],
    indicators: [{ code: "answers", value: "Most" }],
    insights: [],
    notDone: [],
    signedOffBy: "Director",
    nextDue: "2026-12-31",
  };
  const gap = await lead.send("/engagement/dwp/report", { report: stringify(report) });
  expect([gap.status, textOf(gap.html).includes("The plan has clinic")]).toEqual([422, true]);
  const commitments = [...report.commitments, { code: "clinic", verdict: "not", evidence: "None yet." }];
  const done = await lead.send("/engagement/dwp/report", { report: stringify({ ...report, commitments }) });
  expect(textOf(done.html)).toContain("The report is published.");
});

test("a clinic is planned by the lead and worked through by an advisor of its pool", async () => {
  const clinic = {
    pool: "uc",
    forum: "parents",
    title: "Evening",
    description: "Ask.",
    startsAt: "2026-06-18T11:00",
    minutes: 60,
    questionsDays: 7,
  };
  const planned = await lead.send("/engagement/dwp/clinic", { slug: "evening", document: stringify(clinic) });
  expect(textOf(planned.html)).toContain("The clinic is saved.");
  const forum = await world.keyFor("forum:parents");
  const question = { clinic: "evening", excerpt: "When is it paid?", url: "https://parents.example/1" };
  const body = { ...question, moderator: "mod-1", consent: "member-agreed" };
  await world.call("POST", "/v1/forums/parents/questions", forum, body, { "idempotency-key": "a" });
  await world.call(
    "POST",
    "/v1/forums/parents/questions",
    forum,
    { ...body, excerpt: "And how?" },
    { "idempotency-key": "b" },
  );
  world.clock.set(new Date("2026-06-18T10:00:00Z"));
  advisor = await signIn(world, "advisor:amal.h");
  const session = "2026-06-18T10:00:00.000Z";
  const before = await advisor.get("/engagement/clinics/evening");
  expect(textOf(before.html)).toContain("When is it paid?");
  await advisor.send("/engagement/clinics/evening/open", { session });
  const { html } = await advisor.get("/engagement/clinics/evening");
  const [, id = ""] = /name="question" value="([^"]+)"/.exec(html) ?? [];
  await advisor.send("/engagement/clinics/evening/queue", { question: id, do: "take" });
  const answered = await advisor.send("/engagement/clinics/evening/queue", { question: id, do: "answer" });
  expect(textOf(answered.html)).toContain("Answered");
  const finished = await advisor.send("/engagement/clinics/evening/finish", {
    session,
    summary: "Paid on Fridays.",
  });
  expect(textOf(finished.html)).toContain(
    "Questions answered in the session: 1. Passed on to be answered later: 1.",
  );
  expect(textOf((await visit(world, "/clinics")).html)).toContain("Paid on Fridays.");
  expect((await advisor.send("/engagement/clinics/evening/cancel", {})).status).toBe(403);
});

test("to others it is not there: a department of others, a clinic of another pool, a form without the session's token", async () => {
  const other = await signIn(world, "advisor:jo.v");
  expect(textOf((await other.get("/engagement")).html)).toContain("There is nothing here for you");
  for (const path of ["/engagement/dwp", "/engagement/clinics/evening", "/engagement/nowhere"])
    expect((await other.get(path)).status).toBe(404);
  lead = await signIn(world, "person:eng.l");
  expect((await lead.get("/engagement/health")).status).toBe(404);
  const forged = await visit(
    world,
    "/engagement/dwp/withdraw",
    { version: "2", because: "x" },
    { cookie: lead.cookie },
  );
  expect(forged.status).toBe(403);
  expect((await visit(world, "/engagement/dwp")).status).toBe(303);
});
