import type { Command } from "commander";
import { issueSignInLink } from "../access/index.ts";
import { issueLink, issueSecret } from "../forums/index.ts";
import { type Context, commandLine } from "./context.ts";
import { answer } from "./output.ts";

interface Options {
  json?: boolean;
  revokeOld?: boolean;
}

/** `forum secret rotate` and `forum link`. */
export function addForumVerbs(program: Command, context: Context): void {
  const forum = program.command("forum").description("what a forum needs to join");

  forum
    .command("secret")
    .description("the secret a forum signs with")
    .command("rotate")
    .description("make a signing secret; the one before holds for 24 hours more")
    .argument("<slug>", "the forum")
    .option("--revoke-old", "end the secret before at once")
    .option("--json", "print the secret as JSON")
    .action((slug: string, options: Options) => rotate(context, slug, options));

  forum
    .command("link")
    .description("make what a forum joins with, good once and for 24 hours: a link, and a code for a bot")
    .argument("<slug>", "the forum")
    .option("--json", "print the code as JSON")
    .action(async (slug: string, options: Options) => {
      const made = await context.withCore(({ deps }) =>
        deps.transaction(async (tx) => {
          const code = await issueLink(deps, tx, { forum: slug }, commandLine);
          const link = await issueSignInLink(deps, tx, { scopes: [`operator:${slug}`] });
          return { ...code, link: link.url };
        }),
      );
      answer(context, options, made, made.code);
      if (options.json) return;
      context.remark(`Shown once. Valid for one use, until ${made.expiresAt}, for /fingerpost link CODE.`);
      context.remark(
        `In a browser, the forum's operator opens this link, also valid for one use:\n${made.link}`,
      );
    });
}

async function rotate(context: Context, slug: string, options: Options): Promise<void> {
  const input = { forum: slug, revokeOld: options.revokeOld };
  const issued = await context.withCore(({ deps }) =>
    deps.transaction((tx) => issueSecret(deps, tx, input, commandLine)),
  );
  answer(context, options, issued, issued.secret);
  if (options.json) return;
  const { previousValidUntil: until } = issued;
  const before = until === null ? "No other secret is valid." : `The previous one is valid until ${until}.`;
  context.remark(`Shown once. ${before}`);
}
