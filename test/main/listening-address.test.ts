import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readConfig } from "../../src/config.ts";
import { silentLogger } from "../../src/db/logger.ts";
import { forgetAddress, noteAddress } from "../../src/listening-address.ts";
import { openCore } from "../../src/main.ts";
import { createTestDatabase, type TestDatabase } from "../support/database.ts";

const ENCRYPTION_KEY = randomBytes(32).toString("hex");
let db: TestDatabase;
let dataDir: string;
beforeAll(async () => {
  db = await createTestDatabase();
  dataDir = await mkdtemp(path.join(tmpdir(), "fingerpost-address-"));
});
afterAll(async () => {
  await db.drop();
  await rm(dataDir, { recursive: true });
});

async function baseUrlOfCommand(env: Record<string, string> = {}): Promise<string> {
  const config = readConfig({
    NODE_ENV: "test",
    DATABASE_URL: db.url,
    DATA_DIR: dataDir,
    PORT: "0",
    ENCRYPTION_KEY,
    ...env,
  });
  const core = await openCore({ config, logger: { ...silentLogger, debug: () => {} } }, "command");
  await core.close();
  return core.deps.baseUrl;
}

test("a command beside a server leads to where that listens, unless BASE_URL says otherwise", async () => {
  await noteAddress(dataDir, "http://127.0.0.1:41234");
  expect(await baseUrlOfCommand()).toBe("http://127.0.0.1:41234");
  const BASE_URL = "https://fingerpost.example";
  expect(await baseUrlOfCommand({ BASE_URL })).toBe(BASE_URL);
  await forgetAddress(dataDir);
  expect(await baseUrlOfCommand()).toBe("http://127.0.0.1:0");
});
