import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import path from "node:path";
import { createInterface } from "node:readline";
import { packageRoot } from "../../src/db/package-root.ts";
import { adminKey } from "../support/world.ts";

/** An instance in a process of its own. */
export interface ServerProcess {
  address: string;
  /** Moves its clock, where it has one of its own. */
  advance(ms: number): Promise<void>;
  /** As a power cut does it: no handler runs. */
  kill(): Promise<void>;
  stop(): Promise<void>;
}

export interface ServerOptions {
  databaseUrl: string;
  encryptionKey: string;
  /** Where its clock stands still, with nothing coming round by itself; without it the clock is the database's. */
  at?: Date;
  /** Whether its conditional updates lose their condition. */
  mutant?: boolean;
  /** 0 takes a free one. */
  port?: number;
}

export const newEncryptionKey = (): string => randomBytes(32).toString("hex");

/** Starts a server from the sources and waits until it listens. */
export async function startServer(options: ServerOptions): Promise<ServerProcess> {
  const { databaseUrl, encryptionKey, at, mutant, port = 0 } = options;
  const env = {
    DATABASE_URL: databaseUrl,
    PORT: String(port),
    NODE_ENV: "test",
    ADMIN_API_KEY: adminKey,
    ENCRYPTION_KEY: encryptionKey,
    EGRESS_ALLOW_PRIVATE: "1",
  };
  const script = path.join(packageRoot(), "test", "guarantees", "fixtures", "serve.ts");
  const child = spawn(
    process.execPath,
    ["--import", "tsx", script, JSON.stringify({ env, at: at?.toISOString(), mutant })],
    { cwd: packageRoot(), stdio: ["pipe", "pipe", "inherit"], env: { PATH: process.env.PATH } },
  );
  const { stdin, stdout } = child;
  const lines = createInterface(stdout)[Symbol.asyncIterator]();
  const hear = async (): Promise<{ address?: string }> => {
    const { value, done } = await lines.next();
    if (done) throw new Error("The server ended before it answered.");
    return JSON.parse(value);
  };
  const { address = "" } = await hear();
  return {
    address,
    async advance(ms) {
      stdin.write(`advance ${ms}\n`);
      await hear();
    },
    kill: () => end(child, () => child.kill("SIGKILL")),
    stop: () => end(child, () => stdin.end()),
  };
}

async function end(child: ChildProcess, how: () => void): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, "exit");
  how();
  await gone;
}

/** Several at once. */
export const startServers = (count: number, options: ServerOptions): Promise<ServerProcess[]> =>
  Promise.all(Array.from({ length: count }, () => startServer(options)));
