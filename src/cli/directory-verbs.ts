import type { Command } from "commander";
import {
  type exchangeFormats,
  exportDirectory,
  importDirectory,
  listingLinkFor,
  showHistory,
} from "../forums/index.ts";
import { changeRows, summariseChanges } from "../register/index.ts";
import { type Context, commandLine, UsageError } from "./context.ts";
import { answer, answerList, tableOf } from "./output.ts";
import { textOf } from "./register-verbs.ts";

type Format = (typeof exchangeFormats)[number];

/** `directory export`, `directory import`, `directory history`, `directory listing-link`. */
export function addDirectoryVerbs(program: Command, context: Context): void {
  const directory = program.command("directory").description("the public directory of forums");

  directory
    .command("export")
    .description(
      "the directory on standard output: CSV has what is public, YAML the whole of the register's forums",
    )
    .option("--csv", "as comma-separated values instead of YAML")
    .action((options: { csv?: boolean }) =>
      context.withCore(async ({ deps }) => {
        context.write(await exportDirectory(deps, options.csv ? "csv" : "yaml", commandLine));
      }),
    );

  directory
    .command("import")
    .description("put the entries of a file into the directory; a forum that is not in it is left alone")
    .argument("<file>", "ending in .csv or .yaml; - reads standard input")
    .option("--csv", "the file is CSV, whatever its name")
    .option("--dry-run", "only show what would change")
    .option("--json", "print the answer as JSON")
    .action((file: string, options: ImportOptions) => importFile(context, file, options));

  directory
    .command("history")
    .description("the latest changes of the directory")
    .argument("[slug]", "of one forum")
    .option("--json", "print them as JSON")
    .action((slug: string | undefined, options: { json?: boolean }) =>
      context.withCore(async ({ deps }) => {
        const changes = await showHistory(deps, slug === undefined ? {} : { forum: slug });
        answerList(context, options, changes, {
          head: ["when", "forum", "what", "fields"],
          row: ({ at, slug: forum, kind, fields }) => [at.toISOString(), forum, kind, fields.join(", ")],
          none: "No change is recorded.",
        });
      }),
    );

  directory
    .command("listing-link")
    .description("the address with which a forum takes itself out of the directory")
    .argument("<slug>", "the forum")
    .option("--json", "print it as JSON")
    .action(async (slug: string, options: { json?: boolean }) => {
      const link = await context.withCore(({ deps }) => listingLinkFor(deps, slug, commandLine));
      answer(context, options, { link }, link);
      if (!options.json)
        context.remark("Whoever has it may take the forum out: send it to the forum in private.");
    });
}

interface ImportOptions {
  csv?: boolean;
  dryRun?: boolean;
  json?: boolean;
}

async function importFile(context: Context, file: string, options: ImportOptions): Promise<void> {
  const format = formatOf(file, options);
  const text = await textOf(context, file);
  const done = await context.withCore(({ deps }) =>
    importDirectory(deps, { text, format, dryRun: options.dryRun ?? false }, commandLine),
  );
  const table =
    done.changes.length === 0 ? [] : [tableOf(["", "", "what", "name", "details"], changeRows(done.changes))];
  const end = options.dryRun
    ? "A dry run: nothing was changed."
    : `${done.applied ? "Done" : "Unchanged"}: ${summariseChanges(done.changes)}.`;
  answer(context, options, done, [...table, end].join("\n"));
}

function formatOf(file: string, { csv }: ImportOptions): Format {
  if (csv || /\.csv$/i.test(file)) return "csv";
  if (file === "-" || /\.(ya?ml|json)$/i.test(file)) return "yaml";
  throw new UsageError(`"${file}" ends neither in .csv nor in .yaml. Say --csv where it is CSV.`);
}
