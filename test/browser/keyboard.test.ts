import type { Browser, BrowserContext } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { actions } from "../../adapters/desk/actions.ts";
import { crawledSite, formsOfTemplates, type Reached, routeOf, type WholeSite } from "../web/whole-site.ts";
import { type Served, walk } from "./keyboard.ts";
import { openBrowser, openWindow } from "./support.ts";

let site: WholeSite;
let browser: Browser;
let routes: string[];
let pages: Reached[];
let context: BrowserContext;

beforeAll(async () => {
  browser = await openBrowser();
  ({ site, routes, pages } = await crawledSite());
  const { cookie } = site;
  context = await openWindow(browser, { javaScript: false, cookie, address: site.world.instance.address });
}, 300_000);
afterAll(async () => {
  await browser.close();
  await site.world.close();
});

/** A form by where it goes, what it asks for, and the buttons that send it. */
const keysOf = ({ forms }: Reached): string[] =>
  forms.map(({ method, action, fields, buttons }) =>
    [
      method,
      routeOf(routes, method, action),
      fields.map(({ name }) => name),
      buttons.map(({ value }) => value),
    ].join(" "),
  );

/** As few pages as have every form between them. */
function fewest(all: readonly Reached[]): Reached[] {
  const chosen: Reached[] = [];
  const missing = new Set(all.flatMap(keysOf));
  const gain = (page: Reached) => new Set(keysOf(page).filter((key) => missing.has(key))).size;
  while (missing.size > 0) {
    const best = all.reduce((one, other) => (gain(other) > gain(one) ? other : one));
    chosen.push(best);
    for (const key of keysOf(best)) missing.delete(key);
  }
  return chosen;
}

/** What is no page: files, addresses that lead elsewhere, and the identity provider's. */
const isNoPage =
  /^GET (\/data\/.*|\/data\.json|\/hsds.*|\/assets\/.*|.*\.(atom|json|ics|txt)|\/sign-in\/(provider|callback))$/;

test("every page, and every form that a template has or that a route takes, is among those that are walked", () => {
  const visited = new Set(pages.map(({ route }) => `GET ${route}`));
  const fixed = routes.filter((route) => !/:(action|deed)/.test(route));
  const gets = fixed.filter((route) => route.startsWith("GET ") && !isNoPage.test(route));
  expect(gets.filter((route) => !visited.has(route))).toEqual([]);
  const forms = pages.flatMap((page) => page.forms);
  const taken = new Set(
    forms.map(({ method, action }) => `${method.toUpperCase()} ${routeOf(routes, method, action)}`),
  );
  const posts = [
    ...fixed.filter((route) => route.startsWith("POST ")),
    ...actions.map(({ id }) => `POST /desk/:ref/${id}`),
  ];
  expect(posts.filter((route) => !taken.has(route))).toEqual([]);
  expect(
    formsOfTemplates().filter(({ address }) => !forms.some(({ action }) => address.test(action))),
  ).toEqual([]);
  expect(pages.filter(({ status }) => status !== 200).map(({ path, status }) => [path, status])).toEqual([]);
});

const served = ({ html, headers, path }: Reached): Served => ({
  html,
  headers,
  address: `${site.world.instance.address}${path}`,
});

test("every form is reached, filled in and sent by keyboard alone, without JavaScript, and the focus is seen", async () => {
  const faults: Record<string, string[]> = {};
  for (const page of fewest(pages)) {
    const found = await walk(context, served(page));
    if (found.length > 0) faults[page.path] = found;
  }
  expect(faults).toEqual({});
}, 300_000);

test("a walk finds a button that no key reaches, a field that does, and a focus that nobody sees", async () => {
  const page = pages.find(
    ({ route, forms }) => route === "/propose" && forms.some(({ method }) => method === "post"),
  );
  if (!page) throw new Error("Nobody can propose.");
  const changed = async (change: Partial<Served>) =>
    (await walk(context, { ...served(page), ...change })).join();
  const without = (tag: string) => page.html.replace(new RegExp(`(<main[^]*?<${tag}) `), '$1 tabindex="-1" ');
  expect(await changed({ html: without("button") })).toMatch(/never pressed: \/propose/);
  expect(await changed({ html: without("textarea") })).toMatch(/never come by: \/propose about/);
  expect(await changed({ style: "* { outline: none !important }" })).toMatch(
    /no sign of the focus on button/,
  );
});
