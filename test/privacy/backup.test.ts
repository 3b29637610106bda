import { randomBytes } from "node:crypto";
import { mkdtemp, readFile, rm, stat, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { adapters } from "../../adapters/index.ts";
import { readConfig } from "../../src/config.ts";
import { type Core, openCore } from "../../src/open-core.ts";
import { backup, restore } from "../../src/privacy/index.ts";
import { eraseReferral, listErasures, purgeDue } from "../../src/referrals/index.ts";
import { verifyAudit } from "../support/audit.ts";
import { createTestDatabase, type TestDatabase } from "../support/database.ts";
import { createWorld, type World } from "../support/world.ts";

const admin = { kind: "admin", keyId: "test" } as const;
let world: World;
let folder: string;
let live: string;
let gone: string;
let oldBackup: string;

const options = () => ({
  now: () => world.clock.now(),
  version: "0.0.0-test",
  logger: world.instance.deps.logger,
});
const inFolder = (name: string) => join(folder, name);
const encryptionKey = () => world.config.encryptionKey;

beforeAll(async () => {
  world = await createWorld();
  folder = await mkdtemp(join(tmpdir(), "fingerpost-backup-"));
  const refer = async (excerpt: string) =>
    (await world.refer("parents", { excerpt })).body.reference as string;
  live = await refer("Stays \u2028 whole, “quoted”, with \\ and\nanother line.");
  gone = await refer("To be erased after the backup.");
  await world.as("advisor:amal.h", live, "claim");
  await world.as("advisor:amal.h", live, "reply", { text: "An answer." });
  await world.settle();
  oldBackup = inFolder("old.backup");
  await backup(world.config, oldBackup, options());
  await eraseReferral(world.instance.deps, gone, "requested", admin);
  await world.settle();
});
afterAll(async () => {
  await world.close();
  await rm(folder, { recursive: true });
});

/** An empty database that a backup is restored into, and the core over it. */
async function restored(
  file: string,
  work: (target: TestDatabase, open: () => Promise<Core>) => Promise<void>,
  erasures?: string,
): Promise<void> {
  const target = await createTestDatabase({ migrated: false });
  const opened: Core[] = [];
  try {
    const where = { databaseUrl: target.url, dataDir: folder, encryptionKey: encryptionKey() };
    await restore(where, file, { logger: world.instance.deps.logger, ...(erasures ? { erasures } : {}) });
    await work(target, async () => {
      const config = { ...world.config, databaseUrl: target.url };
      const core = await openCore(
        { config, logger: world.instance.deps.logger, library: adapters, clock: world.clock },
        "command",
      );
      opened.push(core);
      return core;
    });
  } finally {
    for (const core of opened) await core.close();
    await target.drop();
  }
}

/** Every table as text, in one order. */
async function everything(database: TestDatabase): Promise<Record<string, string[]>> {
  const tables = await database.prisma.$queryRawUnsafe<{ name: string }[]>(
    "SELECT relname::text AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname <> '_prisma_migrations' ORDER BY 1",
  );
  const all: Record<string, string[]> = {};
  for (const { name } of tables) {
    const rows = await database.prisma.$queryRawUnsafe<{ row: string }[]>(
      `SELECT t::text AS row FROM "${name}" t ORDER BY 1`,
    );
    all[name] = rows.map(({ row }) => row);
  }
  return all;
}

const contentOf = async (core: Core, reference: string): Promise<string | null> => {
  const row = await core.deps.db.referral.findUniqueOrThrow({ where: { reference } });
  const key = await core.deps.db.contentKey.findUnique({ where: { id: row.id } });
  return row.content && key ? JSON.parse(core.deps.keyring.unwrap(key).open(row.content)).excerpt : null;
};

describe("a restored backup", () => {
  test("is the database as it was, table for table and row for row", async () => {
    const now = inFolder("now.backup");
    const before = await everything(world.db);
    const report = await backup(world.config, now, options());
    expect(report.rows).toBe(Object.values(before).flat().length);
    await restored(now, async (target, open) => {
      expect(await everything(target)).toEqual(before);
      const core = await open();
      expect(await contentOf(core, live)).toBe("Stays \u2028 whole, “quoted”, with \\ and\nanother line.");
      expect(await contentOf(core, gone)).toBeNull();
      // Counters go on, references between tables hold again, and the audit is guarded again.
      await core.deps.db.event.create({
        data: { type: "test", at: world.clock.now(), actorRole: "register" },
      });
      await expect(target.prisma.$executeRaw`DELETE FROM event`).rejects.toThrow(/append-only/);
      await expect(target.prisma.$executeRaw`UPDATE referral SET pool_slug = 'nowhere'`).rejects.toThrow(
        /foreign key/,
      );
      expect(await verifyAudit(core.deps)).toMatchObject({ ok: true });
    });
  });

  test.each(["a list of erasures", "a newer backup"])(
    "does not bring back what was erased since, known from %s",
    async (from) => {
      const list = inFolder("erasures");
      if (from === "a newer backup") await backup(world.config, list, options());
      else
        await writeFile(
          list,
          (await listErasures(world.instance.deps)).map((line) => `${JSON.stringify(line)}\n`).join(""),
        );
      await restored(
        oldBackup,
        async (target, open) => {
          const { id } = await target.prisma.referral.findUniqueOrThrow({ where: { reference: gone } });
          expect(await target.prisma.contentKey.count({ where: { id } })).toBe(0);
          const core = await open();
          expect(await purgeDue(core.deps)).toMatchObject({ referrals: 1 });
          const row = await target.prisma.referral.findUniqueOrThrow({ where: { reference: gone } });
          expect(row).toMatchObject({ content: null, memberHash: null, state: "withdrawn" });
          expect(row.erasedAt).not.toBeNull();
          const last = await target.prisma.event.findFirst({
            where: { referralId: id },
            orderBy: { id: "desc" },
          });
          expect(last).toMatchObject({ type: "referral.erased", data: { because: "requested" } });
          expect(await contentOf(core, live)).toContain("Stays");
          expect(await purgeDue(core.deps)).toMatchObject({ referrals: 0 });
        },
        list,
      );
    },
  );

  test("without that list has what was erased since, which is why there is one", async () => {
    await restored(oldBackup, async (_target, open) => {
      expect(await contentOf(await open(), gone)).toBe("To be erased after the backup.");
    });
  });
});

describe("a restore is refused, with nothing changed,", () => {
  const attempt = (file: string, target: TestDatabase, key: Buffer | null = encryptionKey()) =>
    restore({ databaseUrl: target.url, dataDir: folder, encryptionKey: key }, file, {
      logger: world.instance.deps.logger,
    });
  const into = async (migrated: boolean, work: (target: TestDatabase) => Promise<void>) => {
    const target = await createTestDatabase({ migrated });
    try {
      await work(target);
    } finally {
      await target.drop();
    }
  };

  test("into a database that holds something", () =>
    into(true, async (target) => {
      await target.prisma.topic.create({ data: { code: "t", position: 0, document: {} } });
      await expect(attempt(oldBackup, target)).rejects.toThrow(
        /not empty: there is something in its table topic/,
      );
    }));

  test("with another encryption key, or none", () =>
    into(false, async (target) => {
      await expect(attempt(oldBackup, target, randomBytes(32))).rejects.toThrow(
        /ENCRYPTION_KEY is not the one/,
      );
      await expect(attempt(oldBackup, target, null)).rejects.toThrow(/There is no encryption key/);
    }));

  test("from a file that was cut short, altered or is something else", () =>
    into(true, async (target) => {
      const broken = inFolder("broken.backup");
      await writeFile(broken, await readFile(oldBackup));
      await truncate(broken, (await stat(broken)).size - 200);
      await expect(attempt(broken, target)).rejects.toThrow(/not a whole backup|damaged/);
      const text = gunzipSync(await readFile(oldBackup)).toString("utf8");
      await writeFile(broken, gzipSync(text.replace('"state":"offered"', '"state":"closed"')));
      await expect(attempt(broken, target)).rejects.toThrow(/damaged/);
      await writeFile(broken, gzipSync("hello\n"));
      await expect(attempt(broken, target)).rejects.toThrow(/not a backup/);
      await writeFile(broken, "hello\n");
      await expect(attempt(broken, target)).rejects.toThrow(/not a whole backup/);
      expect(await target.prisma.referral.count()).toBe(0);
    }));

  test("from a newer release", () =>
    into(false, async (target) => {
      const newer = inFolder("newer.backup");
      const text = gunzipSync(await readFile(oldBackup)).toString("utf8");
      await writeFile(
        newer,
        gzipSync(text.replace('"migrations":[', '"migrations":["29991231000000_later",')),
      );
      await expect(attempt(newer, target)).rejects.toThrow(/newer. Restore it with that one/);
    }));
});

test("a backup is for its owner's eyes, holds no text that anybody typed, and replaces a file only when it is whole", async () => {
  expect((await stat(oldBackup)).mode & 0o777).toBe(0o600);
  const text = gunzipSync(await readFile(oldBackup)).toString("utf8");
  expect(text).not.toContain("To be erased");
  expect(text).not.toContain(encryptionKey()?.toString("hex"));
  const config = readConfig({ DATABASE_URL: "postgres://nobody@127.0.0.1:1/none", NODE_ENV: "test" });
  await expect(backup(config, oldBackup, options())).rejects.toThrow();
  expect(gunzipSync(await readFile(oldBackup)).toString("utf8")).toBe(text);
});
