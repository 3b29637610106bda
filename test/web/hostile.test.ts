import { afterAll, beforeAll, expect, test } from "vitest";
import { createWorld, type World } from "../support/world.ts";
import { hostileStrings } from "./hostile-strings.ts";
import { answered, visit } from "./support.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const tags = new Set(
  (
    "a blockquote body br button dd details div dl dt footer form h1 h2 h3 head header html input label li link main " +
    "mark meta nav ol p span strong summary textarea time title ul"
  ).split(" "),
);

/** Markup of a page that the templates do not have: another element, a handler, an address that is no page. */
function strangers(html: string): string[] {
  const found = [...html.matchAll(/<\/?([a-z!][^\s/>]*)([^>]*)>/gi)].flatMap(
    ([whole, name = "", rest = ""]) => {
      if (whole.toLowerCase() === "<!doctype html>") return [];
      const isKnown =
        tags.has(name) && !/[\s/]on\w+\s*=|http-equiv|autofocus|=(?!")/i.test(rest.replace(/="[^"]*"/g, ""));
      const addresses = [...rest.matchAll(/\s(?:href|action|src)="([^"]*)"/g)].map(
        ([, address]) => address ?? "",
      );
      return isKnown && addresses.every((address) => /^(\/(?!\/)|#|https?:\/\/)/.test(address))
        ? []
        : [whole];
    },
  );
  return /\b49\b/.test(html) ? [...found, "49"] : found;
}

/** As many as fit, and all of them over several rounds. */
const rounds = [0, 1, 2, 3].map((part) => hostileStrings.filter((_, index) => index % 4 === part).join("\n"));

test("no hostile string becomes markup on a member's page, in whichever field it came", async () => {
  expect(hostileStrings.length).toBeGreaterThanOrEqual(100);
  for (const text of rounds) {
    const { body } = await world.refer("parents", {
      title: text.slice(0, 200),
      excerpt: text,
      member: text.slice(0, 60),
      url: `https://parents.example/?q=${encodeURIComponent(text.slice(0, 300))}#"><script>`,
      externalId: text.slice(0, 60),
    });
    await world.settle();
    const told = world.callbacks.findLast(({ data }) => data.reference === body.reference);
    const { status, html } = await visit(world, new URL(String(told?.data.memberLink)).pathname);
    expect([status, strangers(html)]).toEqual([200, []]);
    expect(html).toContain("&lt;");
  }
});

test("nor in a reply, where its forum shows it, what is compared with it, or where that was seen", async () => {
  for (const text of rounds) {
    const { code, token } = await answered(
      world,
      // Outside code a forum is sent no HTML at all.
      `Five plain words come first.\n\n\`\`\`\n${text}\n\`\`\``,
      {},
      "javascript:alert(1)",
    );
    const shown = await visit(world, `/verify/${code}`);
    expect([shown.status, strangers(shown.html)]).toEqual([200, []]);
    expect(strangers((await visit(world, `/m/${token}`)).html)).toEqual([]);
    for (const where of ["", text.slice(0, 50), "https://evil.test/?<script>"]) {
      const { html } = await visit(world, `/verify/${code}`, {
        text: `Five plain words come second.\n${text}`,
        where,
      });
      expect(strangers(html)).toEqual([]);
      expect(html).toContain("&lt;");
    }
  }
});

test("nor in a code, an address that is not there, or what a redirect says", async () => {
  for (const text of hostileStrings) {
    const short = encodeURIComponent(text.slice(0, 60));
    for (const path of [`/verify/${short}`, `/nowhere/${short}`, `/m/${short}?done=${short}`]) {
      const { status, html } = await visit(world, path);
      expect([path, status, strangers(html)]).toEqual([path, 404, []]);
    }
    const { headers } = await visit(world, `/verify?code=${short}`);
    expect(headers.get("location") ?? "/verify").toMatch(/^\/verify/);
  }
});

test("a page that forgets to escape is caught", () => {
  const missed = hostileStrings.filter((text) => strangers(`<p class="govuk-body">${text}</p>`).length === 0);
  expect(missed).toEqual([]);
});
