import { afterAll, beforeAll, expect, test } from "vitest";
import type { Tx } from "../../src/db/index.ts";
import { applyRegister } from "../../src/register/apply-register.ts";
import { createRegisterReader } from "../../src/register/reader.ts";
import { loadRegister } from "../../src/register/store/load.ts";
import { createTestDatabase, type TestDatabase } from "../support/database.ts";
import { admin, applyDepsOver, small } from "./support.ts";

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
  await applyRegister(applyDepsOver(db), { document: small }, admin);
});
afterAll(() => db.drop());

const withModel = (model: string) => ({
  forums: [
    { ...small.forums[0], intervention: { model, agreedOn: "2026-11-02", agreedWith: "administrator" } },
  ],
});
const modelIn = async (read: (tx: Tx) => ReturnType<ReturnType<typeof createRegisterReader>>, tx: Tx) =>
  (await read(tx)).forums.get("parents")?.intervention?.model;

test("another instance reads a change with its next transaction, and the same object until then", async () => {
  const read = createRegisterReader();
  const first = await db.transaction(read);
  expect(await db.transaction(read)).toBe(first);
  await applyRegister(applyDepsOver(db), { document: withModel("none") }, admin);
  expect(await db.transaction((tx) => modelIn(read, tx))).toBe("none");
});

/**
 * A transaction reads the register, waits until an apply has been asked for, and then writes what it was allowed. True
 * when the apply was done before the write: the write then stands under a register that refuses it.
 */
async function acceptsAfterChange(
  read: (tx: Tx) => ReturnType<ReturnType<typeof createRegisterReader>>,
): Promise<boolean> {
  await applyRegister(applyDepsOver(db), { document: withModel("referral") }, admin);
  let isApplied = false;
  let applying: Promise<unknown> = Promise.resolve();
  const late = await db.transaction(async (tx) => {
    await read(tx);
    applying = applyRegister(applyDepsOver(db), { document: withModel("none") }, admin).then(() => {
      isApplied = true;
    });
    // The apply either waits for a lock, or is done: ask the server until one of the two is so.
    for (;;) {
      const waiting = await tx.$queryRaw<
        unknown[]
      >`SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted`;
      if (isApplied || waiting.length > 0) return isApplied;
    }
  });
  await applying;
  return late;
}

test("an apply waits for transactions that have read the register; a reader without the lock lets one slip", async () => {
  const unlocked = async (tx: Tx) => (await loadRegister(tx)).register;
  expect(await acceptsAfterChange(createRegisterReader())).toBe(false);
  expect(await acceptsAfterChange(unlocked)).toBe(true);
});

/** Readers at once behind a load that waits until all of them have asked: how many loads there were. */
async function loadsOf(readers: number, createReader: typeof createRegisterReader): Promise<number> {
  let loads = 0;
  let asked = 0;
  let open = () => {};
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  const read = createReader(async (tx) => {
    loads += 1;
    await gate;
    return loadRegister(tx);
  });
  const watched = new Proxy(db.prisma, {
    get(target, name) {
      const part: unknown = Reflect.get(target, name);
      if (typeof part !== "function") return part;
      return async (...given: unknown[]) => {
        const answer: unknown = await Reflect.apply(part, target, given);
        asked += 1;
        // The last to learn the revision joins in the turn after this one.
        if (asked === readers) setImmediate(open);
        return answer;
      };
    },
  });
  const registers = await Promise.all(Array.from({ length: readers }, () => read(watched)));
  expect(registers.every(({ forums }) => forums.has("parents"))).toBe(true);
  return loads;
}

test("all who ask after a change share one load; a reader that loads for each of them would be caught", async () => {
  const forEach: typeof createRegisterReader =
    (load = loadRegister) =>
    async (tx) => {
      await tx.$queryRawUnsafe("SELECT 1");
      return (await load(tx)).register;
    };
  expect(await loadsOf(8, createRegisterReader)).toBe(1);
  expect(await loadsOf(8, forEach)).toBe(8);
});

test("when the one who loads is undone, another of those who wait loads, once", async () => {
  let loads = 0;
  let fail = (_: Error) => {};
  const broken = new Promise<never>((_, reject) => {
    fail = reject;
  });
  const read = createRegisterReader(async (tx) => {
    loads += 1;
    return loads === 1 ? broken : loadRegister(tx);
  });
  const first = read(db.prisma);
  const joined: Promise<unknown>[] = [];
  while (loads === 0) await db.prisma.$queryRaw`SELECT 1`;
  for (let n = 0; n < 3; n += 1) joined.push(read(db.prisma));
  await db.prisma.$queryRaw`SELECT 1`;
  fail(new Error("undone"));
  await expect(first).rejects.toThrow("undone");
  expect(new Set(await Promise.all(joined)).size).toBe(1);
  expect(loads).toBe(2);
});

test("what was read in a transaction that is undone is not kept", async () => {
  const read = createRegisterReader();
  const undone = db.transaction(async (tx) => {
    await tx.$executeRaw`UPDATE register_state SET revision = gen_random_uuid()`;
    await tx.$executeRaw`UPDATE pool SET document = jsonb_set(document, '{name}', '"Undone"') WHERE slug = 'uc'`;
    expect((await read(tx)).pools.get("uc")?.name).toBe("Undone");
    throw new Error("undo");
  });
  await expect(undone).rejects.toThrow("undo");
  await applyRegister(applyDepsOver(db), { document: { settings: { nudge: "P5D" } } }, admin);
  expect((await read(db.prisma)).pools.get("uc")?.name).toBe("Example UC");
});

test("two applies at once both hold: neither is built on a register that the other changed", async () => {
  const topics = Array.from({ length: 6 }, (_, i) => ({ code: `t${i}`, title: `T${i}` }));
  const done = await Promise.all(
    topics.map((topic) => applyRegister(applyDepsOver(db), { document: { topics: [topic] } }, admin)),
  );
  expect(new Set(done.map(({ version }) => version)).size).toBe(6);
  const register = await createRegisterReader()(db.prisma);
  expect(topics.every(({ code }) => register.topics.has(code))).toBe(true);
});
