import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as wait } from "node:timers/promises";
import { packageRoot } from "../../src/db/index.ts";
import { defineBench } from "./bench.ts";
import { median, show } from "./figures.ts";
import { processesOf, readProcess } from "./machine.ts";
import { alternate, ratioOf } from "./pairs.ts";
import { adminKey } from "./servers.ts";

const root = packageRoot();

export const bench = defineBench({
  name: "start",
  about:
    "From `npm start` to ready on the data of a run before, beside Node with the same imports and nothing else.",
  async run(context) {
    const folder = await mkdtemp(path.join(os.tmpdir(), "fingerpost-bench-"));
    context.finally(() => rm(folder, { recursive: true, force: true }));
    const idleMs = context.quick ? 0 : 5_000;
    await startOnce(folder, 0);
    const pairs = await alternate(context.pairs, {
      ours: () => startOnce(folder, idleMs),
      floor: async () => ({ readyMs: await importOnly(), idleMb: Number.NaN }),
    });
    const ready = median(pairs.ours.map((run) => run.readyMs));
    const idle = median(pairs.ours.map((run) => run.idleMb));
    return [
      {
        what: "npm start to ready",
        ours: show(ready, " ms"),
        floor: show(median(pairs.floor.map((run) => run.readyMs)), " ms"),
        ratio: ratioOf(pairs, (run) => run.readyMs),
        target: "≤ 2 s",
        holds: ready <= 2_000,
        detail: { pairs },
      },
      {
        what: "memory when idle",
        ours: show(idle, " MB"),
        floor: "–",
        target: "≤ 180 MB",
        holds: Number.isNaN(idle) ? null : idle <= 180,
      },
    ];
  },
});

async function startOnce(dataDir: string, idleMs: number): Promise<{ readyMs: number; idleMb: number }> {
  const startedAt = performance.now();
  // npm itself passes on no line before its child writes one, so its own time is measured too.
  const child = spawn("npm", ["start", "--silent"], {
    cwd: root,
    stdio: ["ignore", "pipe", "ignore"],
    detached: true,
    env: { ...process.env, DATA_DIR: dataDir, PORT: "0", LOG_LEVEL: "error", ADMIN_API_KEY: adminKey },
  });
  const gone = once(child, "exit");
  try {
    const { value } = await createInterface(child.stdout)[Symbol.asyncIterator]().next();
    const { address } = JSON.parse(String(value)) as { address: string };
    while ((await fetch(`${address}/readyz`)).status !== 200) await wait(5);
    const readyMs = performance.now() - startedAt;
    await wait(idleMs);
    return { readyMs, idleMb: memoryOf(child.pid ?? 0) };
  } finally {
    if (child.pid !== undefined) process.kill(-child.pid, "SIGTERM");
    await gone;
  }
}

/** The server is the process of the group that `npm start` ran at the end; the shell between them is small. */
function memoryOf(group: number): number {
  const members = processesOf(group).filter(({ command }) => command.includes("start.mjs"));
  return Math.max(...members.map(({ pid }) => readProcess(pid)?.memoryMb ?? Number.NaN));
}

async function importOnly(): Promise<number> {
  const startedAt = performance.now();
  const child = spawn(process.execPath, ["-e", 'import("./dist/src/main.js")'], {
    cwd: root,
    stdio: "ignore",
  });
  await once(child, "exit");
  return performance.now() - startedAt;
}
