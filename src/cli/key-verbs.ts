import { type Command, InvalidArgumentError } from "commander";
import {
  createKey,
  issueLinkFor,
  issueSignInLink,
  type ListedKey,
  listKeys,
  revokeKey,
} from "../access/index.ts";
import { type Context, commandLine, UsageError } from "./context.ts";
import { answer, answerList } from "./output.ts";
import { type RotateOptions, rotate } from "./rotate-encryption.ts";

const table = {
  head: ["id", "name", "scopes", "made", "until"],
  row: (key: ListedKey) => [
    key.id,
    key.name,
    key.scopes.join(" "),
    key.createdAt,
    key.revokedAt === null ? (key.expiresAt ?? "it is revoked") : `revoked ${key.revokedAt}`,
  ],
  none: "No key has been made yet.",
};

/** `key create`, `key list`, `key revoke`, `key rotate-encryption`, and `login-link`. */
export function addKeyVerbs(program: Command, context: Context): void {
  const key = program.command("key").description("keys to the HTTP interface");

  key
    .command("create")
    .description("make a key; it is shown this one time")
    .requiredOption(
      "--scope <scope...>",
      "admin, manager[:department], advisor:id, person:id, operator:slug, forum:slug",
    )
    .option("--name <name>", "what it is for (its scopes, when left out)")
    .option("--expires <time>", "a day or a time (ISO 8601) after which it no longer holds", readTime)
    .option("--json", "print the key as JSON")
    .action((options: CreateOptions) => create(context, options));

  key
    .command("list")
    .description("every key that was made, never the key itself")
    .option("--json", "print the list as JSON")
    .action((options: { json?: boolean }) =>
      context.withCore(async ({ deps }) => answerList(context, options, await listKeys(deps), table)),
    );

  key
    .command("revoke")
    .description("end a key at once, and tell what was done with it")
    .argument("<id>", "the id that `key list` shows")
    .option("--json", "print the answer as JSON")
    .action((id: string, options: { json?: boolean }) => revoke(context, id, options));

  key
    .command("rotate-encryption")
    .description("put another encryption key in the place of this one, while servers go on")
    .option("--to-file <file>", "where the new key is, or is to be written where ENCRYPTION_KEY is set")
    .option("--json", "print the answer as JSON")
    .action((options: RotateOptions) => rotate(context, options));

  program
    .command("login-link")
    .description("make a link that signs somebody in to the pages, once and within 24 hours")
    .argument("[email]", "the address that the register has of an advisor or person")
    .option("--admin", "for an administrator, who needs no entry in the register")
    .option("--json", "print the link as JSON")
    .action((email: string | undefined, options: LinkOptions) => makeLink(context, email, options));
}

interface LinkOptions {
  admin?: boolean;
  json?: boolean;
}

async function makeLink(context: Context, email: string | undefined, options: LinkOptions): Promise<void> {
  if ((email === undefined) !== (options.admin === true))
    throw new UsageError("Name one address, or --admin: fingerpost login-link amal@department.example");
  const link = await context.withCore(({ deps }) =>
    deps.transaction((tx) =>
      email === undefined ? issueSignInLink(deps, tx, { scopes: ["admin"] }) : issueLinkFor(deps, tx, email),
    ),
  );
  answer(context, options, link, link.url);
  if (!options.json) context.remark(`Shown once. Valid for one use, until ${link.expiresAt}.`);
}

interface CreateOptions {
  scope: string[];
  name?: string;
  expires?: string;
  json?: boolean;
}

async function create(context: Context, options: CreateOptions): Promise<void> {
  const { scope: scopes, name = scopes.join(" "), expires: expiresAt } = options;
  const made = await context.withCore(({ deps }) =>
    deps.transaction((tx) => createKey(deps, tx, { name, scopes, expiresAt }, commandLine)),
  );
  answer(context, options, made, made.key);
  if (options.json) return;
  const until = made.expiresAt === null ? "Valid until it is revoked" : `Valid until ${made.expiresAt}`;
  context.remark(`Shown once. ${until}: fingerpost key revoke ${made.id}`);
}

async function revoke(context: Context, id: string, options: { json?: boolean }): Promise<void> {
  const revoked = await context.withCore(({ deps }) => revokeKey(deps, id, commandLine));
  const { events, lastAt, counted } = revoked.usedFor;
  const whose =
    counted === "key" ? "with this key" : "by its owner since it was made, with this key or without";
  const used =
    events === 0
      ? "Nothing was done with it."
      : `${events} events were recorded ${whose}, the last at ${lastAt}.`;
  answer(context, options, revoked, `${revoked.name} is revoked. ${used}`);
}

/** A day is its first moment in UTC. */
function readTime(text: string): string {
  const time = new Date(text);
  if (!/^\d{4}-\d{2}-\d{2}/.test(text) || Number.isNaN(time.getTime()))
    throw new InvalidArgumentError("Write a day or a time, such as 2027-03-31 or 2027-03-31T17:00:00Z.");
  return time.toISOString();
}
