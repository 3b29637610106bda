import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { issueLinkFor, issueSignInLink } from "../../src/access/index.ts";
import { createMailServer } from "../simulators/mail.ts";
import { exampleRegister } from "../support/example-register.ts";
import { createWorld, hourMs, minuteMs, type World } from "../support/world.ts";
import { signIn } from "./session.ts";
import { textOf, visit } from "./support.ts";

let world: World;
let mails: Awaited<ReturnType<typeof createMailServer>>;
beforeAll(async () => {
  mails = await createMailServer();
  const register = exampleRegister("http://127.0.0.1:9");
  const [amal] = register.advisors;
  if (amal) Object.assign(amal, { email: "Amal@dwp.example" });
  register.people.push({
    id: "amal.h",
    name: "Amal H.",
    email: "amal@dwp.example",
    roles: ["triage"],
  } as never);
  register.people.push({ id: "ada.m", name: "Ada M.", roles: ["administrator"] });
  world = await createWorld({ register, env: { SMTP_URL: mails.url } });
});
afterAll(async () => {
  await world.close();
  await mails.close();
});

const linkFor = async (...scopes: string[]) => {
  const { deps } = world.instance;
  const { url } = await deps.transaction((tx) => issueSignInLink(deps, tx, { scopes }));
  return new URL(url).pathname;
};

describe("a link that signs in", () => {
  test("works by its button and once; opening it, as programs that look at mail do, uses nothing up", async () => {
    const path = await linkFor("advisor:amal.h");
    for (let times = 0; times < 3; times += 1) expect((await visit(world, path)).status).toBe(200);
    const first = await visit(world, path, {});
    expect([first.status, first.headers.get("location")]).toEqual([303, "/desk"]);
    const second = await visit(world, path, {});
    expect([second.status, second.headers.get("set-cookie")]).toEqual([404, null]);
    expect(textOf(second.html)).toContain("This link does not sign anybody in");
  });

  test("of many who press at once, lets exactly one in", async () => {
    const path = await linkFor("advisor:bea.k");
    const all = await Promise.all(Array.from({ length: 8 }, () => visit(world, path, {})));
    expect(all.filter(({ status }) => status === 303)).toHaveLength(1);
  });

  test("ends after its time, and is nobody's where the register no longer has its owner", async () => {
    const late = await linkFor("advisor:bea.k");
    const stranger = await linkFor("advisor:nobody");
    expect((await visit(world, stranger, {})).status).toBe(404);
    world.clock.advance(24 * hourMs);
    expect((await visit(world, late, {})).status).toBe(404);
  });

  test("is for an address that the register has, whatever its case, and for nobody else", async () => {
    const { deps } = world.instance;
    const made = await deps.transaction((tx) => issueLinkFor(deps, tx, " AMAL@dwp.example "));
    expect(made.url).toMatch(/\/sign-in\/[\w-]{43}$/);
    const refused = deps.transaction((tx) => issueLinkFor(deps, tx, "x@dwp.example"));
    await expect(refused).rejects.toMatchObject({ code: "access/email-unknown" });
    const empty = deps.transaction((tx) => issueLinkFor(deps, tx, ""));
    await expect(empty).rejects.toMatchObject({ code: "access/email-unknown" });
  });

  test("is mailed to who asks, the page says the same to a stranger, and a flood sends three", async () => {
    world.clock.advance(hourMs);
    for (let wish = 0; wish < 5; wish += 1) {
      const asked = await visit(world, "/sign-in", { email: "amal@dwp.example" });
      expect([asked.status, asked.headers.get("location")]).toEqual([303, "/sign-in?sent=1"]);
    }
    const stranger = await visit(world, "/sign-in", { email: "stranger@dwp.example" });
    expect([stranger.status, stranger.headers.get("location")]).toEqual([303, "/sign-in?sent=1"]);
    expect(mails.mails).toHaveLength(3);
    const link = /\/sign-in\/[\w-]{43}/.exec(mails.mails[0]?.text ?? "")?.[0] ?? "";
    expect((await visit(world, link, {})).status).toBe(303);
    expect((await visit(world, "/sign-in", { email: "no address" })).status).toBe(422);
  });

  test("asked for in Welsh, is mailed in Welsh and leads to the Welsh pages", async () => {
    world.clock.advance(hourMs);
    const already = mails.mails.length;
    await visit(world, "/cy/sign-in", { email: "amal@dwp.example" });
    const mail = mails.mails[already];
    expect(mail?.subject).toBe("Eich dolen i fewngofnodi i Fingerpost");
    const link = /\/cy\/sign-in\/[\w-]{43}/.exec(mail?.text ?? "")?.[0] ?? "";
    expect((await visit(world, link, {})).headers.get("location")).toBe("/cy/desk");
  });

  test("is not taken from another site, so nobody is signed in as somebody else", async () => {
    const path = await linkFor("advisor:amal.h");
    const forged = await visit(world, path, {}, { "sec-fetch-site": "cross-site" });
    expect([forged.status, forged.headers.get("set-cookie")]).toEqual([403, null]);
    expect((await visit(world, path, {}, { "sec-fetch-site": "same-origin" })).status).toBe(303);
  });
});

describe("a session", () => {
  test("is a cookie that no script reads and no other site's form carries", async () => {
    const answer = await visit(world, await linkFor("advisor:amal.h"), {});
    const cookie = answer.headers.get("set-cookie") ?? "";
    expect(cookie).toMatch(/^fingerpost=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax$/);
    const stored = await world.db.prisma.session.findMany();
    expect(JSON.stringify(stored)).not.toContain(cookie.split(/[=;]/)[1]);
  });

  test("ends two hours after the last request, and twelve hours after it began", async () => {
    const idle = await signIn(world, "advisor:amal.h");
    world.clock.advance(2 * hourMs - minuteMs);
    expect((await idle.get("/sign-in")).html).toContain("You are signed in");
    world.clock.advance(2 * hourMs);
    expect((await idle.get("/sign-in")).html).not.toContain("You are signed in");

    const busy = await signIn(world, "advisor:amal.h");
    for (let hour = 0; hour < 11; hour += 1) {
      world.clock.advance(hourMs);
      expect((await busy.get("/sign-in")).html).toContain("You are signed in");
    }
    world.clock.advance(hourMs);
    expect((await busy.get("/sign-in")).html).not.toContain("You are signed in");
  });

  test("ends by signing out, for whoever still has the cookie", async () => {
    const session = await signIn(world, "advisor:amal.h");
    const out = await session.post("/sign-out");
    expect([out.status, out.headers.get("set-cookie")]).toEqual([
      303,
      expect.stringContaining("fingerpost=;"),
    ]);
    expect((await session.get("/sign-in")).html).not.toContain("You are signed in");
  });

  test("is replaced where somebody signs in again: the one before is over", async () => {
    const first = await signIn(world, "advisor:amal.h");
    await visit(world, await linkFor("advisor:bea.k"), {}, { cookie: first.cookie });
    expect((await first.get("/sign-in")).html).not.toContain("You are signed in");
  });

  test("takes no form without its token, with another session's, or from another site", async () => {
    const session = await signIn(world, "advisor:amal.h");
    const other = await signIn(world, "advisor:bea.k");
    const token = /name="form" value="([^"]+)"/.exec((await other.get("/sign-in")).html)?.[1] ?? "";
    const { cookie } = session;
    for (const form of [{}, { form: "" }, { form: token }, { form: "é".repeat(43) }])
      expect((await visit(world, "/sign-out", form as Record<string, string>, { cookie })).status).toBe(403);
    const own = /name="form" value="([^"]+)"/.exec((await session.get("/sign-in")).html)?.[1] ?? "";
    const from = { cookie, "sec-fetch-site": "same-site" };
    expect((await visit(world, "/sign-out", { form: own }, from)).status).toBe(403);
    expect((await session.get("/sign-in")).html).toContain("You are signed in");
  });

  test("is an actor like a key is: it reads the interface, and changes nothing there without its token", async () => {
    const session = await signIn(world, "advisor:amal.h");
    const { cookie } = session;
    const read = await world.call("GET", "/v1/referrals", null, undefined, { cookie });
    expect(read.status).toBe(200);
    expect((await world.call("GET", "/v1/keys", null, undefined, { cookie })).status).toBe(403);
    const path = "/v1/guidance/acknowledgements";
    expect((await world.call("POST", path, null, {}, { cookie })).status).toBe(403);
    const token = /name="form" value="([^"]+)"/.exec((await session.get("/sign-in")).html)?.[1] ?? "";
    const done = await world.call("POST", path, null, {}, { cookie, "x-csrf-token": token });
    expect(done.status).toBe(201);
    const wrong = await world.call("GET", "/v1/referrals", "fp_wrong", undefined, { cookie });
    expect(wrong.status).toBe(401);
  });

  test("has the rights that the register gives now, and none once it names nobody", async () => {
    const { cookie } = await signIn(world, "person:ada.m");
    expect((await world.call("GET", "/v1/keys", null, undefined, { cookie })).status).toBe(200);
    const person = { id: "ada.m", name: "Ada M.", roles: ["auditor"] };
    expect((await world.apply({ people: [person] })).status).toBe(200);
    expect((await world.call("GET", "/v1/keys", null, undefined, { cookie })).status).toBe(403);
  });

  test("stands in the audit with its beginning and its end, and no token in it", async () => {
    const session = await signIn(world, "advisor:jo.v");
    await session.post("/sign-out");
    const events = await world.db.prisma.event.findMany({
      where: { actorId: "jo.v" },
      orderBy: { id: "asc" },
    });
    expect(events.map(({ type }) => type)).toEqual(["sign-in-link.issued", "session.begun", "session.ended"]);
    expect(
      JSON.stringify(events, (_, value) => (typeof value === "bigint" ? String(value) : value)),
    ).not.toContain(session.cookie.split("=")[1]);
  });
});

test("a stranger at a page for people signed in is sent to sign in, in their language, and back again", async () => {
  const { headers } = await visit(world, "/cy/sign-out", {});
  expect(headers.get("location")).toBe("/cy/sign-in");
  for (const elsewhere of [
    "//evil.test",
    "https://evil.test/desk",
    "/desk\\evil",
    "/deskevil.test",
    "/verify",
  ])
    expect((await visit(world, `/sign-in?next=${encodeURIComponent(elsewhere)}`)).html).toContain(
      'name="next" value=""',
    );
  expect((await visit(world, "/sign-in?next=%2Fdesk%3Fpool%3Duc")).html).toContain('value="/desk?pool=uc"');
});
