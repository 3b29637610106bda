import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";

const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const screens = fileURLToPath(new URL("../../test-results/screens/", import.meta.url));

export const wide = { width: 1280, height: 900 };
/** The narrowest screen of WCAG 2.2, 1.4.10; also a screen of 1280 pixels at 400 % zoom. */
export const narrow = { width: 320, height: 640 };

/** Debian's chromium. */
export const openBrowser = (): Promise<Browser> =>
  chromium.launch({
    executablePath: "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
  });

/** A page, and what the browser had to complain about on it. */
export interface Opened {
  page: Page;
  /** Errors of scripts and of the content security policy, and dialogs that opened. */
  complaints: string[];
}

/** A window for one person: `cookie`, as `name=value`, is of whoever is signed in. */
export async function openWindow(
  browser: Browser,
  { javaScript, cookie, address }: { javaScript: boolean; cookie?: string | undefined; address: string },
): Promise<BrowserContext> {
  const context = await browser.newContext({ javaScriptEnabled: javaScript, viewport: wide });
  const [name, value] = cookie?.split("=") ?? [];
  if (name && value)
    await context.addCookies([{ name, value, url: address, httpOnly: true, sameSite: "Lax" }]);
  return context;
}

export async function openIn(context: BrowserContext, url: string): Promise<Opened> {
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error" && !/status of 4\d\d/.test(message.text()))
      complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("dialog", (dialog) => complaints.push(dialog.message()));
  await page.goto(url);
  return { page, complaints };
}

// Details of what passes are not made, and there is no media to load first.
const axeRun = `axe.run(document, { resultTypes: ["violations"], preload: false, runOnly: { type: "tag", values: [
  "wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"
] } }).then(({ violations }) => violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => id + ": " + html)))`;

/**
 * What is wrong with a page by WCAG 2.2 AA, as axe-core tells: the rule and where. It runs through the browser's
 * inspector, which no content security policy stops; it waits on timers, so scripts must be on.
 */
export async function violationsOn(page: Page): Promise<string[]> {
  if (!(await page.evaluate<boolean>("'axe' in window"))) await page.evaluate(axeSource);
  return page.evaluate<string[]>(axeRun);
}

/** How far a page is wider than its window, in pixels. */
export const overflowOf = (page: Page): Promise<number> =>
  page.evaluate<number>("document.documentElement.scrollWidth - window.innerWidth");

const focusable = "a[href], button, input:not([type=hidden]), textarea, select, summary";
const controls = `[...document.querySelectorAll("${focusable}")]
  .filter((control) => control.checkVisibility())
  // Radios of one name are one stop: the arrow keys go on from there.
  .filter((control, _at, all) => control.type !== "radio" || control ===
    (all.find((one) => one.name === control.name && one.checked) ?? all.find((one) => one.name === control.name)))`;

/**
 * Presses Tab until the control that the selector names has the focus, once round the page at most. What was pressed before
 * may still be bringing another page, so its controls are counted anew each time.
 */
export async function tabTo(page: Page, selector: string): Promise<void> {
  let controlsOnIt = 0;
  for (let press = 0; press <= controlsOnIt + 2; press += 1) {
    await page.keyboard.press("Tab");
    if (await page.locator(`${selector}:focus`).count()) return;
    controlsOnIt = await page.locator(`${focusable}, [tabindex="0"]`).count();
  }
  throw new Error(`The keyboard does not reach ${selector}.`);
}

/**
 * Controls of a page that the Tab key does not reach. The keys are pressed one after the other without looking in between: the
 * page, whose scripts have to be on, notes what had the focus.
 */
export async function outOfReach(page: Page): Promise<string[]> {
  const stops = await page.evaluate<number>(`(() => {
    window.reached = new Set([document.activeElement]);
    document.addEventListener("focusin", ({ target }) => window.reached.add(target));
    return ${controls}.length + document.querySelectorAll("[tabindex='0']").length;
  })()`);
  await Promise.all(Array.from({ length: stops + 2 }, () => page.keyboard.press("Tab")));
  return page.evaluate<string[]>(
    `${controls}.filter((control) => !window.reached.has(control)).map((control) => control.outerHTML)`,
  );
}

/** A picture of the whole page under `test-results/screens`; none where `CI` is set, for nobody would look at it. */
export async function picture(page: Page, name: string): Promise<void> {
  if (process.env.CI) return;
  mkdirSync(screens, { recursive: true });
  await page.screenshot({ path: `${screens}${name}.png`, fullPage: true });
}

/**
 * What is wrong with a page by WCAG 2.2 AA wide and narrow, with a picture of each; a page that is wider than its window
 * is wrong too. Leaves the window narrow.
 */
export async function faultsOn(page: Page, name: string): Promise<string[]> {
  const faults: string[] = [];
  for (const size of [wide, narrow]) {
    await page.setViewportSize(size);
    const overflow = await overflowOf(page);
    if (overflow > 0) faults.push(`${overflow} pixels wider than the window`);
    faults.push(...(await violationsOn(page)));
    await picture(page, `${name}-${size === wide ? "wide" : "narrow"}`);
  }
  return faults;
}
