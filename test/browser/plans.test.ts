import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { createWorld, type World } from "../support/world.ts";
import { narrow, openBrowser, outOfReach, overflowOf, picture, violationsOn, wide } from "./support.ts";

const example = (name: string) =>
  parse(readFileSync(fileURLToPath(new URL(`../../examples/${name}`, import.meta.url)), "utf8"), {
    merge: true,
  });

let world: World;
let browser: Browser;

beforeAll(async () => {
  const register = example("register.yaml");
  world = await createWorld({
    start: new Date("2027-11-23T09:00:00Z"),
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
};

async function open(path: string, javaScriptEnabled: boolean): Promise<{ page: Page; complaints: string[] }> {
  const context = await browser.newContext({ javaScriptEnabled, viewport: wide });
  const page = await context.newPage();
  page.setDefaultTimeout(5_000);
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error" && !/status of 4\d\d/.test(message.text()))
      complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(error.message));
  await page.goto(`${world.instance.address}${path}`);
  return { page, complaints };
}

describe.each(["en", "cy"])("in %s,", (language) => {
  const at = (name: string) => `${language === "cy" ? "/cy" : ""}${pages[name]}`;

  test.each(Object.keys(pages))(
    "%s has no fault of accessibility, wide or narrow; without JavaScript it is the same and in the keyboard's reach",
    async (name) => {
      const { page, complaints } = await open(at(name), true);
      const content = await page.content();
      expect(await page.locator("html").getAttribute("lang")).toBe(language);
      expect(await violationsOn(page)).toEqual([]);
      await picture(page, `${name}-${language}-wide`);
      await page.setViewportSize(narrow);
      expect(await overflowOf(page)).toBeLessThanOrEqual(0);
      expect(await violationsOn(page)).toEqual([]);
      await picture(page, `${name}-${language}-narrow`);
      const { page: without, complaints: others } = await open(at(name), false);
      expect(await without.content()).toBe(content);
      expect(await outOfReach(without)).toEqual([]);
      expect([...complaints, ...others]).toEqual([]);
      await page.context().close();
      await without.context().close();
    },
  );
});

test("a plan that is overdue says so in the list, on its own page and at its own address", async () => {
  for (const path of ["/plans", plan, `${plan}/2`, `${plan}/1`]) {
    const { page } = await open(path, false);
    expect(await page.getByText("Overdue", { exact: true }).count()).toBeGreaterThan(0);
    await page.context().close();
  }
});
