import type { Command } from "commander";
import { forgetMemberQuestions } from "../clinics/index.ts";
import { backup, restore } from "../privacy/index.ts";
import { type Erased, eraseMember, eraseReferral, purgeDue } from "../referrals/index.ts";
import { version } from "../version.ts";
import { type Context, commandLine, UsageError } from "./context.ts";
import { answer, withProgress } from "./output.ts";

interface EraseOptions {
  referral?: string;
  forum?: string;
  member?: string;
  json?: boolean;
}

interface RestoreOptions {
  erasures?: string;
  json?: boolean;
}

/** `erase`, `purge`, `backup`, `restore`. */
export function addPrivacyVerbs(program: Command, context: Context): void {
  program
    .command("erase")
    .description("erase what was written about one referral, or all of one member's; it cannot be undone")
    .option("--referral <reference>", "one referral")
    .option("--forum <slug>", "with --member: the forum")
    .option("--member <pseudonym>", "with --forum: the member, as the forum names them")
    .option("--json", "print the answer as JSON")
    .action((options: EraseOptions) => erase(context, options));

  program
    .command("purge")
    .description("remove now what nobody may keep any longer (a server does so by itself)")
    .option("--json", "print the answer as JSON")
    .action(async (options: { json?: boolean }) => {
      const gone = await withProgress(context, "Purging", () =>
        context.withCore(({ deps }) => purgeDue(deps)),
      );
      const words = `Gone: the content of ${gone.referrals} referrals and ${gone.directReplies} direct replies, ${gone.texts} unsent texts, ${gone.memories} adapters' notes.`;
      answer(context, options, gone, words);
    });

  program
    .command("backup")
    .description(
      "write the whole database into one file, while servers go on; the encryption key is not in it",
    )
    .argument("<file>", "where to; replaced when the backup is whole")
    .option("--json", "print the answer as JSON")
    .action((file: string, options: { json?: boolean }) => writeBackup(context, file, options));

  program
    .command("restore")
    .description("fill an empty database from a backup, and erase again what was erased since")
    .argument("<file>", "a backup")
    .option("--erasures <file>", "what `export erasures` wrote, or a newer backup")
    .option("--json", "print the answer as JSON")
    .action((file: string, options: RestoreOptions) => readBackup(context, file, options));
}

async function erase(context: Context, options: EraseOptions): Promise<void> {
  const { referral, forum, member } = options;
  const isOne = referral !== undefined && forum === undefined && member === undefined;
  const isAll = referral === undefined && forum !== undefined && member !== undefined;
  if (!isOne && !isAll) throw new UsageError("Give --referral, or --forum and --member.");
  const erased = await context.withCore(async ({ deps }): Promise<Erased[]> => {
    if (isOne) return [await eraseReferral(deps, referral, "requested", commandLine)];
    if (!isAll) return [];
    await forgetMemberQuestions(deps, { forum, member }, commandLine);
    return (await eraseMember(deps, forum, member, commandLine)).erased;
  });
  answer(context, options, erased, erased.flatMap(inWords).join("\n") || "This member has no referral here.");
}

function inWords({ reference, erased, unredacted }: Erased): string[] {
  if (!erased) return [`${reference} had been erased before.`];
  const rest = unredacted.map(
    (place) => `  It was shown at ${place}, which cannot be told: blank it there by hand.`,
  );
  return [`${reference} is erased.`, ...rest];
}

async function writeBackup(context: Context, file: string, options: { json?: boolean }): Promise<void> {
  const logger = context.logger();
  const report = await withProgress(context, "Backing up", (tell) =>
    backup(context.config(), file, {
      now: context.now,
      version,
      logger,
      onProgress: (done, total) => tell(`${done} of ${total} rows`),
    }),
  );
  answer(context, options, report, `${report.rows} rows as of ${report.takenAt} are in ${report.file}.`);
  if (!options.json)
    context.remark(
      "The encryption key is not in it. Without that key nobody can read what was written: keep both, apart.",
    );
}

async function readBackup(context: Context, file: string, options: RestoreOptions): Promise<void> {
  const logger = context.logger();
  const { erasures } = options;
  const report = await withProgress(context, "Restoring", (tell) =>
    restore(context.config(), file, {
      logger,
      ...(erasures === undefined ? {} : { erasures }),
      onProgress: (rows) => tell(`${rows} rows`),
    }),
  );
  // Tells those who were shown what has been erased since.
  await context.withCore(({ deps }) => purgeDue(deps));
  const words = `${report.rows} rows as of ${report.takenAt} are back; ${report.erased} referrals were erased since, and are again.`;
  answer(context, options, report, words);
  if (erasures === undefined)
    context.remark(
      `What was erased after ${report.takenAt} is not known to this backup: give --erasures next time, from \`fingerpost export erasures\` or a newer backup.`,
    );
}
