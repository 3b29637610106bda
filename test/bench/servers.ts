import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline";
import { packageRoot } from "../../src/db/index.ts";
import type { BenchContext } from "./bench.ts";

export const adminKey = "an-administrators-key-for-benchmarks-0123456789";

/** A server in a process of its own, ours or a floor. */
export interface BenchServer {
  address: string;
  pid: number;
  /** Asks the process for something between runs; answers what it said. */
  tell(line: string): Promise<Record<string, unknown>>;
  stop(): Promise<void>;
}

interface Started {
  script: string;
  options: object;
  /** More for Node's command line, such as `--cpu-prof`. */
  nodeArgs?: readonly string[];
}

/** What whoever measures adds to the command line of each server. */
const givenArgs = (process.env.BENCH_NODE_ARGS ?? "").split(" ").filter(Boolean);

/**
 * Starts a script of this folder that prints one line of JSON with its `address`, answers each line of its input with one,
 * and ends with it. It is stopped when the benchmark ends.
 */
export async function startServer(context: BenchContext, started: Started): Promise<BenchServer> {
  const { script, options, nodeArgs = givenArgs } = started;
  const file = path.join(packageRoot(), "test", "bench", script);
  const child = spawn(process.execPath, [...nodeArgs, "--import", "tsx", file, JSON.stringify(options)], {
    cwd: packageRoot(),
    stdio: ["pipe", "pipe", "inherit"],
    env: { PATH: process.env.PATH, NODE_ENV: "test" },
  });
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const hear = async (): Promise<Record<string, unknown>> => {
    const { value, done } = await lines.next();
    if (done) throw new Error(`${script} ended before it answered.`);
    return JSON.parse(value);
  };
  const stop = async () => end(child);
  context.finally(stop);
  const { address } = await hear();
  return {
    address: String(address),
    pid: child.pid ?? 0,
    async tell(line) {
      child.stdin.write(`${line}\n`);
      return hear();
    },
    stop,
  };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, "exit");
  child.stdin?.end();
  await gone;
}

export interface OursOptions {
  databaseUrl: string;
  /** Whether deliveries leave and chores come round by themselves; false where not given. */
  background?: boolean;
  env?: Readonly<Record<string, string>>;
}

/** A whole instance of the product as it was built, over HTTP, with what `npm start` tells Node. */
export function startOurs(context: BenchContext, options: OursOptions): Promise<BenchServer> {
  const { scripts } = JSON.parse(readFileSync(path.join(packageRoot(), "package.json"), "utf8"));
  const flags: string[] = scripts.start.match(/--\S+/g) ?? [];
  return startServer(context, { script: "serve.ts", options, nodeArgs: [...flags, ...givenArgs] });
}
