import { afterAll, beforeAll, expect, test } from "vitest";
import { samplePlan } from "../plans/sample-plan.ts";
import { exampleRegister } from "../support/example-register.ts";
import { createWorld, type World } from "../support/world.ts";
import { manyHostileStrings } from "./hostile-strings.ts";
import { signIn } from "./session.ts";
import { strangers } from "./strangers.ts";
import { visit } from "./support.ts";

const at = "2026-06-01T09:00:00Z";
const longest = 200;

/** All strings on texts of at most 200 characters, the longest that a line of a plan takes. */
function joined(): string[] {
  const made: string[] = [];
  for (const text of manyHostileStrings) {
    const longer = `${made.at(-1) ?? ""} ${text}`.trim();
    if (made.length > 0 && longer.length <= longest) made[made.length - 1] = longer;
    else made.push(text.slice(0, longest));
  }
  return made;
}
const texts = joined();
/** Pages that are made of the same parts as others are looked at for one text in so many. */
const sometimes = process.env.TEST_LONG ? 1 : 10;
/** Numbers begin here, so that none is the 49 that a template would make of a hostile string. */
const start = 101;
/** A report's chart is markup, and holds nothing that anybody typed. */
const withoutChart = (html: string) => html.replace(/<div class="fp-chart">.*?<\/svg>\s*<\/div>/s, "");

/** The same text in each field of a document that takes any. */
const everywhere = (text: string) => ({
  title: text,
  summary: text,
  owner: text,
  objectives: [{ code: "a", text, indicator: text, baseline: text, target: text, date: "2026-12-31" }],
  forums: [{ forum: "parents", why: text, intervention: "referral" }],
  commitments: [
    {
      code: "a",
      text,
      who: text,
      hours: text,
      responseTimes: { normal: text, soon: text, urgent: text },
      clinics: text,
    },
  ],
  changing: [text],
  outOfScope: [text],
  escalation: text,
  guidance: text,
  dataProtection: text,
  resources: text,
  risks: [{ risk: text, response: text }],
});

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
  const figures = Object.fromEntries(
    [
      "received",
      "answered",
      "helped",
      "open",
      "firstReplyMedian",
      "firstReplyP90",
      "resolutionMedian",
      "resolutionP90",
    ].map((name) => [name, null]),
  );
  const versions = texts.map((text, index) => ({
    version: index + start,
    status: index === texts.length - 1 ? "published" : "withdrawn",
    because: text,
    createdAt: at,
    openedAt: at,
    publishedAt: index === texts.length - 1 ? at : null,
    document: samplePlan(everywhere(text)),
    consultation: {
      opens: "2026-05-01",
      closes: "2026-05-02",
      invited: ["parents"],
      responses: [
        {
          id: 1,
          forum: "parents",
          said: text,
          on: "2026-05-01",
          objection: true,
          liftedOn: null,
          decision: "no",
          did: text,
        },
      ],
    },
  }));
  const reports = texts.map((text, index) => ({
    revision: index + start,
    plan: start,
    publishedAt: at,
    notice: text,
    figures: { takenAt: at, clinicsPlanned: 0, clinicsHeld: 0, ...figures },
    document: {
      period: "hostile",
      from: "2026-05-01",
      to: "2026-05-31",
      summary: text,
      commitments: [{ code: "a", verdict: "met", evidence: text }],
      indicators: [{ code: "a", value: text, note: text }],
      insights: [{ learned: text, changed: text }],
      notDone: [{ what: text, why: text }],
      signedOffBy: text,
      nextDue: "2026-12-31",
    },
  }));
  await put("/v1/plans", { plans: [{ department: "dwp", versions, reports }] });
  const clinics = texts.map((text, index) => ({
    slug: `hostile-${index + start}`,
    document: {
      pool: "uc",
      forum: "parents",
      title: text,
      description: text,
      startsAt: "2026-06-10T11:00",
      minutes: 60,
      recurrence: "FREQ=WEEKLY;COUNT=2",
      thread: `https://parents.example/?q=${encodeURIComponent(text)}#"><script>`,
    },
    held: [
      {
        startsAt: "2026-06-10T10:00:00Z",
        finishedAt: "2026-06-10T11:00:00Z",
        answered: 1,
        leftOver: 0,
        summary: text,
      },
    ],
  }));
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
    const number = index + start;
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
    const { status, html } = await visit(world, `/clinics/hostile-${index + start}`);
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
  for (const path of ["/engagement", "/engagement/dwp", `/engagement/clinics/hostile-${start}`])
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
