import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { hostileDirectory } from "../web/hostile-directory.ts";
import { firstNumber, hostileRecord } from "../web/hostile-record.ts";
import { hostileTexts, manyHostileStrings } from "../web/hostile-strings.ts";
import { filled, formsIn, type ServedForm, unescaped } from "../web/served-forms.ts";
import { type Page, visit } from "../web/support.ts";
import { crawledSite, type Reached, routeOf, type WholeSite } from "../web/whole-site.ts";
import { type Said, sayAtTheDesk } from "./hostile-desk.ts";
import { replay } from "./replay.ts";
import { openBrowser } from "./support.ts";

let site: WholeSite;
let browser: Browser;
let pages: Reached[];
let routes: string[];

beforeAll(async () => {
  browser = await openBrowser();
  ({ site, routes, pages } = await crawledSite({ env: { TRUST_PROXY: "127.0.0.1" } }));
}, 300_000);
afterAll(async () => {
  await browser.close();
  await site.world.close();
});

/** Sends a form, or asks for what one asks for, and goes where that leads. */
async function send(form: ServedForm, values: Record<string, string>, path: string): Promise<Page> {
  const headers = {
    ...(path.startsWith("/sign-in") ? {} : { cookie: site.cookie }),
    "x-forwarded-for": nextAddress(),
  };
  const answer =
    form.method === "post"
      ? await visit(site.world, form.action, values, headers)
      : await visit(site.world, `${form.action}?${new URLSearchParams(values)}`, undefined, headers);
  const to = answer.headers.get("location");
  return answer.status === 303 && to ? visit(site.world, to, undefined, headers) : answer;
}

let addresses = 0;
/** A sender of its own for each form, so that no limit for one of them stands in the way. */
const nextAddress = () => {
  addresses += 1;
  return `203.0.${addresses >> 8}.${addresses & 255}`;
};

/** Every form with a field for text, once each. */
function formsForText(): Map<string, { form: ServedForm; path: string }> {
  const found = new Map<string, { form: ServedForm; path: string }>();
  for (const { forms, path } of pages) {
    for (const form of forms) {
      const names = form.fields.filter(({ kind }) => kind === "text").map(({ name }) => name);
      if (names.length > 0)
        found.set(`${form.method} ${routeOf(routes, form.method, form.action)} ${names}`, { form, path });
    }
  }
  return found;
}

/** What a page says of a text that was sent: the field that held it holds it again. */
const repeats = (page: Page, name: string, text: string): boolean =>
  formsIn(page.html).some(({ fields }) =>
    fields.some((one) => one.name === name && one.value.includes(text.trim())),
  );

/** Fields that the page after them does not say again, with where what was sent in them is seen; else nowhere. */
const elsewhere: Record<string, string[]> = {
  // An unknown code gets the same page whatever it was.
  "get /verify code": ["code"],
};

/** A question's address holds less than a form, and a form's fields share what one may send. */
const mostOf = (key: string, fields: number): number => {
  if (key.startsWith("post ")) return Math.floor(20_000 / fields);
  if (key.startsWith("get /desk ")) return 95;
  return key.startsWith("get /forums ") ? 190 : 400;
};

test("all 300 in every text field of every form: no script runs, and the policy has nothing to stop", async () => {
  expect(manyHostileStrings.length).toBeGreaterThanOrEqual(300);
  const answers: Page[] = [];
  const silent: Record<string, string[]> = {};
  for (const [key, { form, path }] of formsForText()) {
    const names = form.fields.filter(({ kind }) => kind === "text").map(({ name }) => name);
    const typed = names.filter((name) => name !== "surname");
    for (const text of hostileTexts(mostOf(key, typed.length))) {
      const values = Object.fromEntries(typed.map((name) => [name, text]));
      const page = await send(form, filled(form, values), path);
      expect([key, page.status, page.status < 500 && page.status !== 413]).toEqual([key, page.status, true]);
      answers.push(page);
      const unsaid = typed.filter((name) => !repeats(page, name, text));
      if (unsaid.length > 0) silent[key] = unsaid;
    }
  }
  expect(await replay(browser, answers)).toEqual([]);
  expect(silent).toEqual(elsewhere);
}, 300_000);

const own = (path: string): Promise<Page> => visit(site.world, path, undefined, { cookie: site.cookie });

/** Opens the pages that show what was said, and holds that they do. */
async function look(said: readonly Said[]): Promise<string[]> {
  const shown = new Map<string, Page>();
  const unsaid = new Set<string>();
  const passing: Page[] = [];
  for (const { field, text, path, page: then } of said) {
    const page = then ?? shown.get(path) ?? (await own(path));
    if (then) passing.push(then);
    else shown.set(path, page);
    if (page.status !== 200 || !unescaped(page.html).includes(text))
      unsaid.add(`${page.status} ${path}: ${field}`);
  }
  expect([...unsaid]).toEqual([]);
  return replay(browser, [...shown.values(), ...passing]);
}

test("nor where the desk and a member's page show what was kept of them", async () => {
  expect(await look(await sayAtTheDesk(site))).toEqual([]);
}, 300_000);

/** As long as a name may be. A description's first sentence is shorter still, and a line ends it. */
const shortTexts = hostileTexts(190);

test("nor in a proposal, before and after it is decided, or in a correction", async () => {
  const publisher = await site.world.keyFor("person:sol.v");
  const said: Said[] = [];
  const propose = async (path: string, form: Record<string, string>): Promise<string> => {
    const { status, headers, html } = await visit(site.world, path, form, {
      "x-forwarded-for": nextAddress(),
    });
    const reference = /PR-\w{4}-\w{4}/.exec(headers.get("location") ?? "")?.[0];
    if (!reference) throw new Error(`${status} ${form.address} ${html.slice(html.indexOf("<main"))}`);
    return reference;
  };
  for (const [at, text] of shortTexts.entries()) {
    const good = {
      address: `https://hostile-${at}th.example/`,
      name: text,
      about: `Hostile! ${text}`,
      relation: "other",
    };
    const reference = await propose("/propose", good);
    const waiting = {
      path: `/admin/proposals/${reference}`,
      page: await own(`/admin/proposals/${reference}`),
    };
    said.push({ ...waiting, field: "name", text }, { ...waiting, field: "about", text });
    const decision = { outcome: "not_listed", because: text };
    const decided = await site.world.call("POST", `/v1/proposals/${reference}/decision`, publisher, decision);
    expect(decided.status).toBe(200);
    const path = `/propose/${reference}`;
    said.push({ path, field: "because", text }, { path: "/propose/decisions", field: "name, decided", text });
  }
  for (const text of hostileTexts(1900, " ")) {
    const reference = await propose("/forums/netmums/correct", { says: text, relation: "other" });
    said.push({ field: "says", text, path: `/admin/proposals/${reference}` });
  }
  expect(await look(said)).toEqual([]);
}, 300_000);

test("nor in an entry of the directory, a plan, a report or a clinic, wherever these came from", async () => {
  const { world } = site;
  const lines = hostileTexts(190, " ");
  const admin = await world.keyFor("admin");
  const entries = hostileDirectory(shortTexts);
  const record = hostileRecord(lines);
  const put = async (path: string, body: object) => {
    const { status, body: answer } = await world.call("PUT", path, admin, body);
    if (status !== 200) throw new Error(JSON.stringify(answer).slice(0, 500));
  };
  const { body: register } = await world.call("GET", "/v1/register", admin);
  const parents = register.forums.find(({ slug }: { slug: string }) => slug === "parents");
  const both = { ...parents.intervention, models: ["referral", "clinic"], model: undefined };
  await put("/v1/register", { ...entries, forums: [...entries.forums, { ...parents, intervention: both }] });
  await put("/v1/plans", { plans: record.plans });
  await put("/v1/clinics", { clinics: record.clinics });
  const shows = (text: string, ...paths: string[]): Said[] =>
    paths.map((path) => ({ field: "any", text, path }));
  const said = [
    ...shortTexts.flatMap((text, at) => shows(text, `/forums/hostile-${at}th`)),
    ...shortTexts.flatMap((text) => shows(text, "/departments")),
    ...lines.flatMap((text, at) =>
      shows(
        text,
        `/departments/dwp/plan/${at + firstNumber}`,
        `/departments/dwp/progress/hostile?revision=${at + firstNumber}`,
        `/clinics/hostile-${at + firstNumber}`,
      ),
    ),
  ];
  expect(await look(said)).toEqual([]);
}, 300_000);

test("a template that forgets to escape one field is caught, by the script or by the policy that stops it", async () => {
  const [page] = pages.filter(({ route }) => route === "/desk/:ref");
  if (!page) throw new Error("Nobody has a desk.");
  const forgets = (text: string): Page => ({
    ...page,
    html: page.html.replace("<main", `<p>${text}</p><main`),
  });
  const escaped = manyHostileStrings.map((text) =>
    text.replace(/[&<>"']/g, (one) => `&#${one.charCodeAt(0)};`),
  );
  expect(await replay(browser, [forgets(escaped.join(" "))])).toEqual([]);
  for (const text of [
    "<script>window.ran=1</script>",
    "<img src=x onerror=window.ran=1>",
    "<base href=//evil.test>",
  ])
    expect(await replay(browser, [forgets(text)])).not.toEqual([]);
});
