import { afterAll, beforeAll, expect, test } from "vitest";
import type { World } from "../support/world.ts";
import { directoryWorld } from "./directory-support.ts";
import { type Browsing, signIn } from "./session.ts";
import { textOf, visit } from "./support.ts";

let world: World;
let sol: Browsing;
beforeAll(async () => {
  world = await directoryWorld();
  sol = await signIn(world, "person:sol.v");
});
afterAll(() => world.close());

async function propose(form: Record<string, string>, path = "/propose"): Promise<string> {
  const { headers } = await visit(world, path, { relation: "member", ...form });
  return /PR-\w{4}-\w{4}/.exec(headers.get("location") ?? "")?.[0] ?? "none";
}

test("a publisher reads the queue, looks at a proposal and lists it without leaving the pages", async () => {
  const reference = await propose({
    address: "https://by-page.example/",
    name: "Decided by page",
    about: "Of pages.",
  });
  const queue = await sol.get("/admin/proposals");
  expect(queue.html).toContain(`href="/admin/proposals/${reference}"`);
  const form = await sol.get(`/admin/proposals/${reference}`);
  expect(form.html).toContain('value="decided-by-page"');
  const done = await sol.send(`/admin/proposals/${reference}`, {
    outcome: "listed",
    "criterion-moderated": "yes",
    name: "Decided by page",
    slug: "by-page",
    description: "Of pages.",
    role: "pupils",
  });
  expect(textOf(done.html)).toContain("Decided. The decision is published.");
  const entry = textOf((await visit(world, "/forums/by-page")).html);
  expect(entry).toContain("Pupils");
  expect(entry).toContain("Somebody moderates it");
});

test("what is missing, or what the register refuses, is said and keeps what was typed", async () => {
  const reference = await propose({ address: "https://mistaken.example/", name: "Mistaken" });
  const path = `/cy/admin/proposals/${reference}`;
  const silent = await sol.post(path, { outcome: "not_listed", slug: "kept-slug" });
  expect(silent.status).toBe(422);
  expect(silent.html).toContain("kept-slug");
  expect(silent.html).toContain("<title>Gwall:");
  const taken = await sol.post(path, { outcome: "listed", name: "Mistaken", slug: "netmums" });
  expect([taken.status, textOf(taken.html).includes("belongs to another forum")]).toEqual([422, true]);
  const odd = await sol.post(path, { outcome: "listed", name: "Mistaken", slug: "Not A Slug" });
  expect(odd.status).toBe(422);
});

test("a correction shows what was said, and a form of another session decides nothing", async () => {
  const says = "The address has changed.";
  const reference = await propose({ says }, "/forums/netmums/correct");
  expect((await sol.get(`/admin/proposals/${reference}`)).html).toContain(says);
  const forged = await visit(
    world,
    `/admin/proposals/${reference}`,
    { outcome: "discarded", form: "x" },
    { cookie: sol.cookie },
  );
  expect(forged.status).toBe(403);
  const done = await sol.send(`/admin/proposals/${reference}`, {
    outcome: "not_changed",
    because: "It has not.",
  });
  expect(textOf(done.html)).toContain("Decided");
});

test("nobody else opens it: a stranger is sent to sign in, another person is refused", async () => {
  expect((await visit(world, "/admin/proposals")).status).toBe(303);
  const sam = await signIn(world, "person:sam.t");
  expect((await sam.get("/admin/proposals")).status).toBe(403);
  const amal = await signIn(world, "advisor:amal.h");
  expect((await amal.get("/admin/proposals")).status).toBe(403);
});
