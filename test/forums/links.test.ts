import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { stopCallbacks } from "../../src/forums/leave-forum.ts";
import { issueLink, joinForum } from "../../src/forums/links.ts";
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

const link = (deps: ReturnType<typeof applyDepsOver>, forum = "gamers") =>
  deps.transaction((tx) => issueLink(deps, tx, { forum }, admin));
const join = (deps: ReturnType<typeof applyDepsOver>, code: string, guildId = "42") =>
  joinForum(deps, { adapter: "discord", code, joined: { guildId } });

test("a code joins one server once, and the register knows where the forum lives", async () => {
  const deps = applyDepsOver(db);
  const { code, expiresAt } = await link(deps);
  expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){2}$/);
  expect(expiresAt).toBe("2026-11-24T12:00:00.000Z");
  expect(await join(deps, code)).toBe("gamers");
  expect((await deps.register(db.prisma)).forums.get("gamers")?.joined).toEqual({
    discord: { guildId: "42" },
  });
  await expect(join(deps, code)).rejects.toMatchObject({ code: "forum/link-invalid" });
});

test("a code is read whatever its case, spaces and look-alikes, and only its hash is kept", async () => {
  const deps = applyDepsOver(db);
  const { code } = await link(deps);
  const typed = code.toLowerCase().replaceAll("-", " ").replaceAll("0", "o").replaceAll("1", "l");
  const rows = await db.prisma.forumLink.findMany();
  expect(rows.map(({ hash }) => hash.length)).toEqual([32]);
  expect(await join(deps, typed)).toBe("gamers");
});

test("two servers with one code at once: one joins", async () => {
  const deps = applyDepsOver(db);
  const { code } = await link(deps);
  const tried = await Promise.allSettled(["1", "2", "3", "4"].map((guild) => join(deps, code, guild)));
  expect(tried.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
});

test("a code ends after 24 hours", async () => {
  const clock = clockFrom("2026-11-23T12:00:00Z");
  const deps = applyDepsOver(db, { now: clock.now });
  const { code } = await link(deps);
  clock.advanceHours(24);
  await expect(join(deps, code)).rejects.toMatchObject({ code: "forum/link-invalid" });
});

test("a refused join leaves the code good: another platform's forum, a server of another forum", async () => {
  const deps = applyDepsOver(db);
  const { code: parents } = await link(deps, "parents");
  await expect(join(deps, parents)).rejects.toMatchObject({ code: "forum/link-invalid" });
  const { code } = await link(deps);
  await expect(join(deps, code, "7")).rejects.toMatchObject({ code: "forum/already-joined" });
  expect(await join(deps, code, "8")).toBe("gamers");
  const events = await db.prisma.event.findMany({
    where: { type: { startsWith: "forum." } },
    orderBy: { id: "asc" },
  });
  expect(events.map(({ type }) => type)).toEqual(["forum.link-issued", "forum.link-issued", "forum.joined"]);
});

test("a destination that wants no more callbacks is noted once, and starts again at another address", async () => {
  const deps = applyDepsOver(db);
  await db.transaction((tx) => stopCallbacks(tx, "forum:parents", deps.now()));
  await db.transaction((tx) => stopCallbacks(tx, "forum:parents", deps.now()));
  await db.transaction((tx) => stopCallbacks(tx, "pool:parents", deps.now()));
  expect((await deps.register(db.prisma)).forums.get("parents")?.callbackStoppedAt).toEqual(deps.now());
  expect(await db.prisma.event.count({ where: { type: "forum.callback-stopped" } })).toBe(1);
  await applyForums(db, {
    forums: [{ slug: "parents", name: "Example parents", callbackUrl: "https://parents.example/new" }],
  });
  expect((await deps.register(db.prisma)).forums.get("parents")?.callbackStoppedAt).toBeNull();
});
