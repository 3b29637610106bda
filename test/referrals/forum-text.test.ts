import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { mistakesInForumText } from "../../src/referrals/forum-text.ts";
import { createWorld, type World } from "../support/world.ts";

const codes = (text: string) => mistakesInForumText(text).map(({ code }) => code);

describe("what a forum may be sent", () => {
  test.each([
    "a < b and b > a",
    "I <3 this",
    "x <y",
    "<https://www.gov.uk/advance>",
    "**Bold**, [words](https://www.gov.uk/a_(b)), ![picture](http://www.gov.uk/a.png)",
    "[words][one]\n\n[one]: https://www.gov.uk/one 'Title'",
    "Write `<b>` or:\n\n```html\n<script>x</script>\n```\n\n    <b>indented</b>",
    "\\<b> &lt;script&gt; [a] [x] (y) javascript:alert(1)",
    // No tag: an attribute's value without quotation marks has no = in it.
    "<img src=x onerror=window.ran=1>",
    "1. [ ] a task\n2. arr[0]",
  ])("passes: %j", (text) => expect(codes(text)).toEqual([]));

  test.each([
    "<b>bold</b>",
    "<script>window.ran=1</script>",
    "Text <img src=x onerror='window.ran=1'>",
    "<!-- hidden -->",
    "a <!-- hidden --> b",
    "<?php x ?>",
    "<!DOCTYPE html>",
    "<![CDATA[x]]>",
    "</div>",
    "> > > <i>deep</i>",
    "`<b>` and <b>",
    "`` ` <b>",
    "**Bold <a\nhref='x'>**",
  ])("HTML is found in %j", (text) => expect(codes(text)).toEqual(["html"]));

  test.each([
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt&colon;alert(1))",
    "[x](java&#115;cript:alert(1))",
    "[x](<javascript:alert(1)>)",
    "![x](data:image/svg+xml;base64,AAAA)",
    "<javascript:alert(1)>",
    "<mail@example.gov.uk>",
    "[x](mailto:mail@example.gov.uk)",
    "[x](//evil.test)",
    "[x](/relative)",
    "[x]()",
    "[x](https:evil)",
    "[x][one]\n\n[one]: vbscript:x",
    "[unused]: javascript:x\n\nText",
    "[![x](https://www.gov.uk/a.png)](file:///etc/passwd)",
  ])("an address that is not of the web is found in %j", (text) =>
    expect(codes(text)).toEqual(["link-scheme"]),
  );
});

describe("texts that go to forums", () => {
  let world: World;
  beforeAll(async () => {
    world = await createWorld();
  });
  afterAll(() => world.close());

  const refused = { status: 422, body: { code: "request/invalid" } };
  const errors = (pointer: string) => [
    { pointer, detail: expect.stringContaining("HTML"), hint: expect.stringContaining("Markdown") },
    { pointer, detail: expect.stringContaining("https://"), hint: expect.stringContaining("[words]") },
  ];
  const hostile = "<b>x</b> [y](javascript:window.ran=1)";

  test("are refused with what to do, whether a reply, a draft, a correction or a question", async () => {
    const { reference } = (await world.refer("parents")).body;
    await world.as("advisor:amal.h", reference, "claim");
    for (const verb of ["reply", "draft", "ask"]) {
      const answer = await world.as("advisor:amal.h", reference, verb, { text: hostile });
      expect([verb, answer]).toMatchObject([verb, { ...refused, body: { errors: errors("/text") } }]);
    }
    await world.as("advisor:amal.h", reference, "reply", { text: "Ask for an <advance." });
    await world.settle();
    const [reply] = (await world.show(reference)).replies;
    expect(reply.text).toBe("Ask for an <advance.");
    const corrected = await world.as("advisor:amal.h", reference, "correct", {
      reply: reply.id,
      text: hostile,
    });
    expect(corrected).toMatchObject({ ...refused, body: { errors: errors("/text") } });
  });

  test("or what an advisor posted on a forum that agreed to direct participation", async () => {
    const key = await world.keyFor("advisor:amal.h");
    const body = { url: "https://parents.example/1", text: hostile, pool: "uc" };
    const answer = await world.call("POST", "/v1/forums/parents/direct-replies", key, body);
    expect(answer).toMatchObject({ ...refused, body: { errors: errors("/text") } });
  });

  test("and a check before sending says the same without refusing", async () => {
    const { reference } = (await world.refer("parents")).body;
    await world.as("advisor:amal.h", reference, "claim");
    const { body } = await world.as("advisor:amal.h", reference, "check", { text: hostile });
    const stopping = body.findings.filter(({ stops }: { stops: boolean }) => stops);
    expect(stopping).toMatchObject([{ code: "html" }, { code: "link-scheme" }]);
  });
});
