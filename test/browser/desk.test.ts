import type { Browser, BrowserContext } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { issueSignInLink } from "../../src/access/index.ts";
import { createWorld, hourMs, type World } from "../support/world.ts";
import { signIn } from "../web/session.ts";
import { type Opened, openBrowser, openIn, openWindow, tabTo } from "./support.ts";
import { type Shown, survey } from "./survey.ts";

const long = `My advance has not come. ${"They say to wait, and nobody rings. ".repeat(30)}`;

let world: World;
let browser: Browser;
/** A referral that is claimed by amal.h, one that is open, and one that was answered. */
let mine: string;
let open: string;
let done: string;

beforeAll(async () => {
  world = await createWorld();
  browser = await openBrowser();
  await world.keyFor("advisor:amal.h");
  const referred = async (body: Record<string, unknown> = {}) => {
    const { body: referral } = await world.refer("parents", body);
    await world.settle();
    return String(referral.reference);
  };
  done = await referred({ title: "An older question" });
  await world.as("advisor:amal.h", done, "claim");
  await world.as("advisor:amal.h", done, "reply", { text: "It is paid on Friday.\n\nRing if not." });
  await world.settle();
  mine = await referred({ title: "Where is my advance?", excerpt: long, note: "She is worried." });
  await world.as("advisor:amal.h", mine, "claim");
  await referred({ topic: undefined, excerpt: "Who mends the lamp at our corner?" });
  open = await referred({ urgency: "urgent" });
  await referred();
  world.clock.advance(3 * hourMs);
});
afterAll(async () => {
  await browser.close();
  await world.close();
});

/** A browser in which somebody is signed in, or nobody. */
async function signedIn(scope: string, javaScript: boolean): Promise<BrowserContext> {
  const cookie = scope === "" ? undefined : (await signIn(world, ...scope.split(" "))).cookie;
  return openWindow(browser, { javaScript, cookie, address: world.instance.address });
}

async function openAt(context: BrowserContext, path: string): Promise<Opened> {
  return openIn(context, `${world.instance.address}${path}`);
}

/** Every page by the name of its picture: where it is, whose it is, and what is done on it before it is looked at. */
const pages: Record<string, Shown> = {
  "sign-in": { path: () => "/sign-in?next=%2Fdesk" },
  "sign-in-mistake": {
    path: () => "/sign-in",
    async before(page) {
      await page.locator("#email").fill("no address");
      await page.locator("main form button").click();
    },
  },
  "sign-in-sent": { path: () => "/sign-in?sent=1" },
  "sign-in-link-gone": { path: () => "/sign-in/used" },
  "sign-in-done": { who: "advisor:amal.h", path: () => "/sign-in" },
  desk: { who: "advisor:amal.h person:sam.t", path: () => "/desk" },
  "desk-found": { who: "advisor:amal.h", path: () => `/desk?q=${open}` },
  "desk-referral": { who: "advisor:amal.h", path: () => `/desk/${mine}` },
  "desk-full-text": { who: "advisor:amal.h", path: () => `/desk/${mine}?full=1` },
  "desk-answered": { who: "advisor:amal.h", path: () => `/desk/${done}` },
  "desk-reply": { who: "advisor:amal.h", path: () => `/desk/${mine}/reply` },
  "desk-reply-mistake": {
    who: "advisor:amal.h",
    path: () => `/desk/${mine}/reply`,
    before: (page) => page.locator("button[value=preview]").click(),
  },
  "desk-preview": {
    who: "advisor:amal.h",
    path: () => `/desk/${mine}/reply`,
    async before(page) {
      await page
        .locator("#text")
        .fill("Your number QQ 12 34 56 C is on our list.\n\nSee http://www.example.gov");
      await page.locator("button[value=preview]").click();
    },
  },
  "desk-decline": { who: "advisor:amal.h", path: () => `/desk/${mine}/decline` },
  "desk-resolve-mistake": {
    who: "advisor:amal.h",
    path: () => `/desk/${done}/resolve`,
    before: (page) => page.locator("main form button").last().click(),
  },
  "desk-guidance": { who: "advisor:bea.k", path: () => `/desk/guidance?ref=${open}` },
  operator: { who: "operator:parents", path: () => "/operator" },
  "operator-mistake": {
    who: "operator:parents",
    path: () => "/operator",
    async before(page) {
      await page.locator("#url").fill("https://elsewhere.example/");
      await page.locator("form[action$=prove-post] button").click();
    },
  },
  dashboard: { who: "admin", path: () => "/dashboard" },
  admin: { who: "admin", path: () => "/admin" },
};

survey(pages, () => ({ world, browser }));

describe("by keyboard alone, without JavaScript,", () => {
  test("an advisor signs in by a link, reads the guidance, claims, looks at the reply, sends it and signs out", async () => {
    const { deps } = world.instance;
    const link = await deps.transaction((tx) => issueSignInLink(deps, tx, { scopes: ["advisor:bea.k"] }));
    const context = await signedIn("", false);
    const { page } = await openAt(context, new URL(link.url).pathname);
    await tabTo(page, "main button");
    await page.keyboard.press("Enter");
    await page.getByText("Your desk").first().waitFor();
    await tabTo(page, `a[href="/desk/${open}"]`);
    await page.keyboard.press("Enter");
    await tabTo(page, "form[action$=claim] button");
    await page.keyboard.press("Enter");
    await page.getByText("Before you answer").first().waitFor();
    await tabTo(page, "main form button");
    await page.keyboard.press("Space");
    await page.getByText("You can claim it now").waitFor();
    await tabTo(page, "form[action$=claim] button");
    await page.keyboard.press("Enter");
    await page.getByText("It is yours now").waitFor();
    await tabTo(page, `a[href="/desk/${open}/reply"]`);
    await page.keyboard.press("Enter");
    await tabTo(page, "#text");
    await page.keyboard.insertText("It is paid on Friday.\n\nAsk again if it is not.");
    await tabTo(page, "button[value=preview]");
    await page.keyboard.press("Enter");
    await page.getByText("This is what is sent").first().waitFor();
    await tabTo(page, "button[value=send]");
    await page.keyboard.press("Enter");
    await page.getByText("It is on its way to the forum").waitFor();
    await world.settle();
    expect((await world.show(open)).state).toBe("replied");
    expect((await world.show(open)).replies[0].text).toBe("It is paid on Friday.\n\nAsk again if it is not.");
    await tabTo(page, "form[action$=sign-out] button");
    await page.keyboard.press("Enter");
    await page.getByText("Your email address").waitFor();
    await context.close();
  });

  test("a forum's operator makes the secret, sends a test referral and sees it arrive", async () => {
    const context = await signedIn("operator:young", false);
    const { page } = await openAt(context, "/operator");
    await tabTo(page, "form[action$=secret] button");
    await page.keyboard.press("Enter");
    await page.getByText("whsec_").waitFor();
    await tabTo(page, "form[action$=test] button");
    await page.keyboard.press("Enter");
    await page.getByText("It is under way.").waitFor();
    await context.close();
  });
});
