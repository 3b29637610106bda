import { randomBytes } from "node:crypto";
import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  followRotation,
  keptEncryptionKey,
  loadKeyring,
  replaceKeptKey,
  rotateEncryption,
} from "../../src/privacy/index.ts";
import { createTestDatabase, type TestDatabase } from "../support/database.ts";

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());

const newId = (n: number) => `00000000-0000-7000-8000-${String(n).padStart(12, "0")}`;
const keyring = (...masters: Uint8Array[]) => loadKeyring(db.prisma, masters);
const database = () => ({ db: db.prisma, transaction: db.transaction });

async function fresh(count: number) {
  await db.prisma.contentKey.deleteMany();
  const from = randomBytes(32);
  const server = { ...database(), keyring: await keyring(from) };
  const sealed = new Map<string, Uint8Array>();
  const make = (n: number) => {
    const { key, ...wrapped } = server.keyring.createContentKey();
    sealed.set(newId(n), key.seal(`content ${n}`));
    return { id: newId(n), ...wrapped };
  };
  const write = (n: number) => db.prisma.contentKey.create({ data: make(n) });
  await db.prisma.contentKey.createMany({ data: Array.from({ length: count }, (_, n) => make(n + 1)) });
  /** What a server with this keyring reads at this moment. */
  const readable = async (ring: typeof server.keyring) => {
    const keys = await db.prisma.contentKey.findMany({ where: { id: { in: [...sealed.keys()] } } });
    return keys.filter(
      (key) =>
        ring.unwrap(key).open(sealed.get(key.id) ?? new Uint8Array()) ===
        `content ${Number(key.id.slice(-12))}`,
    ).length;
  };
  return { from, server, write, readable };
}

describe("replacing the encryption key", () => {
  test("leaves no key under the old one, and the content as it was", async () => {
    const { from, server, readable } = await fresh(1203);
    const secret = server.keyring.sealSecret("whsec");
    const hash = server.keyring.hash("member:f", "wren");
    const progress: [number, number][] = [];
    const { to, rewrapped } = await rotateEncryption(database(), {
      from,
      waitMs: 0,
      onProgress: (done, total) => progress.push([done, total]),
    });
    expect(rewrapped).toBe(1204);
    expect(progress).toEqual([
      [500, 1204],
      [1000, 1204],
      [1204, 1204],
    ]);
    const next = { ...database(), keyring: await keyring(to) };
    expect(await readable(next.keyring)).toBe(1203);
    expect(next.keyring.openSecret(secret)).toBe("whsec");
    expect(next.keyring.hash("member:f", "wren")).toEqual(hash);
    await followRotation(next);
    const keyIds = await db.prisma.contentKey.findMany({ distinct: ["keyId"] });
    expect(keyIds.map(({ keyId }) => keyId)).toEqual([next.keyring.givenKeyId]);
  });

  test("a server goes on reading and writing through every step of it, started with either key", async () => {
    const { from, server, write, readable } = await fresh(30);
    const to = randomBytes(32);
    const steps: number[] = [];
    await rotateEncryption(database(), {
      from,
      to,
      waitMs: 0,
      // What happens while the command waits.
      keep: async () => {
        await write(31);
        await followRotation(server);
        await write(32);
        steps.push(await readable(server.keyring));
      },
    });
    await write(33);
    steps.push(await readable(server.keyring));
    const later = { ...database(), keyring: await keyring(to) };
    steps.push(await readable(later.keyring), await readable(await keyring(from)));
    expect(steps).toEqual([32, 33, 33, 33]);
    expect(server.keyring.currentKeyId).toBe(later.keyring.givenKeyId);
  });

  test("the handover stays while anything needs the old key, and ends with the first server of the new one", async () => {
    const { from, server, write } = await fresh(3);
    const { to } = await rotateEncryption(database(), { from, waitMs: 0 });
    // A server that was away wrote with the old key after the last look.
    await write(4);
    const next = { ...database(), keyring: await keyring(to) };
    await followRotation(next);
    expect(await db.prisma.contentKey.count({ where: { keyId: server.keyring.givenKeyId } })).toBe(2);
    await rotateEncryption(database(), { from, to, waitMs: 0 });
    await followRotation(next);
    await expect(keyring(from)).rejects.toThrow(
      /ENCRYPTION_KEY is not the one this database was written with/,
    );
  });

  test("stopped half-way and called again, it goes on with the same new key", async () => {
    const { from, readable } = await fresh(700);
    const kept: Uint8Array[] = [];
    const stopped = rotateEncryption(database(), {
      from,
      waitMs: 0,
      keep: async (key) => void kept.push(key),
      onProgress: () => {
        throw new Error("The plug was pulled.");
      },
    });
    await expect(stopped).rejects.toThrow("The plug was pulled.");
    expect(await readable(await keyring(from))).toBe(700);
    const { to, rewrapped } = await rotateEncryption(database(), { from, waitMs: 0 });
    expect(rewrapped).toBe(201);
    expect(Buffer.from(to)).toEqual(Buffer.from(kept[0] ?? []));
    expect(await readable(await keyring(to))).toBe(700);
  });

  test("with a wrong key says so, and changes nothing", async () => {
    const { readable, server } = await fresh(2);
    await expect(rotateEncryption(database(), { from: randomBytes(32), waitMs: 0 })).rejects.toThrow(
      /ENCRYPTION_KEY is not the one this database was written with \(key [0-9a-f]{8}\)/,
    );
    expect(await readable(server.keyring)).toBe(2);
    expect(await db.prisma.contentKey.count()).toBe(3);
  });

  test("to itself is refused", async () => {
    const { from } = await fresh(1);
    await expect(rotateEncryption(database(), { from, to: from, waitMs: 0 })).rejects.toThrow(
      /Give another one/,
    );
  });
});

test("a kept key is replaced whole, with nobody else allowed to read it", async () => {
  const folder = await mkdtemp(join(tmpdir(), "fingerpost-key-"));
  try {
    await keptEncryptionKey(folder);
    const to = randomBytes(32);
    await replaceKeptKey(folder, to);
    expect(await keptEncryptionKey(folder)).toEqual(to);
    expect((await stat(join(folder, "encryption.key"))).mode & 0o777).toBe(0o600);
    expect(await readFile(join(folder, "encryption.key"), "utf8")).toBe(`${to.toString("hex")}\n`);
  } finally {
    await rm(folder, { recursive: true });
  }
});
