import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createWorld, dayMs, type World } from "../support/world.ts";
import { type Browsing, signIn } from "./session.ts";
import { textOf, visit } from "./support.ts";

let world: World;
let admin: Browsing;
beforeAll(async () => {
  world = await createWorld();
});
beforeAll(async () => {
  admin = await signIn(world, "admin");
});
afterAll(() => world.close());

describe("an administrator", () => {
  test("makes a key, sees it once, and ends it", async () => {
    const made = await admin.send("/admin/key", { name: "A bot", scope: "forum:parents" });
    const key = /fp_[\w-]{43}/.exec(made.html)?.[0] ?? "";
    expect((await world.call("GET", "/v1/referrals", key)).status).toBe(200);
    const { html } = await admin.get("/admin");
    expect(html).not.toContain(key);
    expect(textOf(html)).toContain("A bot forum:parents");
    const [, id = ""] = /name="id" value="([^"]+)">\s*<button[^>]*>\s*End<span[^>]*> A bot/.exec(html) ?? [];
    expect(textOf((await admin.send("/admin/revoke", { id })).html)).toContain("The key no longer holds.");
    expect((await world.call("GET", "/v1/referrals", key)).status).toBe(401);
  });

  test("makes a link for whoever runs a forum, which opens that forum's page", async () => {
    const made = await admin.send("/admin/forum-link", { forum: "quiet" });
    const link = /\/sign-in\/[\w-]{43}/.exec(made.html)?.[0] ?? "";
    const { headers } = await visit(world, link, {});
    expect(headers.get("location")).toBe("/operator");
  });

  test("is told what was wrong with a form, and nothing is done", async () => {
    const keys = await world.db.prisma.apiKey.count();
    for (const [deed, form] of [
      ["key", { scope: "" }],
      ["key", { scope: "emperor" }],
      ["key", { scope: "forum:parents forum:quiet" }],
      ["link", { email: "nobody@dwp.example" }],
      ["forum-link", { forum: "nowhere" }],
    ] as const) {
      const { status, html } = await admin.post(`/admin/${deed}`, form);
      expect([deed, status]).toEqual([deed, 422]);
      expect(textOf(html)).toContain("There is a problem");
    }
    expect(await world.db.prisma.apiKey.count()).toBe(keys);
    expect((await admin.post("/admin/revoke", { id: "x" })).status).toBe(422);
    expect((await admin.post("/admin/constructor")).status).toBe(404);
  });

  test("sees what could not be delivered, and sends it again", async () => {
    await admin.get("/sign-in");
    world.setMood({ status: 410 });
    await world.refer("parents");
    await world.settle();
    world.setMood(null);
    const { html } = await admin.get("/admin");
    expect(textOf(html)).toContain("webhook, forum:parents referral.offered");
    const [, id = ""] = /admin\/replay"[\s\S]*?name="id" value="([^"]+)"/.exec(html) ?? [];
    expect(textOf((await admin.send("/admin/replay", { id })).html)).toContain("It is on its way again.");
    const row = await world.db.prisma.delivery.findUnique({ where: { id } });
    expect(row?.state).toBe("waiting");
  });

  test("sees which register is in force", async () => {
    const { body } = await world.call("GET", "/v1/register", await world.keyFor("admin"));
    expect(body.forums.length).toBe(3);
    expect(textOf((await admin.get("/cy/admin")).html)).toMatch(/Mae fersiwn \d+ mewn grym. Adrannau: 2/);
  });
});

test("nobody else opens the page, whatever they send", async () => {
  for (const scope of ["advisor:lee.d", "person:sam.t", "person:aud.it", "operator:parents"]) {
    const who = await signIn(world, scope);
    expect([scope, (await who.get("/admin")).status]).toEqual([scope, 403]);
    expect((await who.post("/admin/key", { scope: "admin" })).status).toBe(403);
  }
  world.clock.advance(dayMs);
  expect((await visit(world, "/admin")).headers.get("location")).toBe("/sign-in?next=%2Fadmin");
});
