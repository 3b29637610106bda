import { afterAll, beforeAll, expect, test } from "vitest";
import { createWorld, type World } from "../../support/world.ts";
import { hostileStrings } from "../../web/hostile-strings.ts";
import { type Browsing, signIn } from "../../web/session.ts";
import { strangers } from "../../web/strangers.ts";

let world: World;
let amal: Browsing;
let olive: Browsing;
let admin: Browsing;
beforeAll(async () => {
  world = await createWorld();
  await world.keyFor("advisor:amal.h");
  amal = await signIn(world, "advisor:amal.h");
  olive = await signIn(world, "operator:parents");
  admin = await signIn(world, "admin");
});
afterAll(() => world.close());

/** More than three hundred: each string as it is, in capitals, and behind a line of its own. */
const strings = [
  ...hostileStrings,
  ...hostileStrings.map((text) => text.toUpperCase()),
  ...hostileStrings.map((text) => `\n${text}\n`),
];
/** As many at once as a short field takes, so that every string goes through every field. */
const rounds = Array.from({ length: 12 }, (_, part) =>
  strings.filter((_text, index) => index % 12 === part).join("\n"),
);
/** Without our own charts; what a string could bring does not begin as they do. */
const withoutCharts = (html: string) =>
  html.replace(/<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" viewBox=[\s\S]*?<\/svg>/g, "");
const clean = (html: string) => strangers(withoutCharts(html));

/** Texts as they fit into a field; a page shows them escaped, and as nothing else. */
const pieces = (most: number) =>
  rounds.flatMap((text) => text.match(new RegExp(`[\\s\\S]{1,${most}}`, "g")) ?? []);

test("no hostile string becomes markup at the desk, whoever wrote it and in whichever field", async () => {
  expect(strings.length).toBeGreaterThanOrEqual(300);
  for (const text of rounds) {
    const { body } = await world.refer("parents", {
      title: text.slice(0, 200),
      excerpt: text.slice(0, 4000),
      note: text.slice(0, 4000),
      member: text.slice(0, 60),
      url: `https://parents.example/?q=${encodeURIComponent(text.slice(0, 300))}#"><script>`,
    });
    await world.settle();
    const path = `/desk/${body.reference}`;
    await amal.get(path);
    await amal.send(`${path}/claim`);
    await amal.send(`${path}/note`, { text: text.slice(0, 4000) });
    for (const page of [path, `${path}?full=1`, `/desk?q=${encodeURIComponent(text.slice(0, 100))}`]) {
      const { status, html } = await amal.get(page);
      expect([status, clean(html)]).toEqual([200, []]);
    }
    const reply = `Five plain words come first.\n${text}`;
    for (const pressed of ["preview", "change", "send", "explode"]) {
      const { html } = await amal.send(`${path}/reply`, {
        do: pressed,
        text: reply,
        language: text.slice(0, 9),
      });
      expect([pressed, clean(html)]).toEqual([pressed, []]);
      expect(html).toContain("&lt;");
      // No forum is sent HTML: it is refused, and stands in the form as it was typed.
      expect([pressed, html.includes('name="text"')]).toEqual([pressed, true]);
    }
  }
});

test("nor in a form that is shown again with what was typed, a choice that is none, or an address", async () => {
  const { body } = await world.refer("parents");
  await world.settle();
  const path = `/desk/${body.reference}`;
  await amal.get(path);
  await amal.send(`${path}/claim`);
  for (const text of pieces(900)) {
    for (const [action, form] of [
      ["decline", { reason: text, likelyOwner: text, note: `${text}${"x".repeat(4000)}` }],
      ["close", { disposition: text, result: text, because: text, signpostText: text, signpostUrl: text }],
      ["transfer", { to: text }],
      ["ask", { text: `${text}${"x".repeat(4000)}` }],
    ] as const) {
      const { status, html } = await amal.post(`${path}/${action}`, form);
      expect([action, status >= 400, clean(html)]).toEqual([action, true, []]);
    }
    const short = encodeURIComponent(text.slice(0, 60));
    expect(clean((await amal.get(`/desk/${short}`)).html)).toEqual([]);
    expect(clean((await amal.get(`${path}?done=${short}`)).html)).toEqual([]);
  }
});

test("nor on the pages of operators, managers and administrators, or at the sign-in", async () => {
  for (const text of pieces(700)) {
    const short = text.slice(0, 60);
    const fields = { url: text, code: text, model: short, consent: short, callbackUrl: text, mailbox: short };
    for (const deed of ["prove-post", "prove-mail", "agree"]) {
      const { status, html } = await olive.post(`/operator/parents/${deed}`, fields);
      expect([deed, status, clean(html)]).toEqual([deed, 422, []]);
    }
    const call = { id: text.slice(0, 200), timestamp: "1", signature: text, body: text };
    expect(clean((await olive.post("/operator/parents/check", call)).html)).toEqual([]);
    for (const deed of ["key", "link", "forum-link", "revoke", "replay"]) {
      const form = { name: text.slice(0, 200), scope: `x${text}`, email: text, forum: text, id: text };
      const { html } = await admin.post(`/admin/${deed}`, form);
      expect([deed, clean(html)]).toEqual([deed, []]);
    }
    const asked = new URLSearchParams({ from: short, to: short, by: short });
    expect(clean((await admin.get(`/dashboard?${asked}`)).html)).toEqual([]);
    expect(clean((await amal.post("/sign-in", { email: text, next: text })).html)).toEqual([]);
  }
});

test("a page that forgets to escape is caught", () => {
  expect(strings.filter((text) => clean(`<p class="govuk-body">${text}</p>`).length === 0)).toEqual([]);
});
