import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createWorld, type World } from "../support/world.ts";
import { type Answered, answered, tokenOf } from "../web/support.ts";
import { type Opened, openBrowser, openIn, openWindow, tabTo } from "./support.ts";
import { type Shown, survey } from "./survey.ts";

const reply =
  "Your advance is paid within three working days of the day you asked for it. If it has not come by then, ring the " +
  "helpline on any weekday; they can see the payment.\n\nYou need your reference for that, never your password: " +
  "https://www.example.gov/a-very-long-address-without-any-place-to-break-it-in-two/advance-payments";

let world: World;
let browser: Browser;
let known: Answered;
let corrected: Answered;
let asked: string;

beforeAll(async () => {
  world = await createWorld();
  browser = await openBrowser();
  known = await answered(world, reply, { title: "Where is my advance?" });
  corrected = await answered(world, "The office is open on Saturdays.");
  const { replies } = await world.show(corrected.reference);
  await world.as("advisor:amal.h", corrected.reference, "correct", {
    reply: replies[0].id,
    text: "The office is open on Saturdays until noon.",
  });
  await world.settle();
  const { body } = await world.refer("parents", {
    consent: "ask-member",
    excerpt: "Ring me on 07700 900123, my postcode is SW1A 1AA.",
  });
  await world.settle();
  asked = tokenOf(world, body.reference);
});
afterAll(async () => {
  await browser.close();
  await world.close();
});

/** Every page by the name of its picture, and what is done on it before it is looked at. */
const pages: Record<string, Shown> = {
  home: { path: () => "/" },
  verify: { path: () => "/verify" },
  "verify-empty": { path: () => "/verify?code=" },
  "verify-unknown": { path: () => "/verify/0000-0000-00000" },
  "reply-official": { path: () => `/verify/${known.code}` },
  "reply-corrected": { path: () => `/verify/${corrected.code}` },
  "reply-same": { path: () => `/verify/${known.code}`, before: (page) => compare(page, reply, "") },
  "reply-differs": {
    path: () => `/verify/${known.code}`,
    before: (page) => compare(page, reply.replace("any weekday", "Sundays"), "https://copied.example/x"),
  },
  "reply-more": {
    path: () => `/verify/${known.code}`,
    before: (page) => compare(page, `${reply} Now pay £20.`, ""),
  },
  "reply-mistakes": {
    path: () => `/verify/${known.code}`,
    before: (page) => compare(page, "two words", "no place"),
  },
  "member-asked": { path: () => `/m/${asked}` },
  "member-answered": { path: () => `/m/${known.token}`, before: (page) => page.locator("summary").click() },
  "member-unknown": { path: () => "/m/nobody" },
  accessibility: { path: () => "/accessibility" },
  privacy: { path: () => "/privacy" },
  cookies: { path: () => "/cookies" },
  security: { path: () => "/security" },
  "not-found": { path: () => "/nowhere" },
};

async function compare(page: Page, text: string, where: string): Promise<void> {
  await page.locator("#text").fill(text);
  await page.locator("#where").fill(where);
  await page.locator("form[method=post] button").click();
  await page.waitForLoadState();
}

async function open(path: string, javaScript: boolean): Promise<Opened> {
  const { address } = world.instance;
  return openIn(await openWindow(browser, { javaScript, address }), `${address}${path}`);
}

survey(pages, () => ({ world, browser }));

describe("by keyboard alone, without JavaScript,", () => {
  test("a code is checked, and what was seen is compared", async () => {
    const { page } = await open("/", false);
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    expect(page.url()).toMatch(/#main$/);
    await tabTo(page, "#code");
    await page.keyboard.type(known.code.toLowerCase());
    await page.keyboard.press("Enter");
    await page.getByText("Digital fingerprint").waitFor();
    await tabTo(page, "#text");
    await page.keyboard.insertText(reply);
    await tabTo(page, "form[method=post] button");
    await page.keyboard.press("Enter");
    await page.getByText("It says the same").waitFor();
    await page.context().close();
  });

  test("a member says yes, and takes the question back", async () => {
    const { body } = await world.refer("parents", { consent: "ask-member" });
    await world.settle();
    const { page } = await open(`/m/${tokenOf(world, body.reference)}`, false);
    await tabTo(page, "button[value=yes]");
    await page.keyboard.press("Space");
    await page.getByText("Your question has been passed on.").waitFor();
    await tabTo(page, "summary");
    await page.keyboard.press("Enter");
    await tabTo(page, "button[value=withdraw]");
    await page.keyboard.press("Enter");
    await page.getByText("Your question was withdrawn.").waitFor();
    expect((await world.show(body.reference)).state).toBe("withdrawn");
    await page.context().close();
  });

  test("a member says that it helped", async () => {
    const { token, reference } = await answered(world, "It was paid this morning.");
    const { page } = await open(`/m/${token}`, false);
    await tabTo(page, "button[value=helped]");
    await page.keyboard.press("Enter");
    await page.getByText("You said").waitFor();
    expect((await world.show(reference)).state).toBe("resolved");
    await page.context().close();
  });
});
