import { parse } from "csv-parse/sync";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { World } from "../support/world.ts";
import { directoryWorld } from "./directory-support.ts";
import { hostileDirectory } from "./hostile-directory.ts";
import { hostileTexts, manyHostileStrings } from "./hostile-strings.ts";
import { type Browsing, signIn } from "./session.ts";
import { visit } from "./support.ts";

let world: World;
let sol: Browsing;
beforeAll(async () => {
  world = await directoryWorld({ env: { TRUST_PROXY: "127.0.0.1" } });
  sol = await signIn(world, "person:sol.v");
});
afterAll(() => world.close());

/** The one script of ours, on the forms that anybody may send. */
const ours = /<script type="module" src="\/assets\/proof-[0-9a-f]{10}\.js"><\/script>/g;

/** Markup that no template has: an element, handler or address that came out of a text. */
function strangers(page: string): string[] {
  const html = page.replace(ours, "");
  const found = [...html.matchAll(/<\/?([a-z!][^\s/>]*)((?:"[^"]*"|'[^']*'|[^>"'])*)>/gi)].flatMap(
    ([whole, name = "", rest = ""]) => {
      const attributes = [...rest.matchAll(/([^\s="/]+)(?:="([^"]*)")?|=/g)];
      const isOdd =
        /^(script|style|iframe|object|embed|base|video|audio|source|math|template|noscript|marquee|keygen|animate|img)$/i.test(
          name,
        ) ||
        /[A-Z]/.test(name.replace(/^!DOCTYPE$/, "")) ||
        attributes.some(([all, key = ""]) => all === "=" || /^on|^autofocus$|^http-equiv$/i.test(key)) ||
        attributes.some(
          ([, key = "", value = ""]) =>
            /^(href|action|src)$/.test(key) && !/^(\/(?!\/)|#|https?:\/\/)/.test(value),
        );
      return isOdd ? [whole] : [];
    },
  );
  return /\b49\b/.test(html) ? [...found, "49"] : found;
}

const clean = async (path: string) => {
  const { status, html } = await visit(world, path);
  expect([path, status, strangers(html)]).toEqual([path, 200, []]);
};

test("there are 300 of them, and each is found where nothing escapes it", () => {
  expect(manyHostileStrings.length).toBeGreaterThanOrEqual(300);
  expect(
    manyHostileStrings.filter((text) => strangers(`<p class="govuk-body">${text}</p>`).length === 0),
  ).toEqual([]);
});

test("no text of an entry becomes markup on any page, or a formula, or broken XML", async () => {
  const texts = hostileTexts(190);
  const applied = await world.apply(hostileDirectory(texts));
  expect(applied.status).toBe(200);
  for (const i of texts.keys()) {
    await clean(`/forums/hostile-${i}th`);
    await clean(`/departments/hostile-${i}th`);
  }
  for (const path of [
    "/cy/forums/hostile-0th",
    "/forums",
    "/departments",
    "/forums/hostile-0th/correct",
    "/statistics",
    "/data",
  ])
    await clean(path);
  const feed = await visit(world, "/forums/changes.atom");
  expect(feed.html.match(/<script|<img|&(?!amp;|lt;|gt;|quot;|apos;)/g)).toBeNull();
  const lines: string[][] = parse((await visit(world, "/data/forums.csv")).html);
  expect(new Set(lines.map((line) => line.length)).size).toBe(1);
});

test("nor what is searched for, proposed or corrected, before and after it is decided", async () => {
  let at = 0;
  for (const text of hostileTexts(900)) {
    at += 1;
    const from = { "x-forwarded-for": `198.51.100.${at}` };
    const query = encodeURIComponent(text.slice(0, 400));
    await clean(`/forums?q=${query}&role=${query}&department=${query}&model=${query}&page=${query}`);
    const bad = {
      address: text,
      name: text,
      about: text.repeat(2),
      relation: text,
      email: text,
      says: "",
      source: text,
    };
    for (const path of ["/propose", "/forums/netmums/correct"]) {
      const { status, html } = await visit(world, path, bad, from);
      expect([status, strangers(html)]).toEqual([422, []]);
    }
    const address = `https://hostile-${at}th.example/${encodeURIComponent(text.slice(0, 200))}`;
    const good = { address, name: text.slice(0, 190), about: `Hostile! ${text}`, relation: "other" };
    const { headers } = await visit(world, "/propose", good, from);
    const reference = /PR-\w{4}-\w{4}/.exec(headers.get("location") ?? "")?.[0];
    expect(reference).toBeDefined();
    const own = await sol.get(`/admin/proposals/${reference}`);
    expect([own.status, strangers(own.html)]).toEqual([200, []]);
    const refused = await sol.post(`/admin/proposals/${reference}`, {
      outcome: text,
      because: text,
      name: text,
      slug: text,
      description: text,
    });
    expect([refused.status, strangers(refused.html)]).toEqual([422, []]);
    const decision = { outcome: "not_listed", because: text };
    const path = `/v1/proposals/${reference}/decision`;
    expect((await world.call("POST", path, await world.keyFor("person:sol.v"), decision)).status).toBe(200);
    await clean(`/propose/${reference}`);
  }
  await clean("/propose/decisions");
  await clean("/cy/propose/decisions");
  expect(strangers((await sol.get("/admin/proposals")).html)).toEqual([]);
});
