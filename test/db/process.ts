import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { createInterface } from "node:readline";
import { z } from "zod";
import { packageRoot } from "../../src/db/package-root.ts";

const Line = z.object({
  state: z.enum(["open", "answered", "refused", "closed", "failed"]),
  url: z.string().optional(),
  rows: z.array(z.record(z.string(), z.unknown())).optional(),
  message: z.string().optional(),
});
export type Line = z.infer<typeof Line>;

export interface OpenProcess {
  pid: number;
  /** What it said first: `open` or `failed`. */
  first: Line;
  ask(sql: string): Promise<Line>;
  close(): Promise<Line>;
  kill(): Promise<void>;
}

export interface SpawnAs {
  root?: string;
  uid?: number;
  gid?: number;
}

/** The account of an ordinary person: `nobody` when the tests run as root, else whoever runs them. */
export const ordinary: SpawnAs = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};

/** Runs a fixture of this folder with its TypeScript as it is. */
export function spawnFixture(name: string, args: string[], as: SpawnAs = {}): ChildProcess {
  const { root = packageRoot(), ...account } = as;
  const script = path.join(root, "test", "db", "fixtures", name);
  return spawn(process.execPath, ["--import", "tsx", script, ...args], {
    cwd: root,
    stdio: ["pipe", "pipe", "inherit"],
    env: { PATH: process.env.PATH, TSX_DISABLE_CACHE: "1" },
    ...account,
  });
}

/** Opens a database in another process and waits until it is open or has failed. */
export async function openInProcess(
  dataDir: string,
  role: "server" | "command",
  as: SpawnAs = {},
): Promise<OpenProcess> {
  const child = spawnFixture("open.ts", [dataDir, role], as);
  const { stdin, stdout, pid } = child;
  if (stdin === null || stdout === null || pid === undefined) throw new Error("the fixture did not start");
  const lines = createInterface(stdout)[Symbol.asyncIterator]();
  const next = async () =>
    Line.parse(JSON.parse((await lines.next()).value ?? '{"state":"failed","message":"gone"}'));
  const say = (line: string) => {
    stdin.write(`${line}\n`);
    return next();
  };
  const first = await next();
  return {
    pid,
    first,
    ask: say,
    close: () => say("close"),
    kill: async () => {
      const gone = once(child, "exit");
      child.kill("SIGKILL");
      await gone;
    },
  };
}
