import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createWorld, dayMs, type World } from "../support/world.ts";
import { type Answered, answered, textOf, visit } from "./support.ts";

const reply =
  "Your **advance** is paid within three working days. Ask your work coach, or read [the guide](https://www.example.gov/advance). " +
  "If it has not come by then, ring the helpline on any weekday. They can see the payment and tell you the day. " +
  "You need your reference for that, never your password.";

let world: World;
let known: Answered;
beforeAll(async () => {
  world = await createWorld();
  known = await answered(world, reply);
});
afterAll(() => world.close());

const compare = (text: string, where = "") => visit(world, `/verify/${known.code}`, { text, where });

describe("a code of a reply", () => {
  test("shows who sent it, to which forum, where it can be seen and when, in people's words", async () => {
    const { status, html } = await visit(world, `/verify/${known.code}`);
    const text = textOf(html);
    expect(status).toBe(200);
    expect(html).toContain('<html lang="en"');
    for (const said of [
      "This code belongs to an official reply",
      "Department for Work and Pensions",
      "Universal Credit specialists",
      "Example parents' forum",
      "https://parents.example/thread/1#post-9",
      "15 June 2026 at 10:32",
      "Your **advance** is paid",
    ])
      expect(text).toContain(said);
    expect(text).not.toContain("never your password");
    expect(text).not.toContain("Amal");
  });

  test("is read in any case, without dashes, with O for 0, and out of the whole link", async () => {
    const bare = known.code.toLowerCase().replaceAll("-", "").replaceAll("0", "o");
    expect((await visit(world, `/verify/${bare}`)).status).toBe(200);
    const typed = encodeURIComponent(`${world.instance.address}/verify/${known.code}`);
    const { status, headers } = await visit(world, `/cy/verify?code=${typed}`);
    expect([status, headers.get("location")]).toEqual([303, `/cy/verify/${known.code}`]);
  });

  test("answers programs as JSON, and people in Welsh at the same address under /cy", async () => {
    const json = await world.call("GET", `/verify/${known.code}`, null, undefined, {
      accept: "application/json",
    });
    expect(json.body).toMatchObject({ code: known.code, status: "current", forum: { slug: "parents" } });
    expect(json.body.sha256).toMatch(/^[0-9a-f]{64}$/);
    const { html } = await visit(world, `/cy/verify/${known.code}`);
    expect(html).toContain('<html lang="cy"');
    expect(textOf(html)).toContain("15 Mehefin 2026 am 10:32");
  });

  test("that nobody was given gets the same page with what to do, and never what was typed as markup", async () => {
    const { status, html } = await visit(
      world,
      `/verify/${encodeURIComponent("<img src=x onerror=alert(1)>")}`,
    );
    expect(status).toBe(404);
    expect(textOf(html)).toContain("No official reply has this code");
    expect(html).not.toContain("<img");
    expect(html).toContain('name="code"');
    const json = await world.call("GET", "/verify/0000-0000-00000", null, undefined, {
      accept: "application/json",
    });
    expect([json.status, json.body.code]).toEqual([404, "reply/not-found"]);
  });

  test("left empty is asked for again", async () => {
    const { status, html } = await visit(world, "/verify?code=+");
    expect(status).toBe(422);
    expect(textOf(html)).toContain("Enter the code that stands beside the reply");
    expect(html).toContain("<title>Error: ");
  });
});

describe("a text that somebody saw", () => {
  const shown = reply.replaceAll("**", "").replace(/\[([^\]]*)\]\([^)]*\)/g, "$1");

  test("is the same whether copied as Markdown or as a page shows it, in other lines and with curly quotes", async () => {
    for (const seen of [reply, shown, shown.replaceAll(". ", ".\r\n\r\n")]) {
      const { status, html } = await compare(seen);
      expect(status).toBe(200);
      expect(textOf(html)).toContain("It says the same");
      expect(textOf(html)).toContain("https://www.example.gov/advance");
    }
  });

  test("with a link put in place of another differs, where the address can be seen", async () => {
    const { html } = await compare(reply.replace("www.example.gov", "www.evil.example"));
    expect(textOf(html)).toContain("It differs here");
    expect(html).toContain('<mark class="fp-mark">guide](https://www.evil.example/advance).</mark>');
  });

  test("that differs is marked at the first word that does, with the reply's own words while they are shown", async () => {
    const { html } = await compare(shown.replace("three", "thirty"));
    expect(html).toContain('<mark class="fp-mark">thirty</mark>');
    expect(textOf(html)).toContain("three working days.");
  });

  test("that differs late never tells what the reply says beyond its beginning", async () => {
    const { html } = await compare(shown.replace("never your password", "and your bank card number"));
    expect(html).toContain('<mark class="fp-mark">and</mark>');
    const text = textOf(html.replace(/<textarea[\s\S]*?<\/textarea>/, ""));
    expect(text).toContain("The difference comes after the beginning");
    expect(text).not.toContain("never your");
  });

  test("with words added shows which are not part of the reply; a part is called a part", async () => {
    const { html } = await compare(`${shown}\nSend £20 to account 12 to be quicker.`);
    expect(textOf(html)).toContain("other words added");
    expect(html).toContain('<mark class="fp-mark">Send £20 to account 12 to be quicker.</mark>');
    expect(textOf((await compare("ring the helpline on any weekday.")).html)).toContain(
      "a part of the reply",
    );
  });

  test("seen on another site is said to be elsewhere; the forum's own pages are home", async () => {
    const away = await compare(shown, "parents.example.evil.test/thread/1");
    expect(textOf(away.html)).toContain("You saw it in another place");
    expect(textOf(away.html)).toContain("parents.example.evil.test");
    for (const home of ["https://parents.example/other", "www.parents.example", "m.parents.example/x"])
      expect(textOf((await compare(shown, home)).html)).not.toContain("another place");
  });

  test.each([
    ["", "", "Paste the reply as you saw it"],
    ["four words are few", "", "at least five words"],
    [shown, "not an address", "Enter the address as your browser shows it"],
    ["word ".repeat(4100), "", "no more than 20,000 characters"],
  ])("that cannot be compared is asked for again", async (text, where, said) => {
    const { status, html } = await compare(text, where);
    expect(status).toBe(422);
    expect(textOf(html)).toContain(said);
  });

  test("leaves no trace in the database or the log", async () => {
    const secret = "a phrase that nobody else would ever paste here";
    await compare(secret);
    expect(world.log.join("\n")).not.toContain("nobody else would ever");
  });
});

test("a corrected, removed or withdrawn reply says so, and one whose text is gone still says who sent it", async () => {
  const other = await answered(world, "The office in Leeds is open on Saturdays from nine until noon.");
  const { body } = await world.call(
    "GET",
    `/v1/referrals/${other.reference}`,
    await world.keyFor("advisor:amal.h"),
  );
  const { id } = body.replies[0];
  const heading = async () =>
    /<h1[^>]*>([^<]*)/.exec((await visit(world, `/verify/${other.code}`)).html)?.[1];
  await world.as("advisor:amal.h", other.reference, "correct", {
    reply: id,
    text: "The office in Leeds is open on Saturdays from ten until noon.",
  });
  await world.settle();
  expect(await heading()).toContain("was corrected");
  await world.event("parents", { type: "reply.removed", reference: other.reference });
  expect(await heading()).toContain("the forum has removed it");
  await world.as("advisor:amal.h", other.reference, "retract", { reply: id, reason: "Wrong office" });
  await world.settle();
  expect(await heading()).toContain("was withdrawn");
  await world.as("forum:parents", other.reference, "withdraw");
  await world.pass(100 * dayMs);
  const { status, html } = await visit(world, `/verify/${other.code}`);
  expect(status).toBe(200);
  expect(textOf(html)).toContain("The text is no longer kept");
  expect(textOf(html)).toContain("Department for Work and Pensions");
  expect(textOf(html)).not.toContain("Leeds");
});
