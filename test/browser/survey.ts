import type { Browser, Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { addressIn } from "../../src/web/site.ts";
import type { World } from "../support/world.ts";
import { signIn } from "../web/session.ts";
import {
  faultsOn,
  narrow,
  type Opened,
  openIn,
  openWindow,
  outOfReach,
  overflowOf,
  wide,
} from "./support.ts";

/** A page to be looked at. */
export interface Shown {
  path: () => string;
  /** Whose it is, as scopes with a space between; nobody's where it is left out. */
  who?: string;
  /** What is done on it before it is looked at. */
  before?: (page: Page) => Promise<unknown>;
}

/**
 * Looks at every page, by the name of its picture, in both languages: with scripts, wide and narrow, no fault that axe-core
 * finds, nothing that the browser complains of, all of it in the keyboard's reach; without scripts, narrow, the same page,
 * no wider than its window. Windows stay open from one page to the next, which saves more time than anything else.
 */
export function survey(
  pages: Readonly<Record<string, Shown>>,
  ground: () => { world: World; browser: Browser },
): void {
  const windows = new Map<string, Promise<Opened>>();

  function windowOf(who: string, javaScript: boolean): Promise<Opened> {
    const key = `${javaScript} ${who}`;
    const open = async () => {
      const { world, browser } = ground();
      const { address } = world.instance;
      const cookie = who === "" ? undefined : await cookieOf(who);
      return openIn(await openWindow(browser, { javaScript, cookie, address }), "about:blank");
    };
    const known = windows.get(key) ?? open();
    windows.set(key, known);
    return known;
  }

  const cookies = new Map<string, Promise<string>>();
  function cookieOf(who: string): Promise<string> {
    const known = cookies.get(who) ?? signIn(ground().world, ...who.split(" ")).then(({ cookie }) => cookie);
    cookies.set(who, known);
    return known;
  }

  async function goTo(
    language: "en" | "cy",
    { path, who = "", before }: Shown,
    javaScript: boolean,
  ): Promise<Opened> {
    const opened = await windowOf(who, javaScript);
    opened.complaints.length = 0;
    await opened.page.setViewportSize(javaScript ? wide : narrow);
    await opened.page.goto(`${ground().world.instance.address}${addressIn(language, path())}`);
    await before?.(opened.page);
    if (before) await opened.page.waitForLoadState();
    return opened;
  }

  describe.each(["en", "cy"] as const)("in %s,", (language) => {
    test.each(Object.entries(pages))(
      "%s has no fault of accessibility, wide or narrow, is in the keyboard's reach, and is the same without JavaScript",
      async (name, shown) => {
        const { page, complaints } = await goTo(language, shown, true);
        const { page: without, complaints: others } = await goTo(language, shown, false);
        expect(await page.locator("html").getAttribute("lang")).toBe(language);
        expect(madeOnce(await without.content())).toBe(madeOnce(await page.content()));
        expect(await overflowOf(without)).toBeLessThanOrEqual(0);
        expect(await faultsOn(page, `${name}-${language}`)).toEqual([]);
        expect(await outOfReach(page)).toEqual([]);
        expect([...complaints, ...others]).toEqual([]);
      },
      60_000,
    );
  });
}

/** A page without what is another each time it is served, or belongs to one of two sessions. */
const madeOnce = (html: string): string =>
  html.replace(/(name="(?:once|challenge|form)"(?: id="\w+")? value=")[^"]*/g, "$1");
