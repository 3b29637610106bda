import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { build, runCli, type Server, spawnCli, startServer, until, watch } from "../cli/process.ts";
import { createTestDatabase } from "../support/database.ts";

const folders: string[] = [];
const servers: Server[] = [];

function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "fingerpost-start-"));
  folders.push(folder);
  return folder;
}

async function serving(folder: string, env: Record<string, string> = {}): Promise<Server> {
  const server = await startServer({ LOG_LEVEL: "silent", ...env }, folder);
  servers.push(server);
  return server;
}

beforeAll(build, 200_000);
afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

const status = async (address: string) => (await fetch(address)).status;
/** Each of these starts several processes, which takes long on a machine that does much else. */
const longMs = 150_000;

describe("on an empty machine", () => {
  test(
    "a start needs nothing: it answers, prints one line and a key that lets in, and a second start finds its data",
    async () => {
      const folder = emptyFolder();
      const first = await serving(folder);
      expect(await status(`${first.address}/readyz`)).toBe(200);
      expect(first.stdout().trimEnd().split("\n")).toEqual([
        expect.stringMatching(/^\{"msg":"listening","address":"http:\/\/127\.0\.0\.1:\d+"/),
      ]);
      const key = /^ {4}(fp_[\w-]{43})$/m.exec(first.stderr())?.[1];
      const headers = { authorization: `Bearer ${key}` };
      expect((await fetch(`${first.address}/v1/keys`, { headers })).status).toBe(200);
      expect(statSync(join(folder, "data", "encryption.key")).mode & 0o777).toBe(0o600);
      expect(await first.stop()).toBe(0);

      const second = await serving(folder);
      expect(second.stderr()).toBe("");
      expect((await fetch(`${second.address}/v1/keys`, { headers })).status).toBe(200);
      process.stdout.write(
        `first start ${(first.startedInMs / 1000).toFixed(1)} s, second ${(second.startedInMs / 1000).toFixed(1)} s\n`,
      );
      expect(await second.stop("SIGINT")).toBe(0);
    },
    longMs,
  );

  test(
    "a second server on the same folder is refused in a sentence, commands work beside the first, and .env is read",
    async () => {
      const folder = emptyFolder();
      writeFileSync(join(folder, ".env"), "ADMIN_API_KEY=an-administrators-key-from-a-file-0123\n");
      const server = await serving(folder);
      expect(server.stderr()).toBe("");
      const headers = { authorization: "Bearer an-administrators-key-from-a-file-0123" };
      expect((await fetch(`${server.address}/v1/keys`, { headers })).status).toBe(200);

      const env = { PORT: "0", LOG_LEVEL: "silent" };
      const [refused, made] = await Promise.all([
        runCli(["serve"], env, folder),
        runCli(["key", "create", "--scope", "admin"], {}, folder),
      ]);
      expect(refused).toMatchObject({
        code: 1,
        stdout: "",
        stderr: expect.stringMatching(
          /^Another Fingerpost server \(process \d+\) is already running on .*\.\n$/,
        ),
      });
      const { authorization } = { authorization: `Bearer ${made.stdout.trim()}` };
      expect((await fetch(`${server.address}/v1/keys`, { headers: { authorization } })).status).toBe(200);

      const looked = await runCli(["doctor", "--json"], {}, folder);
      expect(looked.code).toBe(0);
      expect(JSON.parse(looked.stdout)).toContainEqual(
        expect.objectContaining({ name: "database", state: "well" }),
      );
      expect(await status(`${server.address}/readyz`)).toBe(200);
    },
    longMs,
  );

  test(
    "a database that is lost makes it not ready, and ready again when it is back",
    async () => {
      const folder = emptyFolder();
      const server = await serving(folder);
      const pid = Number(
        readFileSync(join(folder, "data", "postgres", "postmaster.pid"), "utf8").split("\n")[0],
      );
      process.kill(pid, "SIGKILL");
      const away = await until(`${server.address}/readyz`, 503);
      expect(await away.json()).toMatchObject({ ready: false });
      expect(await status(`${server.address}/livez`)).toBe(200);
      await until(`${server.address}/readyz`, 200);
    },
    longMs,
  );
});

describe("with a database of its own", () => {
  test(
    "MIGRATE=false waits, alive and not ready, until `fingerpost migrate` has run, then serves by itself",
    async () => {
      const db = await createTestDatabase({ migrated: false });
      const folder = emptyFolder();
      const env = { DATABASE_URL: db.url, MIGRATE: "false", PORT: "0", LOG_LEVEL: "warn" };
      const child = spawnCli(["serve"], env, folder);
      const printed = watch(child);
      const waiting = JSON.parse(await printed.until(/^.*waiting for.*$/m));
      expect(await status(`${waiting.address}/livez`)).toBe(200);
      expect(await status(`${waiting.address}/readyz`)).toBe(503);
      expect(await status(`${waiting.address}/v1/register`)).toBe(503);
      expect(printed.stdout()).not.toContain("listening");

      const { code } = await runCli(["migrate"], { DATABASE_URL: db.url }, folder);
      expect(code).toBe(0);
      const { address } = JSON.parse(await printed.until(/^\{"msg":"listening".*$/m));
      expect(await status(`${address}/readyz`)).toBe(200);
      const gone = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGTERM");
      expect(await gone).toBe(0);
      await db.drop();
    },
    longMs,
  );

  test(
    "a server that waits for its migrations stops at a signal",
    async () => {
      const db = await createTestDatabase({ migrated: false });
      const env = { DATABASE_URL: db.url, MIGRATE: "false", PORT: "0", LOG_LEVEL: "warn" };
      const child = spawnCli(["serve"], env, emptyFolder());
      await watch(child).until(/waiting for/);
      const gone = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGTERM");
      expect(await gone).toBe(0);
      await db.drop();
    },
    longMs,
  );

  test(
    "a port in use is said in a sentence; a mistake in the environment by its variable",
    async () => {
      const db = await createTestDatabase();
      const folder = emptyFolder();
      const other = createServer();
      await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
      const at = other.address();
      const port = String(typeof at === "object" && at ? at.port : 0);
      const [taken, mistaken] = await Promise.all([
        runCli(["serve"], { DATABASE_URL: db.url, PORT: port, LOG_LEVEL: "silent" }, folder),
        runCli(["serve"], { PORT: "many" }, folder),
      ]);
      expect(taken).toMatchObject({
        code: 1,
        stderr: `Port ${port} of 127.0.0.1 is in use. Stop what uses it, or choose another with PORT.\n`,
      });
      expect(mistaken).toMatchObject({ code: 1, stderr: expect.stringMatching(/PORT must be/) });
      await new Promise((resolve) => other.close(resolve));
      await db.drop();
    },
    longMs,
  );

  test(
    "in production no key is made unasked, and what to run is printed instead",
    async () => {
      const db = await createTestDatabase();
      const folder = emptyFolder();
      const server = await serving(folder, {
        DATABASE_URL: db.url,
        NODE_ENV: "production",
        BASE_URL: "https://fingerpost.example",
        ENCRYPTION_KEY: Buffer.alloc(32, 1).toString("base64"),
      });
      expect(server.stderr()).toMatch(/npx fingerpost key create/);
      expect(server.stderr()).not.toMatch(/fp_/);
      expect(existsSync(join(folder, "data"))).toBe(false);
      await server.stop();
      await db.drop();
    },
    longMs,
  );

  test(
    "told to stop, a request under way is finished, and the process ends with code 0",
    async () => {
      const db = await createTestDatabase();
      const adminApiKey = "an-administrators-key-for-this-test-only";
      const server = await serving(emptyFolder(), {
        DATABASE_URL: db.url,
        ADMIN_API_KEY: adminApiKey,
        LOG_LEVEL: "info",
      });
      const asked = request(`${server.address}/v1/register?dryRun=true`, {
        method: "PUT",
        headers: {
          authorization: `Bearer ${adminApiKey}`,
          "content-type": "application/json",
          expect: "100-continue",
        },
      });
      asked.flushHeaders();
      await once(asked, "continue");
      const stopped = server.stop();
      await server.printed(/"msg":"stopping"/);
      asked.end('{"topics":[]}');
      const [answer] = await once(asked, "response");
      expect(answer.statusCode).toBe(200);
      answer.resume();
      expect(await stopped).toBe(0);
      await expect(fetch(`${server.address}/livez`)).rejects.toThrow();
      await db.drop();
    },
    longMs,
  );
});
