import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";

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

const axeRun = `axe.run(document, { runOnly: { type: "tag", values: [
  "wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"
] } }).then(({ violations }) => violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => id + ": " + html)))`;

/**
 * What is wrong with a page by WCAG 2.2 AA, as axe-core tells: the rule and where. It runs through the browser's
 * inspector, which no content security policy stops; it waits on timers, so scripts must be on.
 */
export async function violationsOn(page: Page): Promise<string[]> {
  await page.evaluate(axeSource);
  return page.evaluate<string[]>(axeRun);
}

/** How far a page is wider than its window, in pixels. */
export const overflowOf = (page: Page): Promise<number> =>
  page.evaluate<number>("document.documentElement.scrollWidth - window.innerWidth");

const controls = `[...document.querySelectorAll("a[href], button, input:not([type=hidden]), textarea, select, summary")]
  .filter((control) => control.checkVisibility())
  // Radios of one name are one stop: the arrow keys go on from there.
  .filter((control, _at, all) => control.type !== "radio" || control ===
    (all.find((one) => one.name === control.name && one.checked) ?? all.find((one) => one.name === control.name)))`;

/** Controls of a page that the Tab key does not reach. */
export async function outOfReach(page: Page): Promise<string[]> {
  const count = await page.evaluate<number>(
    `(window.reached = new Set(), ${controls}.length + document.querySelectorAll("[tabindex='0']").length)`,
  );
  for (let press = 0; press < count + 2; press += 1) {
    await page.keyboard.press("Tab");
    await page.evaluate("void window.reached.add(document.activeElement)");
  }
  return page.evaluate<string[]>(
    `${controls}.filter((control) => !window.reached.has(control)).map((control) => control.outerHTML)`,
  );
}

/** A picture of the whole page under `test-results/screens`. */
export async function picture(page: Page, name: string): Promise<void> {
  mkdirSync(screens, { recursive: true });
  await page.screenshot({ path: `${screens}${name}.png`, fullPage: true });
}
