import { createHash } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createMailServer, type MailServer } from "../simulators/mail.ts";
import { dayMs, type World } from "../support/world.ts";
import { directoryWorld } from "./directory-support.ts";
import { signIn } from "./session.ts";
import { textOf, visit } from "./support.ts";

let world: World;
let mail: MailServer;
beforeAll(async () => {
  mail = await createMailServer();
  // Each test sends from another address, because from one address only so many are taken.
  world = await directoryWorld({ env: { SMTP_URL: mail.url, TRUST_PROXY: "127.0.0.1" } });
});
afterAll(async () => {
  await world.close();
  await mail.close();
});
let from = "";
let tests = 0;
beforeEach(() => {
  tests += 1;
  from = `198.51.100.${tests}`;
});

const good = { address: "https://new.example/", name: "A new forum", relation: "member" };
const send = (path: string, form: Record<string, string>) =>
  visit(world, path, form, { "x-forwarded-for": from });
const publisher = () => world.keyFor("person:sol.v");
const decide = async (reference: string, body: object, who = "person:sol.v") =>
  world.call("POST", `/v1/proposals/${reference}/decision`, await world.keyFor(who), body);

/** The reference that a form's answer leads to. */
async function propose(form: Record<string, string>, path = "/propose"): Promise<string> {
  const { status, headers, html } = await send(path, form);
  if (status !== 303) throw new Error(`${status}: ${textOf(html)}`);
  return (
    /\/propose\/(PR-[0-9A-Z]{4}-[0-9A-Z]{4})\?sent=1$/.exec(headers.get("location") ?? "")?.[1] ?? "none"
  );
}

/** What a browser finds for a form while it is filled in. */
async function worked(): Promise<{ challenge: string; proof: string }> {
  const { html } = await visit(world, "/propose?address=https://worked.example/");
  const challenge = /name="challenge" value="([^"]+)"/.exec(html)?.[1] ?? "";
  for (let number = 0; ; number += 1) {
    const hash = createHash("sha256").update(`${challenge}:${number}`).digest();
    if (hash.readUInt32BE(0) >>> 17 === 0) return { challenge, proof: String(number) };
  }
}

describe("proposing a forum", () => {
  test("tells before the form is sent whether the address is listed, in whichever spelling", async () => {
    for (const typed of [
      "parents.example",
      "HTTP://WWW.Parents.Example:80/index.php?s=1#top",
      " https://m.parents.example/ ",
      "https://parents.example/Welcome/",
    ]) {
      const { status, html } = await visit(world, `/propose?address=${encodeURIComponent(typed)}`);
      expect(status).toBe(200);
      expect(html).toContain('href="/forums/example-parents"');
      expect(html).not.toContain('method="post"');
    }
    const near = await visit(world, "/propose?address=https://parents.example/another-forum");
    expect(textOf(near.html)).toContain("Is it one of these?");
    expect(near.html).toContain('method="post"');
  });

  test("needs a name and an address; what is wrong is said beside each field, in the reader's language", async () => {
    expect((await visit(world, "/propose?address=")).status).toBe(422);
    const { status, html } = await send("/cy/propose", {
      address: "no place",
      email: "x",
      relation: "owner",
    });
    expect(status).toBe(422);
    expect(html).toContain("<title>Gwall:");
    for (const name of ["address", "name", "email", "relation"]) {
      expect(html).toContain(`href="#${name}"`);
      expect(html).toContain(`id="${name}-error"`);
    }
    const long = await send("/propose", { ...good, name: "x".repeat(201), about: "x".repeat(1001) });
    expect(textOf(long.html)).toMatch(/200 characters.*1,000 characters/);
    const endless = await send("/propose", { ...good, about: `${"word ".repeat(29)}. End.` });
    expect([endless.status, textOf(endless.html)]).toEqual([
      422,
      expect.stringMatching(/140 characters for the first sentence/),
    ]);
  });

  test("shows nothing of it to others until it is decided, and the same address twice is one", async () => {
    const reference = await propose({
      ...good,
      address: "https://first.example/forum",
      name: "First of all",
    });
    const page = await visit(world, `/propose/${reference}?sent=1`);
    expect(textOf(page.html)).toContain("Waiting for a decision");
    expect(page.html).not.toContain("First of all");
    expect((await visit(world, "/propose/decisions")).html).not.toContain("First of all");
    const again = await send("/propose", {
      ...good,
      address: "http://www.first.example/forum/",
      name: "Second",
    });
    expect(again.status).toBe(200);
    expect(again.html).toContain(`href="/propose/${reference}"`);
    expect(await world.db.prisma.proposal.count({ where: { addressKey: "first.example/forum" } })).toBe(1);
  });

  test("thanks a program that fills in what nobody sees, and keeps nothing", async () => {
    const before = await world.db.prisma.proposal.count();
    const { headers } = await send("/propose", { ...good, surname: "Spammer" });
    expect(headers.get("location")).toBe("/propose/received");
    expect((await visit(world, "/propose/received")).status).toBe(200);
    expect(await world.db.prisma.proposal.count()).toBe(before);
  });

  test("is slowed down for one address, not for others, and mistakes count for nothing", async () => {
    for (let i = 0; i < 25; i += 1) await send("/propose", { ...good, name: "" });
    for (let i = 0; i < 5; i += 1) await propose({ ...good, address: `https://flood-${i}.example/` });
    const refused = await send("/propose", { ...good, address: "https://flood-21.example/" });
    expect([refused.status, Number(refused.headers.get("retry-after")) > 0]).toEqual([429, true]);
    from = "203.0.113.9";
    expect(await propose({ ...good, address: "https://flood-21.example/" })).toMatch(/^PR-/);
  });

  test("goes further for a browser that took trouble: twenty in an hour, each with work of its own", async () => {
    for (let i = 0; i < 20; i += 1)
      await propose({ ...good, address: `https://worked-${i}.example/`, ...(await worked()) });
    const once = await worked();
    const late = { ...good, address: "https://worked-late.example/" };
    expect((await send("/propose", { ...late, ...once })).status).toBe(429);
    from = "203.0.113.10";
    for (let i = 0; i < 5; i += 1) await propose({ ...good, address: `https://idle-${i}.example/` });
    const other = await worked();
    const ofNobody = `${other.challenge.slice(0, -1)}${other.challenge.endsWith("0") ? "1" : "0"}`;
    for (const work of [
      once,
      { ...other, proof: String(Number(other.proof) + 1) },
      { ...other, challenge: ofNobody },
      { ...other, proof: "-1" },
    ])
      expect((await send("/propose", { ...late, ...work })).status).toBe(429);
    expect(await propose({ ...late, ...other })).toMatch(/^PR-/);
    const old = await worked();
    world.clock.advance(dayMs / 2);
    expect((await send("/propose", { ...late, address: "https://old.example/", ...old })).status).toBe(429);
  });
});

describe("deciding", () => {
  test("lists the forum, publishes why, and tells the proposer, whose address is then forgotten", async () => {
    const email = "proposer@example.gov.uk";
    const reference = await propose({ ...good, address: "new.example", about: "About new things.", email });
    const [stored] = await world.db.prisma.proposal.findMany({ where: { reference } });
    expect(Buffer.from(stored?.email ?? []).toString("utf8")).not.toContain("proposer");
    const decided = await decide(reference, {
      outcome: "listed",
      criteria: ["peer-support", "moderated"],
      because: "Its members answer each other.",
      entry: { audience: ["newcomers"], directory: { tags: [{ code: "job-seekers" }] } },
    });
    expect([decided.status, decided.body.state, decided.body.forum]).toEqual([200, "listed", "a-new-forum"]);
    const entry = textOf((await visit(world, "/forums/a-new-forum")).html);
    for (const said of [
      "About new things.",
      "People looking for work",
      "Listed on 15 June 2026",
      "Somebody moderates it",
      "Its members answer each other.",
      "15 June 2027",
    ])
      expect(entry).toContain(said);
    expect((await visit(world, `/propose/${reference}`)).html).toContain('href="/forums/a-new-forum"');
    expect(textOf((await visit(world, "/cy/propose/decisions")).html)).toContain("A new forum");
    await world.settle();
    expect(mail.mails.map(({ to, text }) => [to, text?.includes(`/propose/${reference}`)])).toEqual([
      [expect.objectContaining({ text: email }), true],
    ]);
    expect(
      await world.db.prisma.proposal.findMany({ where: { reference }, select: { email: true } }),
    ).toEqual([{ email: null }]);
  });

  test("is told to the proposer in the language of their form", async () => {
    const email = "cynigydd@example.gov.uk";
    const form = { ...good, address: "https://cymraeg.example/", name: "Fforwm", email };
    const reference = await propose(form, "/cy/propose");
    await decide(reference, { outcome: "not_listed", because: "Nobody is there." });
    await world.settle();
    const told = mail.mails.at(-1);
    expect(told?.subject).toBe(`Penderfynwyd ar eich awgrym ar gyfer y cyfeiriadur fforymau (${reference})`);
    expect(told?.text).toContain("Ni restrwyd y fforwm.");
    expect(told?.text).toContain(`/cy/propose/${reference}`);
    expect(told?.text).not.toMatch(/\bthe\b/i);
  });

  test("is a page away for whoever may, and for nobody else", async () => {
    const link = 'href="/admin/proposals"';
    const [publisher, sam] = [await signIn(world, "person:sol.v"), await signIn(world, "person:sam.t")];
    expect((await publisher.get("/desk")).html).toContain(link);
    expect((await sam.get("/desk")).html).not.toContain(link);
    expect((await sam.get("/admin/proposals")).status).toBe(403);
    const both = await signIn(world, "person:sam.t", "person:sol.v");
    expect((await both.get("/admin/proposals")).status).toBe(200);
  });

  test("not to list says why and how to appeal; an appeal is decided by somebody else", async () => {
    const address = "https://shop.example/";
    const reference = await propose({ ...good, address, name: "A shop" });
    expect((await decide(reference, { outcome: "not_listed" })).status).toBe(422);
    const because = "It sells things and nobody helps anybody.";
    expect((await decide(reference, { outcome: "not_listed", because })).status).toBe(200);
    const shown = textOf((await visit(world, `/propose/${reference}`)).html);
    expect(shown).toContain(because);
    expect(shown).toContain("How to appeal");
    expect((await decide(reference, { outcome: "not_listed", because })).body.code).toBe("proposal/decided");
    const offered = await visit(world, `/propose?address=${address}`);
    expect(textOf(offered.html)).toContain("proposed before");
    const appeal = await propose({ ...good, address, name: "A shop with a forum", appeal: "yes" });
    const own = await decide(appeal, { outcome: "not_listed", because });
    expect([own.status, own.body.code]).toEqual([403, "proposal/own-decision"]);
    expect((await decide(appeal, { outcome: "listed" }, "admin")).status).toBe(200);
  });

  test("throws advertising away with all it said", async () => {
    const reference = await propose({
      ...good,
      address: "https://spam.example/",
      name: "Buy now",
      email: "a@b.gov.uk",
    });
    expect((await decide(reference, { outcome: "discarded" })).status).toBe(200);
    expect((await visit(world, `/propose/${reference}`)).status).toBe(404);
    expect((await visit(world, "/propose/decisions")).html).not.toContain("Buy now");
    const [row] = await world.db.prisma.proposal.findMany({ where: { reference } });
    expect([row?.suggestion, row?.email]).toEqual([null, null]);
    await world.settle();
    expect(mail.mails.some(({ text }) => text?.includes(reference))).toBe(false);
  });

  test("a slug that is taken, and what the register refuses, leave the proposal waiting", async () => {
    const reference = await propose({ ...good, address: "https://same-name.example/", name: "Netmums" });
    const taken = await decide(reference, { outcome: "listed" });
    expect([taken.status, taken.body.errors[0].pointer]).toEqual([422, "/entry/slug"]);
    const odd = await decide(reference, {
      outcome: "listed",
      entry: { slug: "netmums-two", topics: ["no-topic"] },
    });
    expect([odd.status, odd.body.code]).toEqual([422, "register/invalid"]);
    expect((await decide(reference, { outcome: "changed" })).status).toBe(422);
    const { body } = await world.call("GET", `/v1/proposals/${reference}`, await publisher());
    expect(body.state).toBe("waiting");
  });

  test("twice with one key gives the first answer", async () => {
    const reference = await propose({ ...good, address: "https://twice.example/", name: "Twice" });
    const body = { outcome: "not_listed", because: "Nobody is there." };
    const headers = { "idempotency-key": "decide-twice" };
    const path = `/v1/proposals/${reference}/decision`;
    const first = await world.call("POST", path, await publisher(), body, headers);
    const second = await world.call("POST", path, await publisher(), body, headers);
    expect([first.status, second.status, second.body]).toEqual([200, 200, first.body]);
  });

  test("is for administrators and publishers, and so is reading the queue", async () => {
    const key = await world.keyFor("person:sam.t");
    for (const [method, path] of [
      ["GET", "/v1/proposals"],
      ["GET", "/v1/proposals/PR-0000-0000"],
      ["POST", "/v1/proposals/PR-0000-0000/decision"],
    ] as const) {
      const { status, body } = await world.call(
        method,
        path,
        key,
        method === "POST" ? { outcome: "discarded" } : undefined,
      );
      expect([status, body.code]).toEqual([403, "access/forbidden"]);
    }
    expect((await decide("PR-0000-0000", { outcome: "discarded" })).body.code).toBe("proposal/not-found");
    const { body } = await world.call("GET", "/v1/proposals?limit=5", await publisher());
    expect(body.items).toHaveLength(5);
    const next = await world.call(
      "GET",
      `/v1/proposals?limit=5&cursor=${body.nextCursor}`,
      await publisher(),
    );
    expect(next.body.items[0].reference).not.toBe(body.items[0].reference);
  });
});

describe("correcting an entry", () => {
  const correct = "/forums/example-parents/correct";

  test("is a proposal whose words are seen by those who decide and by nobody else, and gone afterwards", async () => {
    const says = "The response promise is three days now.";
    const reference = await propose({ says, relation: "runs-it", source: "parents.example/rules" }, correct);
    expect(await propose({ says, relation: "member" }, correct)).toBe(reference);
    const shown = await world.call("GET", `/v1/proposals/${reference}`, await publisher());
    expect(shown.body.suggestion).toMatchObject({ says, source: "https://parents.example/rules" });
    const entry = { directory: { responsePromise: "Three working days" } };
    expect((await decide(reference, { outcome: "changed", entry })).status).toBe(200);
    const page = textOf((await visit(world, "/forums/example-parents")).html);
    expect(page).toContain("Three working days");
    expect(page).toContain("48,200");
    expect((await visit(world, `/propose/${reference}`)).html).not.toContain(says);
    expect(await world.db.prisma.proposal.count({ where: { reference, suggestion: { equals: says } } })).toBe(
      0,
    );
    const again = await world.call("GET", `/v1/proposals/${reference}`, await publisher());
    expect(again.body.suggestion).toBeNull();
  });

  test("says what is missing, and is for forums that are listed", async () => {
    const { status, html } = await send(correct, { says: " ", source: "no place" });
    expect([status, html.includes('href="#says"'), html.includes('href="#source"')]).toEqual([
      422,
      true,
      true,
    ]);
    expect((await visit(world, "/forums/nobody/correct")).status).toBe(404);
    expect((await send("/forums/nobody/correct", { says: "x", relation: "other" })).status).toBe(404);
  });
});

test("an address that nobody is ever told at is forgotten after half a year", async () => {
  const reference = await propose({
    ...good,
    address: "https://slow.example/",
    email: "slow@example.gov.uk",
  });
  const { forgetProposers } = await import("../../src/forums/index.ts");
  world.clock.advance(179 * dayMs);
  await forgetProposers(world.instance.deps);
  const email = async () =>
    (await world.db.prisma.proposal.findFirst({ where: { reference } }))?.email ?? null;
  expect(await email()).not.toBeNull();
  world.clock.advance(2 * dayMs);
  await forgetProposers(world.instance.deps);
  expect(await email()).toBeNull();
});
