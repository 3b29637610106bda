import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as wait } from "node:timers/promises";
import { promisify } from "node:util";
import { packageRoot } from "../../src/db/index.ts";

/** An environment with nothing of this machine's in it that Fingerpost reads. */
function environment(variables: Record<string, string>): Record<string, string> {
  return { PATH: process.env.PATH ?? "", ...variables };
}

const root = packageRoot();

/** The command as it is built. To be made with `build` first, so that it is never an old one. */
export const cliFile = path.join(root, "dist", "src", "cli.js");

/** Builds what a person would run, unless that is what was built last. */
export async function build(): Promise<void> {
  await promisify(execFile)(process.execPath, [path.join(root, "scripts", "build.mjs"), "--if-changed"]);
}

/** Starts `fingerpost` as a process of its own. */
export function spawnCli(args: readonly string[], env: Record<string, string>, cwd: string): ChildProcess {
  return spawn(process.execPath, [cliFile, ...args], {
    cwd,
    env: environment(env),
    stdio: ["ignore", "pipe", "pipe"],
  });
}

/** Runs one command to its end. */
export async function runCli(
  args: readonly string[],
  env: Record<string, string>,
  cwd: string,
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = spawnCli(args, env, cwd);
  if (!child.stdout || !child.stderr) throw new Error("the command has no output");
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "exit")]);
  return { code: child.exitCode, stdout, stderr };
}

export interface Server {
  address: string;
  /** From being told to start to the line that says it listens. */
  startedInMs: number;
  stdout(): string;
  stderr(): string;
  /** Waits until it has printed this on stdout. */
  printed(pattern: RegExp): Promise<string>;
  /** Sends a signal and answers the exit code. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

/** Starts `fingerpost serve` and waits for the line that says where it listens. */
export async function startServer(env: Record<string, string>, cwd: string): Promise<Server> {
  const begunAt = performance.now();
  const child = spawnCli(["serve"], { HOST: "127.0.0.1", PORT: "0", ...env }, cwd);
  const exited = once(child, "exit");
  const printed = watch(child);
  const line = await printed.until(/^\{"msg":"listening".*$/m);
  return {
    address: JSON.parse(line).address,
    startedInMs: performance.now() - begunAt,
    stdout: printed.stdout,
    stderr: printed.stderr,
    printed: printed.until,
    async stop(signal = "SIGTERM") {
      child.kill(signal);
      await exited;
      return child.exitCode;
    },
  };
}

/** What a process prints, and waiting for a part of it. Fails with all of it when the process ends first. */
export function watch(child: ChildProcess) {
  const texts = { stdout: "", stderr: "" };
  let wake = () => {};
  for (const name of ["stdout", "stderr"] as const)
    child[name]?.setEncoding("utf8").on("data", (piece: string) => {
      texts[name] += piece;
      wake();
    });
  child.once("close", () => wake());
  return {
    stdout: () => texts.stdout,
    stderr: () => texts.stderr,
    async until(pattern: RegExp): Promise<string> {
      for (;;) {
        const found = pattern.exec(texts.stdout)?.[0];
        if (found !== undefined) return found;
        if (child.exitCode !== null || child.signalCode !== null)
          throw new Error(`The process ended first:\n${texts.stdout}\n${texts.stderr}`);
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
  };
}

/** Asks until the answer has this status; the test's own time-out ends a wait that has no end. */
export async function until(address: string, status: number): Promise<Response> {
  for (;;) {
    const response = await fetch(address).catch(() => undefined);
    if (response?.status === status) return response;
    await response?.text();
    await wait(20);
  }
}
