import { afterAll, beforeAll, expect, test } from "vitest";
import { exampleRegister } from "../support/example-register.ts";
import { createWorld, type World } from "../support/world.ts";
import { signIn } from "./session.ts";
import { answered, textOf } from "./support.ts";

let world: World;
let parentsUrl = "";
beforeAll(async () => {
  world = await createWorld();
  const { body } = await world.call("GET", "/v1/register", await world.keyFor("admin"));
  parentsUrl = body.forums[0].callbackUrl.replace(/\/parents$/, "");
  const { people } = exampleRegister(parentsUrl);
  people.push({ id: "mia.m", name: "Mia M.", roles: ["manager:dwp"] });
  people.push({ id: "mo.all", name: "Mo A.", roles: ["manager"] });
  await world.apply({ people });
  await answered(world, "It is paid on Friday.");
  await world.refer("parents");
  await world.refer("parents", { topic: "vaccination", excerpt: "Where do I get my second jab?" });
  await world.settle();
});
afterAll(() => world.close());

test("a manager of a department sees its figures and no other's, as tables with a chart beside them", async () => {
  const mia = await signIn(world, "person:mia.m");
  const { status, html } = await mia.get("/dashboard");
  expect([status, html]).toEqual([200, expect.stringContaining("<svg")]);
  const text = textOf(html);
  expect(text).toContain("Universal Credit specialists 2 2");
  expect(text).not.toContain("Vaccination");
  expect(text).toContain("Until the first reply, median");
  // Two open referrals for three advisors; somebody is on duty in every hour of service.
  expect(text).toMatch(
    /Open for each advisor Hours of service with nobody on duty Universal Credit specialists 2 .* 0\.67 0 Benefits press line 0 0 /,
  );
  expect(html).not.toMatch(/style=|<script/);
});

test("a manager across government sees all, by what they choose, and takes it along as a file", async () => {
  const mo = await signIn(world, "person:mo.all");
  const { html } = await mo.get("/dashboard?by=department");
  expect(textOf(html)).toContain("Department of Health 1");
  expect(textOf(html)).not.toContain("Open for each advisor");
  const csv = await mo.get("/dashboard?by=department&format=csv");
  expect(csv.headers.get("content-type")).toContain("text/csv");
  expect(csv.html).toContain("dwp");
  expect(csv.html).toContain("health");
});

test("a period that is none is said beside its field, and nothing is shown as nought that is not known", async () => {
  const mo = await signIn(world, "person:mo.all");
  const wrong = await mo.get("/dashboard?from=2026-06-20&to=2026-06-01");
  expect([wrong.status, wrong.html]).toEqual([422, expect.stringContaining('href="#from"')]);
  for (const day of ["2026-06-20", "2026-06-01"]) expect(wrong.html).toContain(`value="${day}"`);
  const empty = textOf((await mo.get("/dashboard?from=2020-01-01&to=2020-01-31")).html);
  expect(empty).toContain("Resolved Not known");
  expect((await mo.get("/cy/dashboard")).html).toContain('lang="cy"');
});

test("an advisor who leads nobody has no figures, a lead their pools', an operator their forum's", async () => {
  const amal = await signIn(world, "advisor:amal.h");
  expect((await amal.get("/dashboard")).status).toBe(403);
  const lee = await signIn(world, "advisor:lee.d");
  expect(textOf((await lee.get("/dashboard")).html)).toContain("Universal Credit specialists 2");
  const olive = await signIn(world, "person:olive.p");
  expect(textOf((await olive.get("/dashboard?by=forum")).html)).toContain("Example parents' forum 3");
});
