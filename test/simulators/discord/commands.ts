import { isObject, type Json, listOf, textOf } from "../slack/json.ts";
import { type Answer, createFindings, type Findings, failed, lengthOf, nothing, ok } from "./answers.ts";
import type { Handler } from "./channels.ts";
import { checkLength } from "./components.ts";
import type { State } from "./state.ts";

/** The languages of Discord (reference, "Locales"). Welsh is none of them. */
const locales = new Set(
  "id da de en-GB en-US es-ES es-419 fr hr it lt hu nl no pl pt-BR ro fi sv-SE vi tr cs el bg ru uk hi th zh-CN ja zh-TW ko".split(
    " ",
  ),
);
const namePattern = /^[-_'\p{L}\p{N}\p{sc=Deva}\p{sc=Thai}]{1,32}$/u;
const kinds = { chatInput: 1, user: 2, message: 3 } as const;
const most = { [kinds.chatInput]: 100, [kinds.user]: 15, [kinds.message]: 15 } as const;
const madePerDay = 200;
const optionTypes = { sub: 1, group: 2 } as const;

type Path = readonly (string | number)[];

function checkLocalized(item: Json, key: "name" | "description", path: Path, findings: Findings): void {
  const words = item[`${key}_localizations`];
  if (!isObject(words)) return;
  for (const [locale, text] of Object.entries(words)) {
    const place = [...path, `${key}_localizations`, locale];
    if (!locales.has(locale)) findings.add(place, "BASE_TYPE_CHOICES", "Unknown locale");
    checkLength(findings, place, text, 1, key === "name" ? 32 : 100);
  }
}

function checkName(name: unknown, path: Path, findings: Findings): void {
  const text = textOf(name);
  if (!namePattern.test(text) || text !== text.toLowerCase())
    findings.add([...path, "name"], "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid");
}

function checkOptions(options: readonly Json[], path: Path, findings: Findings, depth = 0): void {
  if (options.length > 25) findings.add(path, "BASE_TYPE_MAX_LENGTH", "Must be 25 or fewer in length.");
  const names = options.map(({ name }) => name);
  if (new Set(names).size < names.length)
    findings.add(path, "APPLICATION_COMMAND_OPTIONS_NAME_INVALID", "Option names must be unique");
  let isOptionalSeen = false;
  options.forEach((option, i) => {
    const place = [...path, i];
    checkName(option.name, place, findings);
    checkLength(findings, [...place, "description"], option.description, 1, 100);
    checkLocalized(option, "name", place, findings);
    checkLocalized(option, "description", place, findings);
    const isSub = option.type === optionTypes.sub || option.type === optionTypes.group;
    if (isSub && depth > 1) findings.add([...place, "type"], "BASE_TYPE_CHOICES", "Too deep");
    if (option.required === true && isOptionalSeen)
      findings.add(
        [...place, "required"],
        "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID",
        "Required options must be placed before non-required options",
      );
    if (!isSub && option.required !== true) isOptionalSeen = true;
    const choices = listOf(option.choices);
    if (choices.length > 25)
      findings.add([...place, "choices"], "BASE_TYPE_MAX_LENGTH", "Must be 25 or fewer in length.");
    choices.forEach((choice, n) => {
      checkLength(findings, [...place, "choices", n, "name"], choice.name, 1, 100);
      if (lengthOf(String(choice.value ?? "")) > 100)
        findings.add(
          [...place, "choices", n, "value"],
          "BASE_TYPE_MAX_LENGTH",
          "Must be 100 or fewer in length.",
        );
    });
    if (choices.length > 0 && option.autocomplete === true)
      findings.add(
        [...place, "autocomplete"],
        "APPLICATION_COMMAND_OPTIONS_AUTOCOMPLETE",
        "Not with choices",
      );
    checkOptions(listOf(option.options), [...place, "options"], findings, depth + 1);
  });
}

function wordsIn(item: Json): number {
  const own = lengthOf(textOf(item.name)) + lengthOf(textOf(item.description));
  const choices = listOf(item.choices).reduce(
    (sum, { name, value }) => sum + lengthOf(textOf(name)) + lengthOf(textOf(value)),
    0,
  );
  return own + choices + listOf(item.options).reduce((sum, option) => sum + wordsIn(option), 0);
}

/** The limits of one command (interactions/application-commands). */
function checkCommand(command: Json, path: Path, findings: Findings): void {
  const type = Number(command.type ?? kinds.chatInput);
  checkLocalized(command, "name", path, findings);
  if (type === kinds.chatInput) {
    checkName(command.name, path, findings);
    checkLength(findings, [...path, "description"], command.description, 1, 100);
    checkLocalized(command, "description", path, findings);
    checkOptions(listOf(command.options), [...path, "options"], findings);
    if (wordsIn(command) > 8000)
      findings.add(path, "APPLICATION_COMMAND_TOO_LARGE", "Command exceeds maximum size (8000)");
  } else {
    checkLength(findings, [...path, "name"], command.name, 1, 32);
    if (textOf(command.description) !== "")
      findings.add(
        [...path, "description"],
        "APPLICATION_COMMAND_DESCRIPTION",
        "Context menu commands cannot have description",
      );
    if (listOf(command.options).length > 0)
      findings.add(
        [...path, "options"],
        "APPLICATION_COMMAND_OPTIONS",
        "Context menu commands cannot have options",
      );
  }
  const bits = command.default_member_permissions;
  if (bits !== undefined && bits !== null && !/^\d+$/.test(textOf(bits)))
    findings.add([...path, "default_member_permissions"], "NUMBER_TYPE_COERCE", "Not a permission set");
}

function checkAll(commands: readonly Json[]): Answer | null {
  const findings = createFindings();
  for (const [i, command] of commands.entries()) checkCommand(command, [i], findings);
  for (const type of [kinds.chatInput, kinds.user, kinds.message]) {
    const names = commands.filter((one) => Number(one.type ?? 1) === type).map(({ name }) => name);
    if (names.length > most[type])
      findings.add([type], "APPLICATION_COMMAND_MAX", "Maximum number of application commands reached");
    if (new Set(names).size < names.length)
      findings.add([type], "APPLICATION_COMMANDS_DUPLICATE_NAME", "Application command names must be unique");
  }
  return findings.answer();
}

const keyOf = (command: Json): string => `${Number(command.type ?? 1)}:${textOf(command.name)}`;

const shaped = (state: State, command: Json, guildId: string | null, id: string): Json => ({
  id,
  application_id: state.applicationId,
  version: id,
  default_member_permissions: null,
  nsfw: false,
  options: [],
  integration_types: [0],
  contexts: null,
  ...command,
  type: Number(command.type ?? 1),
  description: textOf(command.description),
  ...(guildId === null ? {} : { guild_id: guildId }),
});

function registry(state: State, guildId: string | undefined): Map<string, Json> | null {
  return guildId === undefined ? state.commands : (state.guilds.get(guildId)?.commands ?? null);
}

function mayMake(state: State, guildId: string, count: number): boolean {
  const made = (state.made.get(guildId) ?? 0) + count;
  if (made > madePerDay) return false;
  state.made.set(guildId, made);
  return true;
}

const place: Handler = ({ state, params, list }) => {
  const commands = registry(state, params[1]);
  if (!commands) return failed(50001);
  if (params[0] !== state.applicationId) return failed(10002);
  const wrong = checkAll(list);
  if (wrong) return wrong;
  const before = new Map([...commands.values()].map((one) => [keyOf(one), textOf(one.id)]));
  if (!mayMake(state, params[1] ?? "", list.filter((one) => !before.has(keyOf(one))).length))
    return failed(30034);
  commands.clear();
  for (const command of list) {
    const id = before.get(keyOf(command)) ?? state.nextId();
    commands.set(id, shaped(state, command, params[1] ?? null, id));
  }
  return ok([...commands.values()]);
};

const add: Handler = ({ state, params, body }) => {
  const commands = registry(state, params[1]);
  if (!commands) return failed(50001);
  const same = [...commands.values()].find((one) => keyOf(one) === keyOf(body));
  const others = [...commands.values()].filter((one) => one !== same);
  const wrong = checkAll([...others, body]);
  if (wrong) return wrong;
  if (!mayMake(state, params[1] ?? "", same ? 0 : 1)) return failed(30034);
  const id = same ? textOf(same.id) : state.nextId();
  const command = shaped(state, body, params[1] ?? null, id);
  commands.set(id, command);
  return ok(command, same ? 200 : 201);
};

const remove: Handler = ({ state, params }) => {
  const commands = registry(state, params.length > 2 ? params[1] : undefined);
  return commands?.delete(params.at(-1) ?? "") ? nothing : failed(10063);
};

const list: Handler = ({ state, params }) => {
  const commands = registry(state, params[1]);
  return commands ? ok([...commands.values()]) : failed(50001);
};

const global = /^\/applications\/(\d+)\/commands$/;
const inGuild = /^\/applications\/(\d+)\/guilds\/(\d+)\/commands$/;
export const commandRoutes: readonly [method: string, path: RegExp, handle: Handler][] = [
  ["GET", global, list],
  ["PUT", global, place],
  ["POST", global, add],
  ["GET", inGuild, list],
  ["PUT", inGuild, place],
  ["POST", inGuild, add],
  ["DELETE", /^\/applications\/(\d+)\/commands\/(\d+)$/, remove],
  ["DELETE", /^\/applications\/(\d+)\/guilds\/(\d+)\/commands\/(\d+)$/, remove],
];

/** The command a person finds under this name here: the server's own before the global one. */
export function findCommand(
  state: State,
  guildId: string | null,
  type: number,
  name: string,
): Json | undefined {
  const own = guildId === null ? [] : [...(state.guilds.get(guildId)?.commands.values() ?? [])];
  return [...own, ...state.commands.values()].find(
    (command) => command.type === type && command.name === name,
  );
}
