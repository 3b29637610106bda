#!/usr/bin/env node
import { existsSync } from "node:fs";
import { text } from "node:stream/consumers";
import { adapters } from "../adapters/index.ts";
import { run, type Surroundings } from "./cli/run.ts";
import { type Config, readConfig } from "./config.ts";
import type { Logger } from "./contract/adapter.ts";
import { createLogger } from "./http/logger.ts";
import { openCore, serve } from "./main.ts";

/** A command's own log is quiet unless the environment asks for more, and never on stdout. */
function commandLogger({ logLevel }: Config): Logger {
  const level = process.env.LOG_LEVEL ? logLevel : "fatal";
  return createLogger(level, { write: (line) => process.stderr.write(line) });
}

const surroundings: Surroundings = {
  config: () => readConfig(process.env),
  logger: () => commandLogger(surroundings.config()),
  library: adapters,
  async withCore(work) {
    const core = await openCore({ config: surroundings.config(), logger: surroundings.logger() }, "command");
    try {
      return await work(core);
    } finally {
      await core.close();
    }
  },
  serve,
  now: () => new Date(),
  print: (words) => void process.stdout.write(`${words}\n`),
  write: (piece) => void process.stdout.write(piece),
  remark: (words) => void process.stderr.write(`${words}\n`),
  readInput: () => text(process.stdin),
  isTerminal: process.stdout.isTTY === true,
  hasColors: process.stdout.isTTY === true && process.stdout.hasColors(),
  showStacks: process.env.LOG_LEVEL === "debug",
};

// What the environment says already wins over the file.
if (existsSync(".env")) process.loadEnvFile(".env");
process.exitCode = await run(process.argv.slice(2), surroundings);
