import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { listingLink } from "../../src/forums/index.ts";
import { publishFigures } from "../../src/stats/index.ts";
import { isProof } from "../../src/web/proof-of-work.ts";
import type { World } from "../support/world.ts";
import { directoryWorld } from "../web/directory-support.ts";
import { visit } from "../web/support.ts";
import { type Opened, openBrowser, openIn, openWindow, tabTo } from "./support.ts";
import { type Shown, survey } from "./survey.ts";

const long = "An-address-without-any-place-to-break-it-in-two-".repeat(4);
const forwarded = { "x-forwarded-for": "198.51.100.7" };

let world: World;
let browser: Browser;
let waiting = "";
let refused = "";

const publisher = () => world.keyFor("person:sol.v");

async function propose(address: string, name: string): Promise<string> {
  const form = { address, name, relation: "member", about: "Where people ask each other." };
  const { headers } = await visit(world, "/propose", form, forwarded);
  return /PR-\w{4}-\w{4}/.exec(headers.get("location") ?? "")?.[0] ?? "";
}

/** A quarter with something to show and something to withhold. */
async function publishSomething(): Promise<void> {
  const at = new Date("2026-05-12T10:00:00Z");
  const of = (forumSlug: string, poolSlug: string, count: number) =>
    Array.from({ length: count }, (_, i) => ({
      reference: `FP-${forumSlug}-${i}`,
      forumSlug,
      poolSlug,
      state: "offered",
      consentBasis: "member-agreed",
      language: "en",
      urgency: "normal",
      routing: {},
      submittedAt: at,
      stateSince: at,
    }));
  const data = [
    ...of("example-parents", "uc", 1240),
    ...of("example-quiet-streets", "example-council-noise", 310),
    ...of("example-student-corner", "example-student-finance", 7),
  ];
  await world.db.prisma.referral.createMany({ data });
  world.clock.set(new Date("2026-07-16T08:00:00Z"));
  await publishFigures(world.instance.deps);
}

beforeAll(async () => {
  world = await directoryWorld({ env: { TRUST_PROXY: "127.0.0.1" } });
  browser = await openBrowser();
  const removed = { on: "2026-06-01", because: "It sells medicines to its members." };
  await world.apply({
    forums: [
      {
        slug: "gone",
        name: "A forum that is gone",
        url: `https://gone.example/${long}`,
        directory: { removed },
      },
      ...Array.from({ length: 110 }, (_, i) => ({ slug: `many-${i}`, name: `Many forums ${i}` })),
    ],
  });
  await publishSomething();
  waiting = await propose("https://waiting.example/", "A waiting forum");
  refused = await propose("https://refused.example/", "A refused forum");
  await world.call("POST", `/v1/proposals/${refused}/decision`, await publisher(), {
    outcome: "not_listed",
    criteria: ["open-to-join"],
    because: "Nobody has written there for four years.",
  });
});
afterAll(async () => {
  await browser.close();
  await world.close();
});

const submit = async (page: Page) => {
  await page.locator("form[method=post] button").click();
  await page.waitForLoadState();
};

const decideNothing = async (page: Page) => {
  await page.locator("main form button").click();
  await page.waitForLoadState();
};

/** Every page by the name of its picture, and what is done on it before it is looked at. */
const pages: Record<string, Shown> = {
  forums: { path: () => "/forums" },
  "forums-page-two": { path: () => "/forums?q=many&page=2" },
  "forums-searched": { path: () => "/forums?q=example&role=parents" },
  "forums-nothing": { path: () => "/forums?q=nothing-has-this-word" },
  "forum-whole": { path: () => "/forums/example-parents" },
  "forum-2009": { path: () => "/forums/money-saving-expert" },
  "forum-gone": { path: () => "/forums/gone" },
  listing: { path: () => new URL(listingLink(world.instance.deps, "example-night-owls")).pathname },
  propose: { path: () => "/propose" },
  "propose-empty": { path: () => "/propose?address=" },
  "propose-known": { path: () => "/propose?address=https://www.parents.example/index.php" },
  "propose-waiting": { path: () => "/propose?address=waiting.example" },
  "propose-form": { path: () => "/propose?address=https://parents.example/another" },
  "propose-mistakes": { path: () => "/propose?address=https://new.example/", before: submit },
  "proposal-waiting": { path: () => `/propose/${waiting}?sent=1` },
  "proposal-decided": { path: () => `/propose/${refused}` },
  decisions: { path: () => "/propose/decisions" },
  correct: { path: () => "/forums/example-parents/correct" },
  "correct-mistakes": { path: () => "/forums/example-parents/correct", before: submit },
  "admin-proposals": { who: "person:sol.v", path: () => "/admin/proposals" },
  "admin-decide": { who: "person:sol.v", path: () => `/admin/proposals/${waiting}` },
  "admin-decide-mistakes": {
    who: "person:sol.v",
    path: () => `/admin/proposals/${waiting}`,
    before: decideNothing,
  },
  departments: { path: () => "/departments" },
  department: { path: () => "/departments/dwp" },
  statistics: { path: () => "/statistics" },
  data: { path: () => "/data", before: (page) => page.locator("summary").first().click() },
};

async function open(path: string, javaScript: boolean): Promise<Opened> {
  const { address } = world.instance;
  return openIn(await openWindow(browser, { javaScript, address }), `${address}${path}`);
}

survey(pages, () => ({ world, browser }));

describe("by keyboard alone, without JavaScript,", () => {
  test("a forum is searched for and found", async () => {
    const { page } = await open("/forums", false);
    await tabTo(page, "#q");
    await page.keyboard.type("rhieni");
    await tabTo(page, "#nation");
    await page.keyboard.type("Wal");
    await page.keyboard.press("Enter");
    await tabTo(page, "form button");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "1 forum", exact: true }).waitFor();
    await tabTo(page, 'a[href="/forums/example-rhieni-cymru"]');
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { level: 1, name: "Fforwm enghreifftiol rhieni Cymru" }).waitFor();
    await page.context().close();
  });

  test("a forum is proposed, decided, listed, and corrected", async () => {
    const { page } = await open("/propose", false);
    await tabTo(page, "#address");
    await page.keyboard.type("by-keyboard.example");
    await page.keyboard.press("Enter");
    await page.getByText("Nobody has proposed this address").waitFor();
    await tabTo(page, "#name");
    await page.keyboard.type("A forum by keyboard");
    await tabTo(page, "#about");
    await page.keyboard.type("For people without a mouse.");
    await tabTo(page, "#relation");
    await page.keyboard.press("Space");
    await tabTo(page, "form[method=post] button");
    await page.keyboard.press("Enter");
    await page.getByText("Thank you. Your proposal was received").waitFor();
    const reference = /PR-\w{4}-\w{4}/.exec(page.url())?.[0];
    const decision = { outcome: "listed", criteria: ["peer-support"] };
    await world.call("POST", `/v1/proposals/${reference}/decision`, await publisher(), decision);
    await page.goto(`${world.instance.address}/propose/${reference}`);
    await tabTo(page, 'a[href="/forums/a-forum-by-keyboard"]');
    await page.keyboard.press("Enter");
    await page.getByText("For people without a mouse.").waitFor();
    await tabTo(page, 'a[href$="/correct"]');
    await page.keyboard.press("Enter");
    await tabTo(page, "#says");
    await page.keyboard.type("It has another name now.");
    await tabTo(page, "#relation");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Space");
    await tabTo(page, "form[method=post] button");
    await page.keyboard.press("Enter");
    await page.getByText("A correction of an entry").waitFor();
    await page.context().close();
  });

  test("a forum takes itself out", async () => {
    const { page } = await open(
      new URL(listingLink(world.instance.deps, "example-student-corner")).pathname,
      false,
    );
    await tabTo(page, "form button");
    await page.keyboard.press("Enter");
    await page.getByText("no longer listed").waitFor();
    await page.context().close();
  });
});

test("a browser with scripts works while its reader types, and nothing is to be seen of it", async () => {
  const { page, complaints } = await open("/propose?address=https://worked-for.example/", true);
  expect(await page.locator("#proof").inputValue()).toBe("");
  await page.locator("#name").fill("A forum that was worked for");
  await page.waitForFunction("document.getElementById('proof').value !== ''");
  await page.locator("#relation").check();
  const sent = page.waitForRequest((request) => request.method() === "POST");
  await page.locator("main form button").click();
  const form = new URLSearchParams((await sent).postData() ?? "");
  expect(isProof(form.get("challenge") ?? "", form.get("proof") ?? "")).toBe(true);
  await page.getByText("Thank you. Your proposal was received").waitFor();
  expect(complaints).toEqual([]);
  await page.context().close();
});
