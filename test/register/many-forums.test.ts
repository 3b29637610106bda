import { afterAll, beforeAll, expect, test } from "vitest";
import type { Tx } from "../../src/db/index.ts";
import { applyRegister } from "../../src/register/apply-register.ts";
import { createTestDatabase, type TestDatabase } from "../support/database.ts";
import { admin, applyDepsOver, insertReferral, small } from "./support.ts";

const many = process.env.TEST_LONG ? 10_000 : 1_000;

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());

const forums = (count: number, { from = "", to = "", name = "Forum" } = {}) =>
  Array.from({ length: count }, (_, n) => ({
    ...small.forums[0],
    slug: `${to || from}-${n}`,
    ...(to ? { formerly: [`${from}-${n}`] } : {}),
    name: `${name} ${n}`,
    url: `https://${from}-${n}.example/`,
    callbackUrl: `https://${from}-${n}.example/calls`,
    directory: { languages: ["en"], consent: { on: "2026-11-01", scope: "everything" } },
  }));

/** A transaction that counts what is run on it. */
function counted(tx: Tx, count: () => void): Tx {
  return new Proxy(tx, {
    get(target, name) {
      count();
      const part: unknown = Reflect.get(target, name);
      return typeof part === "function" ? part.bind(target) : part;
    },
  });
}

/** How many statements an apply runs in its transaction. */
async function statementsOf(document: unknown): Promise<number> {
  let statements = 0;
  const count = () => {
    statements += 1;
  };
  const deps = applyDepsOver(db, { transaction: (work) => db.transaction((tx) => work(counted(tx, count))) });
  expect((await applyRegister(deps, { document }, admin)).applied).toBe(true);
  return statements;
}

test("adding, changing, renaming and removing thousands of forums takes no more statements than two", async () => {
  const stories = async (count: number, from: string) => [
    await statementsOf({ forums: forums(count, { from }) }),
    await statementsOf({ forums: forums(count, { from, name: "Changed" }) }),
    await statementsOf({ forums: forums(count, { from, to: `${from}-new` }) }),
    await statementsOf({ ...small, prune: true }),
  ];
  await applyRegister(applyDepsOver(db), { document: small }, admin);
  const few = await stories(2, "few");
  expect(await stories(many, "many")).toEqual(few);
  expect(Math.max(...few)).toBeLessThan(30);
  expect(await db.prisma.forum.count({ where: { removedAt: null } })).toBe(1);
  expect(await db.prisma.forumVersion.count({ where: { forumSlug: { startsWith: "many-new-" } } })).toBe(
    4 * many,
  );
});

test("one new name that history still needs refuses all of them, and says which", async () => {
  await applyRegister(applyDepsOver(db), { document: { forums: forums(3, { from: "taken" }) } }, admin);
  await applyRegister(applyDepsOver(db), { document: { ...small, prune: true } }, admin);
  await insertReferral(db, { reference: "FP-T", forum: "taken-1", state: "closed" });
  await applyRegister(applyDepsOver(db), { document: { forums: forums(3, { from: "fresh" }) } }, admin);
  const renamed = { document: { forums: forums(3, { from: "fresh", to: "taken" }) } };
  await expect(applyRegister(applyDepsOver(db), renamed, admin)).rejects.toMatchObject({
    code: "register/invalid",
    errors: [{ pointer: "/forums/1", detail: expect.stringContaining('"taken-1" was used before') }],
  });
  expect(await db.prisma.forum.count({ where: { slug: { startsWith: "fresh-" } } })).toBe(3);
});
