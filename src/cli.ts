#!/usr/bin/env node
import { existsSync } from "node:fs";
import { text } from "node:stream/consumers";
import { Command, CommanderError } from "commander";
import { adapters } from "../adapters/index.ts";
import { type Context, UsageError } from "./cli/context.ts";
import { describeError } from "./cli/describe-error.ts";
import { addVerbs } from "./cli/verbs.ts";
import { type Config, readConfig } from "./config.ts";
import type { Logger } from "./contract/adapter.ts";
import { createLogger } from "./http/logger.ts";
import { openCore, serve } from "./main.ts";
import { version } from "./version.ts";

const failed = 1;
const wrongUsage = 2;

/** A command's own log is quiet unless the environment asks for more, and never on stdout. */
function commandLogger({ logLevel }: Config): Logger {
  const level = process.env.LOG_LEVEL ? logLevel : "fatal";
  return createLogger(level, { write: (line) => process.stderr.write(line) });
}

const context: Context = {
  config: () => readConfig(process.env),
  logger: () => commandLogger(context.config()),
  library: adapters,
  async withCore(work) {
    const core = await openCore({ config: context.config(), logger: context.logger() }, "command");
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
  setExitCode: (code) => {
    process.exitCode = code;
  },
};

/** Runs one verb and answers the exit code: 0 done, 1 failed, 2 wrong usage. */
async function run(args: readonly string[]): Promise<void> {
  const program = new Command("fingerpost")
    .description("Takes questions from peer-support forums to the government team that can answer them.")
    .version(version)
    .showHelpAfterError("(--help shows how it is used)")
    .exitOverride();
  addVerbs(program, context);
  try {
    if (existsSync(".env")) process.loadEnvFile(".env");
    await program.parseAsync(args, { from: "user" });
  } catch (error) {
    process.exitCode = tell(error);
  }
}

/** Says what went wrong, on stderr, and answers the exit code. */
function tell(error: unknown): number {
  // Commander has said it already, or printed the help that was asked for.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : wrongUsage;
  const stack = process.env.LOG_LEVEL === "debug" && error instanceof Error ? `\n${error.stack}` : "";
  process.stderr.write(`${describeError(error)}${stack}\n`);
  return error instanceof UsageError ? wrongUsage : failed;
}

await run(process.argv.slice(2));
