import type { Command } from "commander";
import { applyMigrations, openDatabase } from "../db/index.ts";
import type { Context } from "./context.ts";
import { answer, withProgress } from "./output.ts";

/** `serve` and `migrate`. */
export function addServerVerbs(program: Command, context: Context): void {
  program
    .command("serve")
    .description("start the server (what npm start does)")
    .action(() => context.serve(context.config()));

  program
    .command("migrate")
    .description("bring the database up to this release")
    .option("--json", "print the names as JSON")
    .action(async (options: { json?: boolean }) => {
      const applied = await withProgress(context, "Migrating", () => migrate(context));
      const words =
        applied.length === 0 ? "The database is up to date." : `Applied:\n  ${applied.join("\n  ")}`;
      answer(context, options, { applied }, words);
    });
}

/** Needs no more than the database itself: the rest may not be readable before it. */
async function migrate(context: Context): Promise<string[]> {
  const { databaseUrl, dataDir } = context.config();
  const logger = context.logger();
  const opened = await openDatabase({
    databaseUrl: databaseUrl ?? undefined,
    dataDir,
    role: "command",
    logger,
  });
  try {
    return await applyMigrations({ url: opened.url }, { logger });
  } finally {
    await opened.close();
  }
}
