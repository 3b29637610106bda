import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createWorld, hourMs, minuteMs, type World } from "../../support/world.ts";
import { type Browsing, signIn } from "../../web/session.ts";
import { textOf } from "../../web/support.ts";

let world: World;
let amal: Browsing;
let bea: Browsing;
let lee: Browsing;
beforeAll(async () => {
  world = await createWorld();
  amal = await signIn(world, "advisor:amal.h");
  bea = await signIn(world, "advisor:bea.k");
  lee = await signIn(world, "advisor:lee.d");
});
afterAll(() => world.close());

async function offered(body: Record<string, unknown> = {}): Promise<string> {
  const { body: referral } = await world.refer("parents", body);
  await world.settle();
  return String(referral.reference);
}

const onceIn = (html: string): string => /name="once" value="([^"]+)"/.exec(html)?.[1] ?? "";

/** Opens a page and sends the form on it, as somebody who looks first. */
async function submit(who: Browsing, path: string, form: Record<string, string> = {}) {
  const { html } = await who.get(path);
  return who.send(path, { once: onceIn(html), ...form });
}

async function claimed(who: Browsing, body: Record<string, unknown> = {}): Promise<string> {
  const reference = await offered(body);
  await who.get(`/desk/${reference}`);
  await who.send(`/desk/${reference}/claim`);
  return reference;
}

const stateOf = async (reference: string): Promise<string> => (await world.show(reference)).state;

describe("an advisor's day at the desk", () => {
  test("begins with the guidance: the first claim asks to read it, and then it is one press", async () => {
    const reference = await offered();
    const queue = await amal.get("/desk");
    expect(textOf(queue.html)).toContain(`${reference} Open Example parents' forum universal-credit`);
    await amal.get(`/desk/${reference}`);
    const guidance = await amal.send(`/desk/${reference}/claim`);
    expect(guidance.path).toBe(`/desk/guidance?ref=${reference}`);
    expect(textOf(guidance.html)).toContain("Be credible. Say only what you know to be right");
    const version = /name="version" value="([^"]+)"/.exec(guidance.html)?.[1] ?? "";
    const back = await amal.send("/desk/guidance", { version, ref: reference });
    expect(textOf(back.html)).toContain("You can claim it now");
    const mine = await amal.send(`/desk/${reference}/claim`);
    expect(textOf(mine.html)).toContain("It is yours now");
    expect(await stateOf(reference)).toBe("claimed");
    await world.call("POST", "/v1/guidance/acknowledgements", await world.keyFor("advisor:bea.k"), {});
    await world.call("POST", "/v1/guidance/acknowledgements", await world.keyFor("advisor:lee.d"), {});
  });

  test("tells who lost a race politely, who won it, and counts it", async () => {
    const reference = await offered();
    await bea.get(`/desk/${reference}`);
    await amal.send(`/desk/${reference}/claim`);
    const lost = await bea.post(`/desk/${reference}/claim`);
    expect(lost.status).toBe(409);
    expect(textOf(lost.html)).toMatch(/amal\.h claimed it at 15 June 2026 at \d\d:\d\d, a moment before you/);
    expect(await world.db.prisma.lostClaim.count({ where: { referral: { reference } } })).toBe(1);
  });

  test("shows whoever typed in vain what they typed, and nobody else", async () => {
    const reference = await claimed(amal);
    const text = "Ring the helpline; it is open until six.";
    expect((await world.as("advisor:bea.k", reference, "reply", { text })).status).toBe(403);
    const { html } = await bea.get(`/desk/${reference}`);
    expect(textOf(html)).toContain("What you typed that was not sent Only you see this, for seven days.");
    expect(html).toContain(`<blockquote class="fp-quote govuk-body">${text}</blockquote>`);
    expect((await amal.get(`/desk/${reference}`)).html).not.toContain(text);
  });

  test("shows the beginning of a post, and all of it, with the note, to whoever asks, which is recorded", async () => {
    const excerpt = `It begins here. ${"word ".repeat(200)} It ends here.`;
    const reference = await offered({ excerpt, note: "She wrote twice." });
    const short = textOf((await amal.get(`/desk/${reference}`)).html);
    expect(short).toContain("It begins here.");
    expect(short).not.toContain("It ends here.");
    const reads = () =>
      world.db.prisma.event.count({
        where: { type: "referral.read", actorId: "amal.h", referral: { reference } },
      });
    expect(await reads()).toBe(0);
    const full = textOf((await amal.get(`/desk/${reference}?full=1`)).html);
    expect(full).toContain("It ends here.");
    expect(full).toContain("She wrote twice.");
    expect(await reads()).toBe(1);
  });

  test("replies only after a look at exactly what the forum will show", async () => {
    const reference = await claimed(amal);
    const path = `/desk/${reference}/reply`;
    const empty = await amal.post(path, { do: "preview", text: " " });
    expect([empty.status, textOf(empty.html)]).toEqual([422, expect.stringContaining("There is a problem")]);
    const words = "It is paid within three days.\n\nRing if not: **0800 000 000**.";
    const preview = await amal.post(path, {
      do: "preview",
      text: words.replaceAll("\n", "\r\n"),
      language: "en",
    });
    expect(preview.html).toContain(`<blockquote class="fp-quote govuk-body" lang="en">${words}</blockquote>`);
    expect(textOf(preview.html)).toContain("Department for Work and Pensions, Universal Credit specialists");
    expect((await world.show(reference)).replies).toEqual([]);
    const change = await amal.post(path, { do: "change", text: words });
    expect(change.html).toContain(words);
    const sent = await amal.send(path, {
      do: "send",
      text: words,
      language: "en",
      once: onceIn(preview.html),
    });
    expect(textOf(sent.html)).toContain("It is on its way to the forum");
    await world.settle();
    const told = world.callbacks.find(
      ({ type, data }) => type === "referral.replied" && data.reference === reference,
    );
    expect(told?.data.text).toBe(words);
    expect(textOf((await amal.get(`/desk/${reference}`)).html)).toContain("The forum has it");
  });

  test("says before the preview what its author should look at", async () => {
    const reference = await claimed(amal);
    const { html } = await amal.post(`/desk/${reference}/reply`, {
      do: "preview",
      text: "Your number QQ 12 34 56 C is on our list, http://plain.example",
    });
    expect(html).toContain("govuk-warning-text");
  });

  test("sends a form that is pressed twice once", async () => {
    const reference = await claimed(amal);
    const form = {
      do: "send",
      text: "One reply and no second.",
      once: "019a0000-0000-7000-8000-000000000001",
    };
    await amal.get(`/desk/${reference}`);
    await Promise.all([
      amal.post(`/desk/${reference}/reply`, form),
      amal.post(`/desk/${reference}/reply`, form),
    ]);
    expect((await world.show(reference)).replies).toHaveLength(1);
    const note = { text: "Noted once.", once: "019a0000-0000-7000-8000-000000000002" };
    await amal.post(`/desk/${reference}/note`, note);
    await amal.post(`/desk/${reference}/note`, note);
    const { html } = await amal.get(`/desk/${reference}`);
    expect(html.split("Noted once.")).toHaveLength(2);
  });

  test("keeps a note inside, asks the member, and resolves with an outcome", async () => {
    const reference = await claimed(amal);
    await submit(amal, `/desk/${reference}/note`, { text: "Only for us." });
    const asked = await submit(amal, `/desk/${reference}/ask`, { text: "Since when?" });
    expect(textOf(asked.html)).toContain("The question is on its way");
    await world.settle();
    expect(await stateOf(reference)).toBe("waiting_member");
    await world.event("parents", { type: "member.answered", reference, text: "Since May." });
    expect(textOf((await amal.get(`/desk/${reference}`)).html)).toContain("Since May.");
    await submit(amal, `/desk/${reference}/reply`, { do: "send", text: "Then it comes on Friday." });
    await world.settle();
    const incomplete = await amal.post(`/desk/${reference}/resolve`, {});
    expect([incomplete.status, incomplete.html]).toEqual([422, expect.stringContaining('href="#result"')]);
    const form = { result: "now_knows_next_step", insight: "guidance_unclear" };
    expect(textOf((await submit(amal, `/desk/${reference}/resolve`, form)).html)).toContain("It is resolved");
    const { outcome } = await world.show(reference);
    expect([outcome.result, outcome.saidBy]).toEqual(["now_knows_next_step", "advisor"]);
    const told = JSON.stringify(world.callbacks.filter(({ data }) => data.reference === reference));
    expect(told).not.toContain("Only for us.");
    expect(told).not.toContain("amal");
  });

  test("releases, transfers to a colleague, and passes on what is another pool's", async () => {
    const reference = await claimed(amal);
    await submit(amal, `/desk/${reference}/transfer`, { to: "bea.k" });
    expect((await world.show(reference)).next.advisor).toBe("bea.k");
    const notHers = await amal.get(`/desk/${reference}/release`);
    expect(textOf(notHers.html)).toContain("It is not where it was when you opened the page");
    await submit(bea, `/desk/${reference}/release`, { reason: "Off home." });
    expect(await stateOf(reference)).toBe("offered");
    const form = await amal.get(`/desk/${reference}/decline`);
    expect(form.html).toContain('<option value="jabs">Vaccination advisors</option>');
    await amal.send(`/desk/${reference}/decline`, {
      reason: "not-ours",
      likelyOwner: "jabs",
      note: "A jab.",
    });
    expect((await world.show(reference)).pool.slug).toBe("jabs");
    expect((await amal.get(`/desk/${reference}`)).status).toBe(404);
  });

  test("takes a reply back, corrects one, and reads what was typed again where something is wrong with it", async () => {
    const reference = await claimed(amal);
    await submit(amal, `/desk/${reference}/reply`, { do: "send", text: "On Monday." });
    await world.settle();
    const form = await amal.get(`/desk/${reference}/correct`);
    expect(form.html).toContain("On Monday.");
    await amal.send(`/desk/${reference}/correct`, { text: "On Tuesday." });
    await world.settle();
    expect((await world.show(reference)).replies[0]).toMatchObject({
      state: "corrected",
      text: "On Tuesday.",
    });
    await submit(amal, `/desk/${reference}/retract`, { reason: "It was wrong." });
    expect(await stateOf(reference)).toBe("claimed");
    const long = await amal.post(`/desk/${reference}/note`, { text: "x".repeat(5000) });
    expect([long.status, long.html]).toEqual([422, expect.stringContaining("x".repeat(5000))]);
  });

  test("orders a list by urgency and then by what falls due, and says what is overdue", async () => {
    const late = await offered();
    for (const who of [amal, bea, lee, amal, bea, lee]) {
      world.clock.advance(hourMs / 3);
      await who.get("/desk");
    }
    world.clock.advance(10 * minuteMs);
    const urgent = await offered({ urgency: "urgent" });
    const { html } = await amal.get("/desk");
    const text = textOf(html);
    expect(text.indexOf(urgent)).toBeLessThan(text.indexOf(late));
    expect(text).toMatch(new RegExp(`${late} Open .*? Overdue`));
    world.clock.advance(minuteMs);
    const found = textOf((await amal.get(`/desk?q=${late}`)).html);
    expect(found).toContain("Found");
  });
});

describe("clearance at the desk", () => {
  test("sends what a second person approved, byte for byte, and lets nobody clear their own", async () => {
    const kit = await signIn(world, "advisor:kit.w");
    const cleo = await signIn(world, "person:cleo.c");
    await world.call("POST", "/v1/guidance/acknowledgements", await world.keyFor("advisor:kit.w"), {});
    const reference = await claimed(kit, { board: "press" });
    const text = "A statement,  with two spaces.";
    const preview = await kit.post(`/desk/${reference}/reply`, { do: "preview", text });
    expect(textOf(preview.html)).toContain("a second person approves every reply");
    expect(preview.html).toContain('value="cleo.c"');
    expect(preview.html).not.toContain('value="kit.w"');
    await kit.send(`/desk/${reference}/reply`, {
      do: "clear",
      text,
      clearer: "cleo.c",
      once: onceIn(preview.html),
    });
    expect(await stateOf(reference)).toBe("waiting_clearance");
    expect(textOf((await cleo.get("/desk")).html)).toContain(`${reference} Waiting for clearance`);
    const review = await cleo.get(`/desk/${reference}/review`);
    expect(review.html).toContain(text);
    await cleo.send(`/desk/${reference}/review`, { decision: "approve", note: "Good." });
    const ready = await kit.get(`/desk/${reference}/reply`);
    expect(textOf(ready.html)).toContain("This was approved");
    const draft = /name="draft" value="([^"]+)"/.exec(ready.html)?.[1] ?? "";
    await kit.send(`/desk/${reference}/reply`, { do: "send", draft, once: onceIn(ready.html) });
    await world.settle();
    expect((await world.show(reference)).replies.at(-1)).toMatchObject({ state: "delivered", text });
  });
});

describe("people with a duty", () => {
  test("are called at their desk, see what calls them, and are called no more once it is done", async () => {
    const sam = await signIn(world, "person:sam.t");
    const safe = await signIn(world, "person:safe.one");
    const reference = await offered({
      topic: undefined,
      excerpt: "Who mends the street lamp at our corner?",
    });
    const called = textOf((await sam.get("/desk")).html);
    expect(called).toContain(`A referral needs triage : ${reference}`);
    expect(textOf((await safe.get("/desk")).html)).not.toContain(reference);
    await submit(sam, `/desk/${reference}/reroute`, { pool: "uc", because: "It is about the advance." });
    expect(await stateOf(reference)).toBe("offered");
    expect(textOf((await sam.get("/desk")).html)).not.toContain("A referral needs triage");

    const urgent = await offered({ concern: true });
    expect(textOf((await safe.get("/desk")).html)).toContain(`Somebody may be in danger : ${urgent}`);
    await safe.get(`/desk/${urgent}`);
    await safe.send(`/desk/${urgent}/acknowledge`);
    await submit(safe, `/desk/${urgent}/stand-down`, { reason: "A song title." });
    expect(await stateOf(urgent)).toBe("triage");
  });

  test("an advisor who reads of danger calls safeguarding, and their pool sees the words no more", async () => {
    const reference = await claimed(amal, { excerpt: "Words that must be hidden." });
    await submit(amal, `/desk/${reference}/divert`, { reason: "She sounds desperate." });
    expect(await stateOf(reference)).toBe("diverted");
    expect((await amal.get(`/desk/${reference}`)).html).not.toContain("must be hidden");
  });

  test("a lead sends an open referral to another pool", async () => {
    const reference = await offered();
    await submit(lee, `/desk/${reference}/reroute`, { pool: "uc-second", because: "A hard one." });
    expect((await world.show(reference)).pool.slug).toBe("uc-second");
  });
});

test("whoever may not see a referral gets the same page as for one that does not exist", async () => {
  const reference = await offered({ topic: "vaccination" });
  const pages = await Promise.all(
    [reference, "FP-0000-0000", "nothing"].map((ref) => amal.get(`/desk/${ref}`)),
  );
  for (const { status, html } of pages)
    expect([status, html.replace(/[\w-]*0000-0000|nothing/g, "")]).toEqual([404, pages[0]?.html]);
  for (const path of [`/desk/${reference}/claim`, `/desk/${reference}/note`])
    expect((await amal.post(path, { text: "x" })).status).toBe(404);
});

test("an action that is none, or not possible now, says how the referral stands and changes nothing", async () => {
  const reference = await offered();
  for (const action of ["resolve", "constructor", "reply", "explode"]) {
    const { status } = await amal.post(`/desk/${reference}/${action}`, { text: "x", result: "helped" });
    expect([action, status]).toEqual([action, 409]);
  }
  expect(await stateOf(reference)).toBe("offered");
});

test("the desk is in Welsh under /cy, its links and forms too", async () => {
  const reference = await offered({ language: "cy" });
  const queue = await amal.get("/cy/desk");
  expect(queue.html).toContain(`href="/cy/desk/${reference}"`);
  const page = await amal.get(`/cy/desk/${reference}`);
  expect(textOf(page.html)).toContain("Ei hawlio");
  const mine = await amal.send(`/cy/desk/${reference}/claim`);
  expect(textOf(mine.html)).toContain("Chi biau hwn nawr");
  expect(mine.path).toMatch(/^\/cy\/desk\//);
});
