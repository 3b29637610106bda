import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createWorld, type World } from "../support/world.ts";
import { answered, visit } from "./support.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const both = (path: string) => [path, path === "/" ? "/cy" : `/cy${path}`];
const directory = [
  "/forums",
  "/forums/parents",
  "/propose",
  "/propose/decisions",
  "/departments",
  "/departments/dwp",
];
const plain = [
  ...["/", "/verify", "/accessibility", "/privacy", "/cookies", "/security", "/statistics", "/data"],
  ...directory,
].flatMap(both);
/** What only GOV.UK may show, in any spelling: its typeface, its emblem and its name as a picture. */
const reserved = /gds[ -]?transport|crown|crest|logotype|@font-face|rebrand/i;

/** Every file that a page loads. */
const filesOf = (html: string) =>
  [
    ...html.matchAll(/<(?:link rel="(?:stylesheet|icon)"[^>]*href|script[^>]*src|img[^>]*src)="([^"]+)"/g),
  ].map(([, address]) => address ?? "");

describe("each page", () => {
  test.each(plain)("%s says its language, links its twin and loads nothing of others", async (path) => {
    const { status, headers, html } = await visit(world, path);
    expect(status).toBe(200);
    expect(headers.get("content-type")).toBe("text/html; charset=utf-8");
    expect(headers.get("set-cookie")).toBeNull();
    expect(html).toContain(`<html lang="${path.startsWith("/cy") ? "cy" : "en"}"`);
    for (const twin of both(path.replace(/^\/cy$/, "/").replace(/^\/cy\//, "/")))
      expect(html).toContain(`href="${twin}"`);
    expect(html).not.toMatch(/<script|<style| style=| on[a-z]+=|\{\{|undefined|\[object/);
    expect(filesOf(html).every((address) => address.startsWith("/assets/"))).toBe(true);
  });

  test("both languages have the same headings, parts and links", async () => {
    for (const path of plain.filter((address) => !address.startsWith("/cy"))) {
      const [en = "", cy = ""] = await Promise.all(
        both(path).map(async (at) => (await visit(world, at)).html),
      );
      const shape = (html: string) => [...html.matchAll(/<(h\d|p|li|form|label)\b/g)].map(([, tag]) => tag);
      expect(shape(cy)).toEqual(shape(en));
    }
  });

  test("no page, style sheet or picture has a trace of the reserved typeface, emblem or logotype", async () => {
    const { code, token } = await answered(world, "It is paid on Friday of this week.");
    const pages = [...plain, `/verify/${code}`, `/m/${token}`, "/verify/0", "/nowhere"];
    const files = new Set<string>();
    for (const path of pages) {
      const { html } = await visit(world, path);
      expect(reserved.exec(html)?.[0]).toBeUndefined();
      for (const address of filesOf(html)) files.add(address);
    }
    expect(files.size).toBe(2);
    for (const address of files) {
      const file = await visit(world, address);
      expect(file.status).toBe(200);
      expect(file.headers.get("cache-control")).toContain("immutable");
      expect(reserved.exec(file.html)?.[0]).toBeUndefined();
      expect(file.html).not.toContain("url(");
    }
  });

  test("the style sheet names Arial, and the check of its traces is not blind", async () => {
    const { html } = await visit(world, "/");
    const sheet = await visit(world, filesOf(html).find((address) => address.endsWith(".css")) ?? "");
    expect(sheet.html).toContain("font-family:arial,sans-serif");
    expect(reserved.test('font-family:"GDS Transport",arial')).toBe(true);
    expect(reserved.test(".govuk-footer__copyright-logo{background-image:url(govuk-crest.svg)}")).toBe(true);
  });
});

describe("a refusal", () => {
  test("is a page for people, in their language, and a problem for programs", async () => {
    const page = await visit(world, "/cy/nowhere");
    expect([page.status, page.headers.get("content-type")]).toEqual([404, "text/html; charset=utf-8"]);
    expect(page.html).toContain("Heb ddod o hyd i&#39;r dudalen");
    for (const accept of ["*/*", "application/json", "application/problem+json, text/html;q=0.1"]) {
      const { headers } = await visit(world, "/nowhere", undefined, { accept });
      expect(headers.get("content-type")).toContain("application/problem+json");
    }
    const api = await visit(world, "/v1/referrals");
    expect([api.status, api.headers.get("content-type")]).toEqual([
      401,
      "application/problem+json; charset=utf-8",
    ]);
  });

  test("of a form that is too large or of another kind is a page too", async () => {
    const large = await visit(world, "/verify/0", { text: "x".repeat(70_000) });
    expect([large.status, large.html.includes("This did not work")]).toEqual([413, true]);
    const other = await visit(world, "/verify/0", { text: "x" }, { "content-type": "text/plain" });
    expect(other.status).toBe(415);
  });

  test("forms are taken by pages only: the interface still takes JSON and nothing else", async () => {
    const { status } = await visit(
      world,
      "/v1/explain",
      { text: "x" },
      {
        authorization: `Bearer ${await world.keyFor("person:sam.t")}`,
      },
    );
    expect(status).toBe(415);
  });
});

test("security.txt names where to report and has not expired", async () => {
  const { status, headers, html } = await visit(world, "/.well-known/security.txt");
  expect([status, headers.get("content-type")]).toEqual([200, "text/plain; charset=utf-8"]);
  const [, expires = ""] = /^Expires: (.+)$/m.exec(html) ?? [];
  expect(new Date(expires).getTime()).toBeGreaterThan(world.clock.now().getTime());
  const [, contact = ""] = /^Contact: (.+)$/m.exec(html) ?? [];
  expect((await visit(world, new URL(contact).pathname)).status).toBe(200);
});
