import { afterAll, beforeAll, expect, test } from "vitest";
import { exampleRegister } from "../support/example-register.ts";
import { createWorld, type World } from "../support/world.ts";
import { firstNumber, hostileRecord } from "./hostile-record.ts";
import { hostileTexts, manyHostileStrings } from "./hostile-strings.ts";
import { signIn } from "./session.ts";
import { strangers } from "./strangers.ts";
import { visit } from "./support.ts";

const texts = hostileTexts(200, " ");
/** Pages that are made of the same parts as others are looked at for one text in so many. */
const sometimes = process.env.TEST_LONG ? 1 : 10;
/** A report's chart is markup, and holds nothing that anybody typed. */
const withoutChart = (html: string) => html.replace(/<div class="fp-chart">.*?<\/svg>\s*<\/div>/s, "");

let world: World;
let admin: string;

beforeAll(async () => {
  const register = exampleRegister("http://127.0.0.1:9");
  const forums = register.forums.map((one) =>
    one.slug === "parents"
      ? {
          ...one,
          intervention: { models: ["referral", "clinic"], agreedOn: "2026-01-05", agreedWith: "forum" },
        }
      : one,
  );
  world = await createWorld({ register: { ...register, forums } });
  admin = await world.keyFor("admin");
  const { plans, clinics } = hostileRecord(texts);
  await put("/v1/plans", { plans });
  await put("/v1/clinics", { clinics });
}, 120_000);
afterAll(() => world.close());

async function put(path: string, body: object): Promise<void> {
  const { status, body: answer } = await world.call("PUT", path, admin, body);
  if (status !== 200) throw new Error(JSON.stringify(answer).slice(0, 500));
}

test("300 hostile strings in every field of a plan, a consultation and a report are text wherever they are shown", async () => {
  expect(manyHostileStrings.length).toBeGreaterThanOrEqual(300);
  const plan = "/departments/dwp/plan";
  for (const [index] of texts.entries()) {
    const number = index + firstNumber;
    const paths = [
      `${plan}/${number}`,
      `/departments/dwp/progress/hostile?revision=${number}`,
      ...(index > 0 && index % sometimes === 0 ? [`/cy${plan}/${number - 1}...${number}`] : []),
    ];
    for (const path of paths) {
      const { status, html } = await visit(world, path);
      expect([path, status, strangers(withoutChart(html))]).toEqual([path, 200, []]);
      expect(html).toContain("&lt;");
    }
  }
  for (const path of ["/plans", "/progress", plan])
    expect(strangers((await visit(world, path)).html)).toEqual([]);
}, 120_000);

test("so are those in a clinic and its summary; a calendar has no line that they made", async () => {
  for (const [index] of texts.entries()) {
    const { status, html } = await visit(world, `/clinics/hostile-${index + firstNumber}`);
    expect([status, strangers(html)]).toEqual([200, []]);
  }
  expect(strangers((await visit(world, "/cy/clinics")).html)).toEqual([]);
  const { html } = await visit(world, "/departments/dwp/clinics.ics");
  const names = html
    .replaceAll("\r\n ", "")
    .split("\r\n")
    .map((line) => line.split(/[:;]/)[0] ?? "");
  expect(names.filter((name) => name !== "" && !/^[A-Z-]+$/.test(name))).toEqual([]);
}, 60_000);

test("and in the pages of whoever keeps the record, also when a form comes back with mistakes", async () => {
  const keeper = await signIn(world, "admin");
  for (const path of ["/engagement", "/engagement/dwp", `/engagement/clinics/hostile-${firstNumber}`])
    expect([path, strangers((await keeper.get(path)).html)]).toEqual([path, []]);
  for (const text of texts.filter((_, index) => index % sometimes === 0)) {
    const values = {
      title: text,
      summary: text,
      reviewDue: text,
      objectives: text,
      changing: text,
      risks: text,
    };
    const saved = await keeper.send("/engagement/dwp/save", values);
    expect([saved.status, strangers(saved.html)]).toEqual([422, []]);
  }
  const [text = ""] = texts;
  for (const deed of ["report", "clinic", "consult", "answers"]) {
    const values = {
      report: text,
      notice: text,
      slug: text,
      document: text,
      closes: text,
      invited: text,
      said: text,
    };
    const sent = await keeper.send(`/engagement/dwp/${deed}`, { version: "1", ...values });
    expect([deed, strangers(sent.html)]).toEqual([deed, []]);
  }
}, 60_000);
