import { createHmac } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createHttpClient } from "../../src/delivery/http-client.ts";
import type { Settlers } from "../../src/delivery/index.ts";
import { proofCode, proveForum, withTestSteps } from "../../src/joining/index.ts";
import { walkSteps } from "../../src/joining/walk.ts";
import { createMailServer } from "../simulators/mail.ts";
import { createWorld, type World } from "../support/world.ts";
import { type Browsing, signIn } from "./session.ts";
import { textOf } from "./support.ts";

let world: World;
let mails: Awaited<ReturnType<typeof createMailServer>>;
let posts: Server;
let postsUrl: string;
/** What the page of the forum says that is looked at for the code. */
let post = "";
let olive: Browsing;

beforeAll(async () => {
  posts = createServer((_request, response) => void response.end(`<p>${post}</p>`));
  await new Promise<void>((resolve) => posts.listen(0, "127.0.0.1", resolve));
  postsUrl = `http://127.0.0.1:${(posts.address() as AddressInfo).port}`;
  mails = await createMailServer();
  world = await createWorld({ env: { SMTP_URL: mails.url } });
  const { body } = await world.call("GET", "/v1/register", await world.keyFor("admin"));
  const parents = body.forums.find(({ slug }: { slug: string }) => slug === "parents");
  const fresh = { slug: "fresh", name: "A fresh forum", url: `${postsUrl}/`, intervention: null };
  const named = {
    slug: "named",
    name: "A named forum",
    url: "https://www.named.example/",
    intervention: null,
  };
  const cymraeg = { ...named, slug: "cymraeg", url: "https://cymraeg.example/", language: "cy" };
  const applied = await world.apply({ forums: [parents, fresh, named, cymraeg] });
  if (applied.status !== 200) throw new Error(JSON.stringify(applied.body));
  olive = await signIn(world, "person:olive.p");
});
afterAll(async () => {
  await world.close();
  await mails.close();
  await new Promise((resolve) => posts.close(resolve));
});

const told = walkSteps.flatMap(({ notice }) => notice ?? []);
const path = (slug: string, deed = "") => (deed ? `/operator/${slug}/${deed}` : `/operator?forum=${slug}`);

describe("a forum's operator", () => {
  test("opens one link, proves the forum by a post, chooses how it takes part, and gets the secret once", async () => {
    const own = await signIn(world, "operator:fresh");
    const first = textOf((await own.get("/operator")).html);
    expect(first).toContain("A fresh forum");
    expect(first).toContain("Nothing agreed");
    const early = await own.post(path("fresh", "agree"), { model: "referral", consent: "moderator" });
    expect([early.status, textOf(early.html)]).toEqual([422, expect.stringContaining("Prove first")]);
    const code = proofCode(world.instance.deps, "fresh", "shown");
    expect(first).toContain(code);
    const url = `${postsUrl}/thread/1`;
    const missing = await own.post(path("fresh", "prove-post"), { url });
    expect(textOf(missing.html)).toContain("The code was not found");
    const elsewhere = await own.post(path("fresh", "prove-post"), { url: "https://elsewhere.example/" });
    expect(textOf(elsewhere.html)).toContain("The post has to be on 127.0.0.1");
    post = `Hello, ${code}.`;
    expect(textOf((await own.send(path("fresh", "prove-post"), { url })).html)).toContain("Proved By a post");
    const agreement = { model: "referral", consent: "member", callbackUrl: `${postsUrl}/calls` };
    expect(textOf((await own.send(path("fresh", "agree"), agreement)).html)).toContain("It is agreed");
    const { forums } = await world.instance.deps.register(world.instance.deps.db);
    expect(forums.get("fresh")).toMatchObject({
      platform: "webhook",
      consent: "member",
      intervention: { model: "referral", agreedOn: "2026-06-15" },
      directory: { proof: { how: "post", on: "2026-06-15" } },
    });
    const made = await own.post(path("fresh", "secret"));
    expect(made.html).toMatch(/whsec_[A-Za-z0-9+/=]{44}/);
    expect((await own.get("/operator")).html).not.toContain("whsec_");
    const versions = await world.db.prisma.registerVersion.findMany({
      orderBy: { version: "desc" },
      take: 1,
    });
    expect(versions[0]?.appliedBy).toBe("operator:fresh");
  });

  test("proves a domain by its DNS record, and by the code that was mailed to it", async () => {
    const { deps } = world.instance;
    const names: string[] = [];
    const looking = (records: string[][]) => ({
      ...(deps as Parameters<typeof proveForum>[0]),
      http: createHttpClient({ allowPrivate: true }),
      mailer: { isOn: false, send: async () => {} },
      async resolveTxt(name: string) {
        names.push(name);
        return records;
      },
    });
    const value = `fingerpost=${proofCode(deps, "named", "shown")}`;
    const actor = { kind: "operator", forum: "named" } as const;
    const input = { forum: "named", proof: { how: "dns-record" } } as const;
    for (const records of [[], [["fingerpost=another"]], [[`${value}x`]]])
      await expect(proveForum(looking(records), input, actor)).rejects.toMatchObject({
        code: "forum/not-proved",
      });
    await proveForum(looking([["v=spf1"], [value.slice(0, 9), value.slice(9)]]), input, actor);
    expect(new Set(names)).toEqual(new Set(["_fingerpost.named.example"]));

    const own = await signIn(world, "operator:named");
    await own.send(path("named", "mail-code"), { mailbox: "webmaster" });
    const [mail] = mails.mails;
    expect(JSON.stringify(mail?.to)).toContain("webmaster@named.example");
    const code = /code: ([\w-]+)/.exec(mail?.text ?? "")?.[1] ?? "";
    expect((await own.get("/operator")).html).not.toContain(code);
    expect((await own.post(path("named", "prove-mail"), { code: "0000-0000-0000" })).status).toBe(422);
    expect((await own.post(path("named", "prove-mail"), { code: code.toLowerCase() })).status).toBe(303);

    await (await signIn(world, "operator:cymraeg")).send(path("cymraeg", "mail-code"), { mailbox: "admin" });
    expect(mails.mails.at(-1)?.subject).toBe("Profwch mai chi biau cymraeg.example");
    expect(mails.mails.at(-1)?.text).toContain(proofCode(deps, "cymraeg", "mailed"));
  });

  test("sends a test referral that walks through every state at once, step by step, in no queue and no figure", async () => {
    const counts = async () => [
      await world.db.prisma.referral.count(),
      await world.db.prisma.statDelta.count(),
      await world.db.prisma.statCase.count(),
    ];
    const before = await counts();
    world.callbacks.length = 0;
    const pressedAt = world.clock.now();
    const sent = await olive.send(path("parents", "test"));
    expect(textOf(sent.html)).toContain("It is under way.");
    await world.settle();
    expect(world.callbacks.map(({ type }) => type)).toEqual(told);
    for (const { data } of world.callbacks) expect(data).toMatchObject({ test: true });
    const replied = told.indexOf("referral.replied");
    expect(world.callbacks[replied]?.data).toMatchObject({
      from: { pool: "A machine advisor" },
      sequence: replied + 1,
      state: "claimed",
    });
    const over = textOf((await olive.get("/operator")).html);
    expect(over).toContain("It went through every step.");
    expect(over).toContain("Waiting for clearance: your forum is told nothing of this. Passed");
    // Nothing on the way waits: the clock has not moved since the button was pressed.
    expect(world.clock.now()).toEqual(pressedAt);
    expect(await counts()).toEqual(before);
    const { body } = await world.call("GET", "/v1/referrals", await world.keyFor("forum:parents"));
    expect(body.items).toEqual([]);
  });

  test("sees which step its software did not take, and the walk goes on from there when it does", async () => {
    world.callbacks.length = 0;
    world.clock.advance(1_000);
    await olive.post(path("parents", "test"));
    world.setMood({ status: 500 });
    await world.settle();
    const stuck = textOf((await olive.get("/operator")).html);
    expect(stuck).toMatch(/referral\.consent_requested On its way/);
    expect(stuck).toMatch(/In triage: referral\.triage Later/);
    world.setMood(null);
    await world.pass(10 * 60_000);
    expect(world.callbacks.map(({ type }) => type)).toEqual(told);
  });

  test("checks a signed call part by part, and keeps nothing of it", async () => {
    const issued = await olive.post(path("parents", "secret"));
    const secret = /whsec_([A-Za-z0-9+/=]+)/.exec(issued.html)?.[1] ?? "";
    const timestamp = String(Math.floor(world.clock.now().getTime() / 1000));
    const body = '{"excerpt":\n "a"}';
    const sign = (at: string) =>
      `v1,${createHmac("sha256", Buffer.from(secret, "base64")).update(`m1.${at}.${body}`).digest("base64")}`;
    const verdict = async (form: Record<string, string>) =>
      textOf((await olive.post(path("parents", "check"), { id: "m1", timestamp, body, ...form })).html);
    expect(await verdict({ signature: sign(timestamp) })).toContain("The signature holds.");
    expect(await verdict({ signature: sign(timestamp), body: body.replace("\n", "\r\n") })).toContain(
      "holds.",
    );
    expect(await verdict({ signature: sign(timestamp), body: `${body} ` })).toContain("does not hold");
    expect(await verdict({ signature: "abc" })).toContain("has to begin with v1");
    const old = String(Number(timestamp) - 301);
    expect(await verdict({ signature: sign(old), timestamp: old })).toContain("more than five minutes");
  });

  test("is told in words what the register would refuse, with what was typed", async () => {
    const own = await signIn(world, "operator:fresh");
    const form = { model: "referral", consent: "member", callbackUrl: "not an address" };
    const refused = await own.post(path("fresh", "agree"), form);
    expect([refused.status, refused.html]).toEqual([422, expect.stringContaining('value="not an address"')]);
    const inWelsh = await own.post(`/cy${path("fresh", "agree")}`, form);
    expect(inWelsh.html).toMatch(/<html[^>]* lang="cy"/);
    expect(inWelsh.html).toMatch(/govuk-error-summary[\s\S]*<span lang="en">[^<]+<\/span>/);
    const unsaid = await own.post(path("fresh", "agree"), { ...form, model: "", callbackUrl: "" });
    expect([unsaid.status, unsaid.html]).toEqual([422, expect.stringContaining('href="#model"')]);
  });

  test("leaves with one press: no secret holds, and intake is refused at once", async () => {
    const left = await olive.send(path("parents", "leave"));
    expect(textOf(left.html)).toContain("This forum has left.");
    expect((await world.refer("parents")).status).toBe(401);
    expect((await olive.post(path("parents", "secret"))).status).toBe(422);
  });
});

test("nobody runs another's forum, and an unknown one looks the same", async () => {
  const own = await signIn(world, "operator:fresh");
  const amal = await signIn(world, "advisor:amal.h");
  for (const who of [own, amal])
    for (const slug of ["named", "nowhere"]) {
      expect((await who.get(path(slug))).status).toBe(404);
      for (const deed of ["agree", "secret", "leave", "constructor"])
        expect((await who.post(path(slug, deed))).status).toBe(404);
    }
  const admin = await signIn(world, "admin");
  expect((await admin.get(path("named"))).status).toBe(200);
});

test("a walk that forgets to be one would be caught: its steps reach no referral's settlers", async () => {
  const reached: string[] = [];
  const note = (what: string) => async () => void reached.push(what);
  const own: Pick<Settlers, "delivered" | "failed" | "cancelled"> = {
    delivered: note("delivered"),
    failed: note("failed"),
    cancelled: note("cancelled"),
  };
  const settlers = withTestSteps(world.instance.deps, own);
  const row = { data: { walk: "w", step: 3 }, destination: "forum:fresh" } as never;
  await world.instance.deps.transaction((tx) => settlers.failed(tx, row, "parked", "x", world.clock.now()));
  await world.instance.deps.transaction((tx) => settlers.cancelled(tx, row, "x", world.clock.now()));
  expect(reached).toEqual([]);
});
