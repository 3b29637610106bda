import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { samplePlan } from "../plans/sample-plan.ts";
import { createWorld, type World } from "../support/world.ts";
import { signIn } from "../web/session.ts";
import { type Opened, openBrowser, openIn, openWindow, picture, tabTo, violationsOn } from "./support.ts";
import { survey } from "./survey.ts";

const example = (name: string) =>
  parse(readFileSync(fileURLToPath(new URL(`../../examples/${name}`, import.meta.url)), "utf8"), {
    merge: true,
  });

let world: World;
let browser: Browser;
let cookie: string;
/** The page of whoever asked a question. */
let question = "";

const clinicPage = "/engagement/clinics/example-noise-evening";
const session = "2027-12-08T19:00:00.000Z";

/** What the pages of those who keep a record show while they work: a draft, a consultation, a session under way. */
async function beginOthers(admin: string): Promise<void> {
  const send = async (path: string, body: unknown, key = admin, headers = {}) => {
    const { status, body: answer } = await world.call("POST", path, key, body, headers);
    if (status >= 300) throw new Error(JSON.stringify(answer));
    return answer;
  };
  const forums = [
    { forum: "example-quiet-streets", why: "Questions come from there.", intervention: "referral" },
  ];
  for (const department of ["nhs", "dvla"])
    await send(`/v1/plans/${department}/draft`, { document: samplePlan({ forums }) });
  await send("/v1/plans/dvla/1/consult", { closes: "2027-12-31", invited: ["example-quiet-streets"] });
  await send("/v1/plans/dvla/1/answers", { said: "A day is too long.", forum: "example-quiet-streets" });
  const forum = await world.keyFor("forum:example-quiet-streets");
  for (const excerpt of ["What does a noise diary have to say?", "Whom do I ring at night?"]) {
    const body = { clinic: "example-noise-evening", excerpt, url: "https://quiet-streets.example/1" };
    const headers = { "idempotency-key": excerpt.slice(0, 8).replaceAll(" ", "-") };
    const { link } = await send(
      "/v1/forums/example-quiet-streets/questions",
      { ...body, moderator: "m", consent: "member-agreed" },
      forum,
      headers,
    );
    question = new URL(link).pathname;
  }
  await send(`/v1/clinics/example-noise-evening/sessions/${session}/open`, {});
}

beforeAll(async () => {
  const register = example("register.yaml");
  world = await createWorld({
    start: new Date("2027-12-08T18:45:00Z"),
    register: { ...register, forums: [...register.forums, ...forSecrets] },
  });
  const admin = await world.keyFor("admin");
  const { plans, clinics } = example("record.yaml");
  for (const [path, body] of [
    ["/v1/plans", { plans }],
    ["/v1/clinics", { clinics }],
  ] as const) {
    const { status, body: answer } = await world.call("PUT", path, admin, body);
    if (status !== 200) throw new Error(JSON.stringify(answer));
  }
  await beginOthers(admin);
  cookie = (await signIn(world, "admin")).cookie;
  browser = await openBrowser();
});
afterAll(async () => {
  await browser.close();
  await world.close();
});

/** Forums that every world gives a secret. */
const forSecrets = ["parents", "quiet", "young"].map((slug) => ({
  slug,
  name: `Example ${slug}`,
  intervention: null,
}));

const plan = "/departments/council/plan";
/** Every page by the name of its picture. */
const pages: Record<string, string> = {
  plans: "/plans",
  "plan-latest-overdue": plan,
  "plan-consulted": `${plan}/1`,
  "plan-compare": `${plan}/1...2`,
  progress: "/progress",
  "progress-report": "/departments/council/progress/2026-first-fortnight",
  "progress-report-older": "/departments/council/progress/2026-first-fortnight?revision=1",
  clinics: "/clinics",
  clinic: "/clinics/example-noise-evening",
  "clinic-ask": "/clinics/example-noise-evening/ask",
  "clinic-asked": "/q/",
  engagement: "/engagement",
  "engagement-draft": "/engagement/nhs",
  "engagement-consulting": "/engagement/dvla",
  "engagement-published": "/engagement/council",
  "engagement-clinic": clinicPage,
};

async function open(path: string, javaScript: boolean): Promise<Opened> {
  const { address } = world.instance;
  const whose = path.includes("/engagement") ? cookie : undefined;
  return openIn(await openWindow(browser, { javaScript, cookie: whose, address }), `${address}${path}`);
}

survey(
  Object.fromEntries(
    Object.entries(pages).map(([name, path]) => [
      name,
      {
        path: () => (path === "/q/" ? question : path),
        ...(path.startsWith("/engagement") ? { who: "admin" } : {}),
      },
    ]),
  ),
  () => ({ world, browser }),
);

test("a plan that is overdue says so in the list, on its own page and at its own address", async () => {
  for (const path of ["/plans", plan, `${plan}/2`, `${plan}/1`]) {
    const { page } = await open(path, false);
    expect(await page.getByText("Overdue", { exact: true }).count()).toBeGreaterThan(0);
    await page.context().close();
  }
});

describe("by keyboard alone, without JavaScript,", () => {
  test("an answer to a consultation is answered, and a mistake in a plan is found from its summary", async () => {
    const { page } = await open("/engagement/dvla", false);
    await tabTo(page, "#decision-1");
    await page.keyboard.press("ArrowDown");
    await tabTo(page, "#did-1");
    await page.keyboard.insertText("Half a day.");
    await tabTo(page, "form[action$=decide] button");
    await page.keyboard.press("Enter");
    await page.getByText("What you did is saved.").waitFor();
    const { page: draft } = await open("/engagement/nhs", false);
    await tabTo(draft, "#reviewDue");
    await draft.keyboard.press("Control+A");
    await draft.keyboard.insertText("soon");
    await tabTo(draft, "form[action$=save] button");
    await draft.keyboard.press("Enter");
    await draft.getByText("There is a problem").waitFor();
    await tabTo(draft, ".govuk-error-summary a");
    await draft.keyboard.press("Enter");
    expect(draft.url()).toMatch(/#reviewDue$/);
    expect(await violationsOn((await open("/engagement/nhs", true)).page)).toEqual([]);
    await picture(draft, "engagement-mistake-en-wide");
  });

  test("a question is taken and answered, and a session finished with its summary", async () => {
    const { page } = await open(clinicPage, false);
    await tabTo(page, "form[action$=queue] button[value=take]");
    await page.keyboard.press("Enter");
    await page.getByText("Taken", { exact: true }).waitFor();
    await tabTo(page, "form[action$=queue] button[value=answer]");
    await page.keyboard.press("Space");
    await page.getByText("Answered", { exact: true }).waitFor();
    await tabTo(page, "textarea[name=summary]");
    await page.keyboard.insertText("Two weeks of a diary are enough.");
    await tabTo(page, "form[action$=finish] button");
    await page.keyboard.press("Enter");
    await page.getByText("The session is finished.").waitFor();
    const { page: shown } = await open("/clinics", false);
    await shown.getByText("Two weeks of a diary are enough.").waitFor();
  });
});
