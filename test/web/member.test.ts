import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createWorld, dayMs, type World } from "../support/world.ts";
import { answered, textOf, tokenOf, visit } from "./support.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const versionOn = (html: string) => /name="version" value="(\d+)"/.exec(html)?.[1] ?? "";

/** Presses a button of the page as it was loaded, and follows to where it leads. */
async function press(address: string, page: string, button: string) {
  expect(page).toContain(`value="${button}"`);
  const sent = await visit(world, address, { do: button, version: versionOn(page) });
  expect(sent.status).toBe(303);
  return visit(world, sent.headers.get("location") ?? "");
}

async function asked(body: Record<string, unknown> = {}) {
  const { body: referral } = await world.refer("parents", { consent: "ask-member", ...body });
  await world.settle();
  return { reference: String(referral.reference), address: `/m/${tokenOf(world, referral.reference)}` };
}

describe("the member's own page", () => {
  test("lets the member say yes, then see to whom it went and take it back", async () => {
    const { reference, address } = await asked();
    const first = await visit(world, address);
    expect(textOf(first.html)).toContain("May we pass your post on?");
    expect(textOf(first.html)).toContain("My Universal Credit advance payment");
    const passed = await press(address, first.html, "yes");
    expect(textOf(passed.html)).toContain("Your question has been passed on.");
    expect(textOf(passed.html)).toContain("Department for Work and Pensions Universal Credit specialists");
    expect((await world.show(reference)).state).toBe("offered");
    const gone = await press(address, passed.html, "withdraw");
    expect(textOf(gone.html)).toContain("Nobody will answer it any more");
    const { state, outcome } = await world.show(reference);
    expect([state, outcome.saidBy]).toEqual(["withdrawn", "member"]);
  });

  test("lets the member say no: nothing goes on, and the copy of the post is deleted", async () => {
    const { reference, address } = await asked({ excerpt: "Words that must be gone after a no." });
    const { html } = await press(address, (await visit(world, address)).html, "no");
    expect(textOf(html)).toContain("Nothing was passed on");
    expect(html).not.toContain("must be gone");
    expect((await world.show(reference)).state).toBe("withdrawn");
  });

  test("shows the answer with its code, and takes the member's word on whether it helped", async () => {
    const { reference, token, code } = await answered(world, "It is paid on Friday.\nAsk again if not.");
    const before = await visit(world, `/m/${token}`);
    expect(textOf(before.html)).toContain("It is paid on Friday. Ask again if not.");
    expect(before.html).toContain(`href="/verify/${code}"`);
    expect(before.html).not.toContain("Amal");
    const after = await press(`/m/${token}`, before.html, "helped");
    expect(textOf(after.html)).toContain("You said: It helped");
    expect(after.html).not.toContain('value="helped"');
    const { state, outcome } = await world.show(reference);
    expect([state, outcome.result, outcome.saidBy]).toEqual(["resolved", "helped", "member"]);
  });

  test("takes the answer to an advisor's question, once, and says what is wrong with an empty one", async () => {
    const { body } = await world.refer("parents");
    await world.settle();
    const { reference } = body;
    const address = `/m/${tokenOf(world, reference)}`;
    await world.as("advisor:amal.h", reference, "claim");
    await world.as("advisor:amal.h", reference, "ask", { text: "Since when?" });
    await world.settle();
    const { html } = await visit(world, address);
    expect(textOf(html)).toContain("Since when?");
    const version = versionOn(html);
    const empty = await visit(world, address, { do: "answer", version, text: " \r\n" });
    expect([empty.status, empty.html]).toEqual([422, expect.stringContaining('href="#text"')]);
    const sent = { do: "answer", version, text: "Since May,\r\nI think." };
    for (let times = 0; times < 2; times += 1)
      expect((await visit(world, address, sent)).headers.get("location")).toBe(`${address}?done=answer`);
    const { state, history } = await world.show(reference);
    expect(state).toBe("claimed");
    const answers = history.filter(({ type }: { type: string }) => type === "referral.answered");
    expect(answers).toMatchObject([{ text: "Since May,\nI think.", saidBy: "member" }]);
  });

  test("gives a question that did not help back to its advisor", async () => {
    const { reference, token } = await answered(world, "Have you asked your neighbour?");
    await press(`/m/${token}`, (await visit(world, `/m/${token}`)).html, "not");
    expect((await world.show(reference)).state).toBe("claimed");
  });

  test("counts a form that is sent twice once, and answers it the same", async () => {
    const { reference, token } = await answered(world, "Yes, you can claim from the first of May.");
    const { html } = await visit(world, `/m/${token}`);
    const sent = { do: "partly", version: versionOn(html) };
    const twice = [await visit(world, `/m/${token}`, sent), await visit(world, `/m/${token}`, sent)];
    const to = twice.map(({ status, headers }) => [status, headers.get("location")]);
    expect(to[1]).toEqual(to[0]);
    expect((await world.show(reference)).outcome.feedback).toHaveLength(1);
  });

  test("does nothing where something changed meanwhile, and shows how it stands", async () => {
    const { reference, address } = await asked();
    const { html } = await visit(world, address);
    await world.as("forum:parents", reference, "withdraw");
    const { html: now } = await press(address, html, "yes");
    expect(textOf(now)).toContain("nothing was done");
    expect((await world.show(reference)).state).toBe("withdrawn");
  });

  test("is in Welsh under /cy, buttons and all", async () => {
    const { address } = await asked({ language: "cy" });
    const { html } = await visit(world, `/cy${address}`);
    expect(html).toContain(`action="/cy${address}"`);
    expect(textOf(html)).toContain("A gawn ni drosglwyddo eich neges?");
    expect(textOf((await press(`/cy${address}`, html, "yes")).html)).toContain("Diolch.");
  });

  test("is not stored, indexed or told to other sites, and sets no cookie", async () => {
    const { address } = await asked();
    for (const { headers } of [await visit(world, address), await visit(world, address, { do: "no" })]) {
      expect(headers.get("cache-control")).toBe("no-store");
      expect(headers.get("referrer-policy")).toBe("no-referrer");
      expect(headers.get("x-robots-tag")).toContain("noindex");
      expect(headers.get("set-cookie")).toBeNull();
    }
  });

  test("closes sixty days after the end, and not a day before", async () => {
    const { address } = await asked();
    await press(address, (await visit(world, address)).html, "no");
    await world.pass(59 * dayMs);
    expect((await visit(world, address)).status).toBe(200);
    await world.pass(dayMs);
    const { status, html } = await visit(world, address);
    expect(status).toBe(410);
    expect(textOf(html)).toContain("This page has closed");
    expect((await visit(world, address, { do: "withdraw", version: "1" })).status).toBe(410);
  });

  test("opens for no other token: one letter changed, another instance's, none", async () => {
    const { reference, address } = await asked();
    const changed = address.slice(0, -3) + (address.at(-3) === "A" ? "B" : "A") + address.slice(-2);
    for (const token of [changed, "/m/x", `/m/${"A".repeat(43)}`, "/m/%00", `/m/${reference}`]) {
      const { status, html } = await visit(world, token);
      expect([token, status]).toEqual([token, 404]);
      expect(textOf(html)).toContain("This link does not open anything");
      expect((await visit(world, token, { do: "yes", version: "1" })).status).toBe(404);
    }
    expect((await world.show(reference)).state).toBe("awaiting_consent");
  });

  test("takes no choice that it does not offer", async () => {
    const { reference, address } = await asked();
    for (const choice of ["claim", "constructor", "", "resolve"])
      expect((await visit(world, address, { do: choice, version: "1" })).status).toBe(400);
    expect((await world.show(reference)).state).toBe("awaiting_consent");
  });
});
