import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { exampleRegister } from "../support/example-register.ts";
import { createWorld, dayMs, type World } from "../support/world.ts";
import { textOf, visit } from "../web/support.ts";
import { samplePlan } from "./sample-plan.ts";

let world: World;
let lead: string;
let parents: string;

beforeAll(async () => {
  const register = exampleRegister("http://127.0.0.1:9");
  const people = [...register.people, { id: "eng.l", name: "Eng L.", roles: ["engagement:dwp"] }];
  world = await createWorld({ register: { ...register, people } });
  lead = await world.keyFor("person:eng.l");
  parents = await world.keyFor("forum:parents");
});
afterAll(() => world.close());

const post = (path: string, key: string, body: unknown = {}) =>
  world.call("POST", `/v1/plans/dwp/${path}`, key, body);
const pageText = async (path: string) => textOf((await visit(world, path)).html);

describe("a plan, from draft to overdue", () => {
  test("is a draft that nobody else sees, and is not published before anybody was consulted", async () => {
    const drafted = await post("draft", lead, { document: samplePlan() });
    expect([drafted.status, drafted.body.version, drafted.body.status]).toEqual([201, 1, "draft"]);
    expect((await world.call("GET", "/v1/plans/dwp", null)).status).toBe(404);
    expect((await visit(world, "/departments/dwp/plan/1")).status).toBe(404);
    expect((await world.call("GET", "/v1/plans/dwp/draft", lead)).body.document.title).toBe(
      "How we answer on forums",
    );
    const early = await post("1/publish", lead);
    expect([early.status, early.body.code]).toEqual([409, "plan/not-possible"]);
    const another = await post("draft", lead, { document: samplePlan() });
    expect(another.status).toBe(409);
  });

  test("is consulted on: forums answer, and each answer gets one", async () => {
    const opened = await post("1/consult", lead, { closes: "2026-06-29", invited: ["parents", "quiet"] });
    expect([opened.status, opened.body.status]).toEqual([200, "in_consultation"]);
    const edited = await world.call("PUT", "/v1/plans/dwp/1", lead, {
      document: samplePlan({ title: "Other" }),
    });
    expect(edited.status).toBe(409);
    const said = await post("1/answers", parents, { said: "A day is too long when rent is due." });
    expect([said.status, said.body.forum]).toEqual([201, "parents"]);
    const objection = await post("1/answers", parents, { said: "We do not want clinics.", objection: true });
    expect(objection.body.objection).toBe(true);
    const foreign = await post("1/answers", parents, { said: "For them", forum: "quiet" });
    expect([foreign.status, foreign.body.code]).toEqual([403, "access/forbidden"]);
    expect(await pageText("/departments/dwp/plan/1")).toContain("Forums can answer until 29 June 2026");
    expect((await post("1/publish", lead)).status).toBe(409);
    await world.pass(16 * dayMs);
    expect((await post("1/answers", parents, { said: "Too late." })).status).toBe(409);
    const undecided = await post("1/publish", lead);
    expect(undecided.body.detail).toContain("2 of the answers have not been answered");
    const did = { decision: "accepted", did: "Two hours where it is urgent." };
    expect((await post("1/answers/1/decide", lead, did)).status).toBe(200);
    await post("1/answers/2/decide", lead, { decision: "no", did: "Other forums want them." });
  });

  test("is amended by what was said, and published while an objection is held open, which is shown", async () => {
    const commitments = samplePlan().commitments.map((one) =>
      one.code === "one-day" ? { ...one, text: "Somebody answers within half a working day." } : one,
    );
    const amended = await post("draft", lead, { document: samplePlan({ commitments }), amends: 1 });
    expect([amended.status, amended.body.version, amended.body.amends]).toEqual([201, 2, 1]);
    const published = await post("2/publish", lead);
    expect([published.status, published.body.status, published.body.overdue]).toEqual([
      200,
      "published",
      false,
    ]);
    const text = await pageText("/departments/dwp/plan");
    expect(text).toContain("Somebody answers within half a working day.");
    expect(text).toContain("Example parents' forum holds an objection open");
    expect(text).toContain("You said A day is too long when rent is due. We did Accepted. Two hours");
    expect(text).toContain("Example quiet forum: has not answered");
    const lifted = await post("1/answers/2/lift", parents);
    expect(lifted.body.liftedOn).toBe("2026-07-01");
    expect(await pageText("/departments/dwp/plan")).not.toContain("holds an objection open");
  });

  test("keeps the address of every version, and shows two of them side by side", async () => {
    expect(await pageText("/departments/dwp/plan/1")).toContain("This version is no longer in force");
    expect(await pageText("/departments/dwp/plan/1")).toContain("within one working day");
    const { status, html } = await visit(world, "/departments/dwp/plan/1...2");
    expect(status).toBe(200);
    expect(html).toMatch(/<mark class="fp-mark">one ?<\/mark>/);
    expect(html).toMatch(/<mark class="fp-mark">half a ?<\/mark>/);
    expect(textOf(html)).toContain("one-day");
    expect(await pageText("/cy/departments/dwp/plan/1...2")).toContain("Fersiwn 1 ar y chwith");
    for (const path of ["plan/3", "plan/1...3", "plan/x", "plan/1..2"])
      expect((await visit(world, `/departments/dwp/${path}`)).status).toBe(404);
  });

  test("is overdue from the day after its review day, everywhere it should show", async () => {
    const places = ["/departments/dwp/plan", "/departments/dwp/plan/2", "/plans", "/cy/plans"];
    const late = async () =>
      Promise.all(places.map(async (path) => /Overdue|Yn hwyr/.test(await pageText(path))));
    world.clock.set(new Date("2026-10-31T23:30:00Z"));
    expect(await late()).toEqual([false, false, false, false]);
    world.clock.set(new Date("2026-12-31T23:30:00Z"));
    const [own] = (await world.call("GET", "/v1/plans", null)).body.items;
    expect([own.department.slug, own.overdue, own.reportDue]).toEqual([
      "dwp",
      false,
      { on: "2026-10-31", overdue: true },
    ]);
    world.clock.set(new Date("2027-01-01T00:10:00Z"));
    expect(await late()).toEqual([true, true, true, true]);
    expect(await pageText("/departments/dwp/plan/1")).not.toContain("The review of this plan was due");
    const { items } = (await world.call("GET", "/v1/plans", null)).body;
    expect(items.map((one: { overdue: boolean }) => one.overdue)).toEqual([true, false]);
    expect((await world.call("GET", "/v1/plans/dwp", null)).body.overdue).toBe(true);
    expect(await pageText("/plans")).toContain("the review of version 2 was due on 31 December 2026");
  });

  test("a withdrawn one says why and keeps its address", async () => {
    expect((await post("2/withdraw", lead, { because: "The service has moved." })).body.status).toBe(
      "withdrawn",
    );
    expect(await pageText("/departments/dwp/plan")).toContain("Why: The service has moved.");
    expect((await post("2/withdraw", lead, { because: "Again." })).status).toBe(409);
  });
});

describe("who may", () => {
  test("only the department's own lead and an administrator write; a repeat with its key changes nothing", async () => {
    const body = { document: samplePlan() };
    for (const scope of ["person:sam.t", "person:aud.it"])
      expect((await post("draft", await world.keyFor(scope), body)).status).toBe(403);
    expect((await world.call("POST", "/v1/plans/health/draft", lead, body)).status).toBe(403);
    const admin = await world.keyFor("admin");
    const nowhere = await world.call("POST", "/v1/plans/nowhere/draft", admin, body);
    expect([nowhere.status, nowhere.body.code]).toEqual([404, "plan/not-found"]);
    const headers = { "idempotency-key": "draft-3" };
    const first = await world.call("POST", "/v1/plans/dwp/draft", lead, body, headers);
    const repeat = await world.call("POST", "/v1/plans/dwp/draft", lead, body, headers);
    expect([first.status, repeat.status, repeat.body.version]).toEqual([201, 201, first.body.version]);
    const strange = samplePlan({ forums: [{ forum: "nobody", why: "x", intervention: "referral" }] });
    const refused = await world.call("PUT", `/v1/plans/dwp/${first.body.version}`, lead, {
      document: strange,
    });
    expect([refused.status, refused.body.errors[0].pointer]).toEqual([422, "/document/forums/0/forum"]);
  });

  test("history names steps and versions, no person and no text", async () => {
    const { items } = (await world.call("GET", "/v1/plans/dwp/history", null)).body;
    expect(items.map((one: { type: string }) => one.type)).toContain("plan.consultation-opened");
    expect(JSON.stringify(items)).not.toMatch(/eng\.l|rent is due/);
  });
});

describe("as a file", () => {
  test("what goes out as CSV comes back the same, no cell is a formula, and a second import changes nothing", async () => {
    const { plansFromCsv, plansToCsv, exportPlans, importPlans, RecordFile } = await import(
      "../../src/plans/index.ts"
    );
    const { deps } = world.instance;
    const file = await exportPlans(deps, { drafts: true });
    const first = file.plans[0]?.versions[0];
    if (first) first.document.summary = '=HYPERLINK("x")';
    const csv = plansToCsv(file);
    expect(csv).not.toMatch(/(^|,)"?[=+@-]/m);
    expect(RecordFile.parse(plansFromCsv(csv))).toEqual(RecordFile.parse(file));
    const admin = { kind: "admin", keyId: "test" } as const;
    const same = await exportPlans(deps, { drafts: true });
    expect(await importPlans(deps, same, admin)).toEqual({ versions: 0, reports: 0 });
    await expect(importPlans(deps, file, admin)).rejects.toMatchObject({ code: "plan/not-possible" });
  });
});
