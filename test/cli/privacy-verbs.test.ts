import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTestDatabase } from "../support/database.ts";
import { createWorld, type World } from "../support/world.ts";
import { type Commands, createCommands } from "./in-process.ts";

const folder = mkdtempSync(join(tmpdir(), "fingerpost-privacy-"));
let world: World;
let fingerpost: Commands;
let reference: string;
let encryptionKey: string;

beforeAll(async () => {
  world = await createWorld();
  encryptionKey = world.encryptionKey;
  fingerpost = createCommands({ DATABASE_URL: world.db.url, ENCRYPTION_KEY: encryptionKey });
  reference = (await world.refer("parents")).body.reference;
});
afterAll(async () => {
  await world.close();
  rmSync(folder, { recursive: true });
});

describe("backup and restore", () => {
  test("bring everything into an empty database, where what was erased since is erased again", async () => {
    const file = join(folder, "all.backup");
    const written = await fingerpost(["backup", file]);
    expect(written).toMatchObject({
      code: 0,
      stderr: expect.stringContaining("encryption key is not in it"),
    });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const again = (await world.refer("parents", {}, "second")).body.reference;
    await fingerpost(["erase", "--referral", reference]);
    const erasures = join(folder, "erasures.ndjson");
    writeFileSync(erasures, (await fingerpost(["export", "erasures"])).stdout);

    const empty = await createTestDatabase({ migrated: false });
    const other = createCommands({ DATABASE_URL: empty.url, ENCRYPTION_KEY: encryptionKey });
    expect(await other.json(["restore", file, "--erasures", erasures])).toMatchObject({ erased: 1 });
    const exported = (await other(["export", "referrals"])).stdout;
    expect(exported).toContain(reference);
    expect(exported).not.toContain(again);
    expect(await other.json(["erase", "--referral", reference])).toEqual([
      { reference, erased: false, unredacted: [] },
    ]);

    const refused = await other(["restore", file]);
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringMatching(/^This database is not empty/) });
    await empty.drop();
  });

  test("a file that is no backup is refused in a sentence", async () => {
    const file = join(folder, "none.backup");
    writeFileSync(file, "not a backup");
    expect(await fingerpost(["restore", file])).toMatchObject({ code: 1, stdout: "" });
  });
});

describe("erase and purge", () => {
  test("erase takes all of one member's referrals, by the name the forum gives them", async () => {
    const { reference: one } = (await world.refer("parents", { member: "leaving" }, "third")).body;
    expect(await fingerpost.json(["erase", "--forum", "parents", "--member", "leaving"])).toEqual([
      expect.objectContaining({ reference: one, erased: true }),
    ]);
    expect(await fingerpost.json(["erase", "--forum", "parents", "--member", "nobody"])).toEqual([]);
  });

  test("erase refuses an unknown reference; half of what it needs is wrong usage", async () => {
    expect(await fingerpost(["erase", "--referral", "FP-0000-0000"])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("referral/not-found"),
    });
    expect(await fingerpost(["erase"])).toMatchObject({ code: 2 });
    expect(await fingerpost(["erase", "--forum", "parents"])).toMatchObject({ code: 2 });
    expect(await fingerpost(["erase", "--forum", "parents", "--referral", "x"])).toMatchObject({ code: 2 });
  });

  test("purge says what went", async () => {
    expect(await fingerpost.json(["purge"])).toMatchObject({ referrals: 0 });
  });
});

// Each waits for servers to follow, so they wait together.
describe.concurrent("key rotate-encryption", () => {
  test("with ENCRYPTION_KEY, the new key is written to a file of one's own, and reads what the old one wrote", async () => {
    const file = join(folder, "next.key");
    expect(await fingerpost(["key", "rotate-encryption"])).toMatchObject({ code: 2 });
    const done = await fingerpost(["key", "rotate-encryption", "--to-file", file]);
    expect(done.stdout).toMatch(/content keys are wrapped anew\. Set ENCRYPTION_KEY/);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const next = createCommands({
      DATABASE_URL: world.db.url,
      ENCRYPTION_KEY: readFileSync(file, "utf8").trim(),
    });
    expect(await next(["export", "referrals"])).toMatchObject({ code: 0 });
  }, 60_000);

  test("without it, the new key takes the place of the kept one", async () => {
    const db = await createTestDatabase();
    const dataDir = join(folder, "data");
    const commands = createCommands({ DATABASE_URL: db.url, DATA_DIR: dataDir, ENCRYPTION_KEY: "" });
    await commands(["key", "list"]);
    const before = readFileSync(join(dataDir, "encryption.key"), "utf8");
    expect(await commands(["key", "rotate-encryption"])).toMatchObject({ code: 0 });
    expect(readFileSync(join(dataDir, "encryption.key"), "utf8")).not.toBe(before);
    expect(existsSync(join(dataDir, "encryption.key.previous"))).toBe(false);
    await db.drop();
  }, 60_000);
});

describe("stats rebuild", () => {
  test("leaves the figures as they were", async () => {
    // Ages go on; what was counted does not change.
    const counted = async () => {
      const { rows } = (await fingerpost.json(["stats", "--from", "2026-06-01"])) as { rows: object[] };
      return rows.map((row) => ({ ...row, oldestOpen: 0, waitingOn: {} }));
    };
    const before = await counted();
    expect(before).toEqual([expect.objectContaining({ received: 3 })]);
    expect(await fingerpost(["stats", "rebuild"])).toMatchObject({ code: 0 });
    expect(await counted()).toEqual(before);
  });
});
