import { Webhook } from "standardwebhooks";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { leaveForum } from "../../src/forums/leave-forum.ts";
import { issueSecret, liveSecrets } from "../../src/forums/secrets.ts";
import { admin, applyDepsOver } from "../register/support.ts";
import { createTestDatabase, emptyTables, type TestDatabase } from "../support/database.ts";
import { applyForums, clockFrom } from "./support.ts";

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());
beforeEach(async () => {
  await emptyTables(db, "forum", "event", "register_version", "register_state");
  await applyForums(db);
});

const start = "2026-11-23T12:00:00Z";
const issue = (deps: ReturnType<typeof applyDepsOver>, revokeOld?: boolean, forum = "parents") =>
  deps.transaction((tx) => issueSecret(deps, tx, { forum, revokeOld }, admin));

test("a secret is one that Standard Webhooks takes, with 32 random bytes, and is kept only sealed", async () => {
  const deps = applyDepsOver(db);
  const { secret, previousValidUntil } = await issue(deps);
  expect(Buffer.from(secret.replace(/^whsec_/, ""), "base64")).toHaveLength(32);
  expect(new Webhook(secret).sign("id", new Date(start), "{}")).toMatch(/^v1,/);
  expect(previousValidUntil).toBeNull();
  expect(await liveSecrets(deps, "parents")).toEqual([secret]);
  const rows = await db.prisma.forumSecret.findMany();
  expect(rows.map((row) => Buffer.from(row.secret).includes(secret))).toEqual([false]);
});

test("the old secret holds for 24 hours more beside the new one, and then no longer", async () => {
  const clock = clockFrom(start);
  const deps = applyDepsOver(db, { now: clock.now });
  const first = await issue(deps);
  const second = await issue(deps);
  expect(second.previousValidUntil).toBe("2026-11-24T12:00:00.000Z");
  expect(await liveSecrets(deps, "parents")).toEqual([second.secret, first.secret]);
  clock.advanceHours(23);
  const third = await issue(deps);
  expect(await liveSecrets(deps, "parents")).toEqual([third.secret, second.secret, first.secret]);
  clock.advanceHours(1);
  expect(await liveSecrets(deps, "parents")).toEqual([third.secret, second.secret]);
  await issue(deps);
  expect(await db.prisma.forumSecret.count()).toBe(3);
});

test("revoking ends every old secret at once", async () => {
  const deps = applyDepsOver(db);
  await issue(deps);
  await issue(deps);
  const { secret, previousValidUntil } = await issue(deps, true);
  expect(previousValidUntil).toBeNull();
  expect(await liveSecrets(deps, "parents")).toEqual([secret]);
});

test("secrets of one forum are nothing to another, and an unknown forum has none", async () => {
  const deps = applyDepsOver(db);
  await issue(deps);
  expect(await liveSecrets(deps, "gamers")).toEqual([]);
  expect(await liveSecrets(deps, "nowhere")).toEqual([]);
});

test.each([
  [
    "a forum's own key",
    { kind: "forum", forum: "parents", voice: "moderator" },
    "parents",
    "access/forbidden",
  ],
  ["another forum's operator", { kind: "operator", forum: "gamers" }, "parents", "access/forbidden"],
  [
    "an operator of one forum about one that does not exist",
    { kind: "operator", forum: "gamers" },
    "nowhere",
    "access/forbidden",
  ],
  ["a manager", { kind: "manager" }, "parents", "access/forbidden"],
  ["an administrator about a forum that does not exist", admin, "nowhere", "forum/not-found"],
] as const)("%s gets no secret", async (_name, actor, forum, code) => {
  const deps = applyDepsOver(db);
  const work = deps.transaction((tx) => issueSecret(deps, tx, { forum }, actor));
  await expect(work).rejects.toMatchObject({ code });
  expect(await db.prisma.forumSecret.count()).toBe(0);
});

test("the audit says that a secret was made and by whom, and not the secret", async () => {
  const deps = applyDepsOver(db);
  const { secret } = await deps.transaction((tx) =>
    issueSecret(deps, tx, { forum: "parents" }, { kind: "operator", forum: "parents" }),
  );
  const events = await db.prisma.event.findMany({ where: { type: "forum.secret-issued" } });
  expect(events).toMatchObject([{ actorRole: "operator", data: { forum: "parents", revokedOld: false } }]);
  expect(
    JSON.stringify(events, (_key, value) => (typeof value === "bigint" ? String(value) : value)),
  ).not.toContain(secret);
});

test("a forum that leaves loses its secrets, and gets none until something is agreed anew", async () => {
  const deps = applyDepsOver(db);
  await issue(deps);
  const left = await leaveForum(deps, { forum: "parents" }, { kind: "operator", forum: "parents" });
  expect(left).toEqual({ leftAt: "2026-11-23T12:00:00.000Z" });
  expect(await leaveForum(deps, { forum: "parents" }, admin)).toEqual(left);
  expect(await liveSecrets(deps, "parents")).toEqual([]);
  expect((await deps.register(db.prisma)).forums.get("parents")?.leftAt).toEqual(deps.now());
  await expect(issue(deps)).rejects.toMatchObject({ code: "forum/no-intervention" });
  await applyForums(db);
  expect((await deps.register(db.prisma)).forums.get("parents")?.leftAt).toEqual(deps.now());
  const anew = { model: "referral", agreedOn: "2026-12-01", agreedWith: "forum administrator" };
  await applyForums(db, {
    forums: [{ slug: "parents", name: "Example parents", platform: "webhook", intervention: anew }],
  });
  expect((await deps.register(db.prisma)).forums.get("parents")?.leftAt).toBeNull();
  await issue(deps);
});
