import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { placeIn } from "../../src/db/embedded/place.ts";
import { stopPostmaster } from "../../src/db/embedded/postmaster.ts";
import { notedPid, runningPid } from "../../src/db/embedded/processes.ts";
import { openInProcess } from "./process.ts";

/** One cluster for the guarantees that do not need a new one, because making it takes a second each time. */
let dataDir: string;

beforeAll(async () => {
  dataDir = await mkdtemp(path.join(os.tmpdir(), "fp-"));
});
afterEach(() => stopPostmaster(placeIn(dataDir)));
afterAll(() => rm(dataDir, { recursive: true, force: true }));

const keepThree = "DROP TABLE IF EXISTS kept; CREATE TABLE kept AS SELECT generate_series(1, 3)";
const count = "SELECT count(*)::int AS n FROM kept";

describe("an embedded server", () => {
  test("keeps what was committed across a clean stop, and stops its PostgreSQL", async () => {
    const first = await openInProcess(dataDir, "server");
    expect(first.first.state).toBe("open");
    await first.ask(keepThree);
    expect(await first.close()).toEqual({ state: "closed" });
    expect(await runningPid(placeIn(dataDir))).toBeUndefined();

    const second = await openInProcess(dataDir, "server");
    expect((await second.ask(count)).rows).toEqual([{ n: 3 }]);
    await second.close();
  });

  test("is durable, works as no superuser and listens on a private socket only", async () => {
    const server = await openInProcess(dataDir, "server");
    const { rows } = await server.ask(
      `SELECT current_setting('fsync') AS fsync, current_setting('synchronous_commit') AS commit,
         current_setting('listen_addresses') AS addresses, current_setting('is_superuser') AS superuser,
         current_setting('server_version_num')::int / 10000 AS major`.replaceAll("\n", " "),
    );
    expect(rows).toEqual([{ fsync: "on", commit: "on", addresses: "", superuser: "off", major: 18 }]);
    expect((await stat(placeIn(dataDir).folder)).mode & 0o777).toBe(0o700);
    await server.close();
  });

  test("refuses a second server on the same folder in a sentence a person can act on", async () => {
    const server = await openInProcess(dataDir, "server");
    const second = await openInProcess(dataDir, "server");
    expect(second.first).toEqual({
      state: "failed",
      message:
        `Another Fingerpost server (process ${server.pid}) is already running on ${dataDir}. ` +
        "Stop it first, or give this one a folder of its own with DATA_DIR.",
    });
    expect((await server.ask("SELECT 1 AS one")).rows).toEqual([{ one: 1 }]);
    await server.close();
  });

  test("lets exactly one of two win that start on a new folder at once", async () => {
    const fresh = path.join(dataDir, "new");
    const both = await Promise.all([openInProcess(fresh, "server"), openInProcess(fresh, "server")]);
    expect(both.map(({ first }) => first.state).sort()).toEqual(["failed", "open"]);
    for (const one of both) if (one.first.state === "open") await one.close();
  });

  test("starts where the path is too long for a socket", async () => {
    const deep = path.join(dataDir, "a".repeat(60), "b".repeat(60));
    await mkdir(deep, { recursive: true });
    const server = await openInProcess(deep, "server");
    expect(server.first).toMatchObject({ state: "open" });
    const command = await openInProcess(deep, "command");
    expect((await command.ask("SELECT 1 AS one")).rows).toEqual([{ one: 1 }]);
    await command.close();
    await server.close();
    const { socketDirectory } = JSON.parse(await readFile(placeIn(deep).infoFile, "utf8"));
    expect((await stat(socketDirectory)).mode & 0o777).toBe(0o700);
    await rm(socketDirectory, { recursive: true });
  });

  test("refuses a cluster of another major version and names the way out", async () => {
    const old = path.join(dataDir, "old");
    await mkdir(placeIn(old).folder, { recursive: true });
    await writeFile(path.join(placeIn(old).folder, "PG_VERSION"), "17\n");
    const server = await openInProcess(old, "server");
    expect(server.first.message).toMatch(/was made by PostgreSQL 17.*fingerpost restore/);
  });
});

describe("after kill -9", () => {
  test("of the server alone, the next one takes over the PostgreSQL that was left and stops it at its end", async () => {
    const killed = await openInProcess(dataDir, "server");
    await killed.ask(keepThree);
    await killed.kill();
    const orphan = await runningPid(placeIn(dataDir));
    expect(orphan).toBeDefined();

    const next = await openInProcess(dataDir, "server");
    expect((await next.ask(count)).rows).toEqual([{ n: 3 }]);
    expect(await runningPid(placeIn(dataDir))).toBe(orphan);
    await next.close();
    expect(await runningPid(placeIn(dataDir))).toBeUndefined();
  });

  test("of server and PostgreSQL, the next one recovers all that was committed", async () => {
    const killed = await openInProcess(dataDir, "server");
    await killed.ask(keepThree);
    const postgres = await notedPid(placeIn(dataDir));
    await killed.kill();
    process.kill(postgres ?? 0, "SIGKILL");

    const next = await openInProcess(dataDir, "server");
    expect(next.first.state).toBe("open");
    expect((await next.ask(count)).rows).toEqual([{ n: 3 }]);
    await next.close();
  });

  test("of PostgreSQL alone, the server brings it back", async () => {
    const server = await openInProcess(dataDir, "server");
    await server.ask(keepThree);
    const postgres = await notedPid(placeIn(dataDir));
    process.kill(postgres ?? 0, "SIGKILL");
    await expect.poll(async () => (await server.ask(count)).rows, { timeout: 20_000 }).toEqual([{ n: 3 }]);
    const second = await openInProcess(dataDir, "server");
    expect(second.first.message).toMatch(/already running/);
    await server.close();
  });

  test("a lock file whose number now belongs to another program does not stop the next start", async () => {
    const server = await openInProcess(dataDir, "server");
    const lockFile = path.join(placeIn(dataDir).folder, "postmaster.pid");
    const noted = await readFile(lockFile, "utf8");
    await server.close();
    const { uid, gid } = await stat(placeIn(dataDir).folder);
    const stranger = spawn("sleep", ["60"], process.getuid?.() === 0 ? { uid, gid } : {});
    await writeFile(lockFile, noted.replace(/^\d+/, String(stranger.pid)));

    const next = await openInProcess(dataDir, "server");
    expect(next.first.state).toBe("open");
    await next.close();
    expect(stranger.exitCode).toBeNull();
    stranger.kill();
  });
});

describe("a command", () => {
  test("attaches to a running server's PostgreSQL and leaves it running", async () => {
    const server = await openInProcess(dataDir, "server");
    const command = await openInProcess(dataDir, "command");
    expect(command.first.url).toBe(server.first.url);
    await command.close();
    expect((await server.ask("SELECT 1 AS one")).rows).toEqual([{ one: 1 }]);
    await server.close();
  });

  test("starts a cluster for its own duration only where none runs", async () => {
    const command = await openInProcess(dataDir, "command");
    expect(command.first.state).toBe("open");
    await command.close();
    expect(await runningPid(placeIn(dataDir))).toBeUndefined();
    expect(existsSync(path.join(placeIn(dataDir).folder, "postmaster.pid"))).toBe(false);
  });

  test("that started the cluster leaves it to a server that came meanwhile", async () => {
    const command = await openInProcess(dataDir, "command");
    const server = await openInProcess(dataDir, "server");
    await command.close();
    expect((await server.ask("SELECT 1 AS one")).rows).toEqual([{ one: 1 }]);
    await server.close();
    expect(await runningPid(placeIn(dataDir))).toBeUndefined();
  });

  test("that started the cluster lets another command finish before it stops", async () => {
    const first = await openInProcess(dataDir, "command");
    const second = await openInProcess(dataDir, "command");
    await first.close();
    await second.close();
    await expect.poll(() => runningPid(placeIn(dataDir)), { timeout: 10_000 }).toBeUndefined();
  });
});
