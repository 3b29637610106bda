import { type Json, listOf, textOf } from "../slack/json.ts";
import { lengthOf } from "./answers.ts";
import { findCommand } from "./commands.ts";
import { type Channel, permissions, permissionsIn, type State, type User } from "./state.ts";

/** What the client refuses to do for a person. */
export const refuse = (why: string): never => {
  throw new Error(why);
};

/** The command as this person finds it in the list, or why it is not there for them. */
export function offered(state: State, user: User, channel: Channel, type: number, name: string): Json {
  const command =
    findCommand(state, channel.guildId, type, name) ?? refuse(`No command ${name} is registered.`);
  const context = channel.guildId === null ? 1 : 0;
  if (Array.isArray(command.contexts) && !command.contexts.includes(context))
    refuse(`${name} is not offered here.`);
  const guild = channel.guildId === null ? undefined : state.guilds.get(channel.guildId);
  const types = Array.isArray(command.integration_types) ? command.integration_types : [0];
  if (!types.includes(guild && !guild.hasBot ? 1 : 0)) refuse(`${name} is not installed here.`);
  const theirs = permissionsIn(state, user.id, channel);
  const needed = command.default_member_permissions;
  const isAdministrator = (theirs & permissions.administrator) !== 0n;
  if (guild && typeof needed === "string" && !isAdministrator) {
    const bits = BigInt(needed);
    if (bits === 0n || (theirs & bits) !== bits) refuse(`${user.id} may not use ${name}.`);
  }
  if (guild && (theirs & permissions.useApplicationCommands) === 0n)
    refuse(`${user.id} may use no commands here.`);
  return command;
}

function fillOptions(
  declared: readonly Json[],
  given: Readonly<Record<string, unknown>>,
  isPartial: boolean,
): Json[] {
  for (const name of Object.keys(given))
    if (!declared.some((option) => option.name === name)) refuse(`There is no option ${name}.`);
  return declared.flatMap((option) => {
    const name = textOf(option.name);
    const value = given[name];
    if (value === undefined)
      return option.required === true && !isPartial ? refuse(`${name} is required.`) : [];
    const choices = listOf(option.choices);
    if (choices.length > 0 && !choices.some((choice) => choice.value === value))
      refuse(`${name} has no choice ${String(value)}.`);
    if (typeof value === "string") {
      const length = lengthOf(value);
      if (length > Number(option.max_length ?? 6000) || length < Number(option.min_length ?? 0))
        refuse(`${name} takes no text of that length.`);
    }
    return [{ name, type: option.type, value, ...(isPartial ? { focused: true } : {}) }];
  });
}

export function slashPayload(
  state: State,
  user: User,
  channel: Channel,
  words: string,
  given: Readonly<Record<string, unknown>>,
  isPartial = false,
): Json {
  const [name = "", ...subs] = words.split(" ");
  const command = offered(state, user, channel, 1, name);
  let declared = listOf(command.options);
  const path: Json[] = [];
  for (const sub of subs) {
    const found = declared.find((one) => one.name === sub) ?? refuse(`There is no /${words}.`);
    path.push(found);
    declared = listOf(found.options);
  }
  if (declared.some(({ type }) => type === 1 || type === 2)) refuse(`/${words} needs a subcommand.`);
  const options = path.reduceRight<Json[]>(
    (inner, { name: sub, type }) => [{ name: sub, type, options: inner }],
    fillOptions(declared, given, isPartial),
  );
  return {
    data: {
      id: command.id,
      name,
      type: 1,
      options,
      ...(channel.guildId === null ? {} : { guild_id: channel.guildId }),
    },
  };
}
