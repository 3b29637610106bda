import { isObject, type Json, listOf, objectOf, textOf } from "./json.ts";

/**
 * Limits of Block Kit, from the comments of @slack/types and from the error messages Slack gives; where two sources
 * disagree the strictest. Lengths count UTF-16 units, which is the stricter of the two ways of counting.
 */
const limits = {
  blocksInMessage: 50,
  blocksInView: 100,
  allText: 13_200,
  section: 3000,
  field: 2000,
  fields: 10,
  header: 150,
  context: 10,
  actions: 25,
  buttonText: 75,
  buttonValue: 2000,
  id: 255,
  options: 100,
  optionText: 75,
  optionValue: 75,
  placeholder: 150,
  label: 2000,
  hint: 2000,
  inputMaximum: 3000,
  confirm: { title: 100, text: 300, confirm: 30, deny: 30 },
} as const;

type Surface = "message" | "view";

const sectionAccessories = ["button", "overflow", "static_select", "image", "users_select", "checkboxes"];
const actionElements = ["button", "overflow", "static_select", "users_select", "conversations_select"];
const inputElements = [
  "plain_text_input",
  "static_select",
  "users_select",
  "conversations_select",
  "radio_buttons",
  "checkboxes",
  "url_text_input",
];
const richParts = ["text", "user", "date", "link", "emoji", "channel", "usergroup", "broadcast", "color"];

/** The mistakes of a list of blocks as Slack words them, or a code of its own. Empty: nothing wrong. */
export function checkBlocks(blocks: unknown, surface: Surface): { code: string; messages: string[] } | null {
  if (!Array.isArray(blocks) || !blocks.every(isObject))
    return { code: "invalid_blocks_format", messages: [] };
  const messages: string[] = [];
  const say = (pointer: string, what: string) => messages.push(`[ERROR] ${what} [json-pointer:${pointer}]`);
  const most = surface === "message" ? limits.blocksInMessage : limits.blocksInView;
  if (blocks.length > most) say("/blocks", `no more than ${most} items allowed`);
  const blockIds = blocks.map((block) => block.block_id).filter((id) => id !== undefined);
  if (new Set(blockIds).size !== blockIds.length) say("/blocks", "duplicate block_id");
  for (const [index, block] of blocks.entries()) checkBlock(block, `/blocks/${index}`, surface, say);
  if (messages.length > 0) return { code: "invalid_blocks", messages };
  if (surface === "message" && allText(blocks) > limits.allText)
    return { code: "msg_blocks_too_long", messages: [] };
  return null;
}

type Say = (pointer: string, what: string) => void;

function checkBlock(block: Json, at: string, surface: Surface, say: Say): void {
  if (block.block_id !== undefined) checkLength(block.block_id, `${at}/block_id`, limits.id, say);
  switch (block.type) {
    case "header":
      checkText(block.text, `${at}/text`, limits.header, say, "plain_text");
      return;
    case "divider":
      return;
    case "section":
      checkSection(block, at, say);
      return;
    case "context":
      checkContext(block, at, say);
      return;
    case "actions":
      checkActions(block, at, say);
      return;
    case "rich_text":
      checkRichText(block, at, say);
      return;
    case "input":
      if (surface === "message") say(at, "input blocks are not allowed in messages");
      else checkInput(block, at, say);
      return;
    default:
      say(at, `unsupported type: ${textOf(block.type)}`);
  }
}

function checkSection(block: Json, at: string, say: Say): void {
  if (block.text === undefined && block.fields === undefined) say(at, "missing required field: text");
  if (block.text !== undefined) checkText(block.text, `${at}/text`, limits.section, say);
  const fields = listOf(block.fields);
  if (fields.length > limits.fields) say(`${at}/fields`, `no more than ${limits.fields} items allowed`);
  for (const [i, field] of fields.entries()) checkText(field, `${at}/fields/${i}`, limits.field, say);
  if (isObject(block.accessory)) checkElement(block.accessory, `${at}/accessory`, sectionAccessories, say);
}

function checkContext(block: Json, at: string, say: Say): void {
  const elements = listOf(block.elements);
  if (elements.length === 0) say(`${at}/elements`, "no less than 1 items allowed");
  if (elements.length > limits.context) say(`${at}/elements`, `no more than ${limits.context} items allowed`);
  for (const [i, element] of elements.entries()) {
    if (element.type === "image") say(`${at}/elements/${i}`, "an image of unknown origin");
    else checkText(element, `${at}/elements/${i}`, limits.section, say);
  }
}

function checkActions(block: Json, at: string, say: Say): void {
  const elements = listOf(block.elements);
  if (elements.length === 0) say(`${at}/elements`, "no less than 1 items allowed");
  if (elements.length > limits.actions) say(`${at}/elements`, `no more than ${limits.actions} items allowed`);
  const ids = elements.map((element) => element.action_id);
  if (new Set(ids).size !== ids.length) say(`${at}/elements`, "duplicate action_id");
  for (const [i, element] of elements.entries())
    checkElement(element, `${at}/elements/${i}`, actionElements, say);
}

function checkInput(block: Json, at: string, say: Say): void {
  checkText(block.label, `${at}/label`, limits.label, say, "plain_text");
  if (block.hint !== undefined) checkText(block.hint, `${at}/hint`, limits.hint, say, "plain_text");
  if (!isObject(block.element)) {
    say(`${at}/element`, "missing required field: element");
    return;
  }
  checkElement(block.element, `${at}/element`, inputElements, say);
}

function checkElement(element: Json, at: string, allowed: readonly string[], say: Say): void {
  if (!allowed.includes(textOf(element.type))) {
    say(at, `unsupported type: ${textOf(element.type)}`);
    return;
  }
  if (element.action_id !== undefined) checkLength(element.action_id, `${at}/action_id`, limits.id, say);
  if (element.placeholder !== undefined)
    checkText(element.placeholder, `${at}/placeholder`, limits.placeholder, say, "plain_text");
  if (element.type === "button") {
    checkText(element.text, `${at}/text`, limits.buttonText, say, "plain_text");
    if (element.value !== undefined) checkLength(element.value, `${at}/value`, limits.buttonValue, say);
    if (element.style !== undefined && !["primary", "danger"].includes(textOf(element.style)))
      say(`${at}/style`, "must be a valid enum value");
    if (isObject(element.confirm)) checkConfirm(element.confirm, `${at}/confirm`, say);
  }
  if (element.type === "static_select") checkOptions(element, at, say);
  if (element.type === "plain_text_input") checkTextInput(element, at, say);
}

function checkConfirm(confirm: Json, at: string, say: Say): void {
  for (const [part, most] of Object.entries(limits.confirm))
    if (confirm[part] !== undefined) checkText(confirm[part], `${at}/${part}`, most, say);
}

/** The options of a select, whether they stand in groups or alone. */
export const optionsOf = (element: Json): Json[] =>
  element.option_groups === undefined
    ? listOf(element.options)
    : listOf(element.option_groups).flatMap((group) => listOf(group.options));

function checkOptions(element: Json, at: string, say: Say): void {
  const groups = element.option_groups === undefined ? [element] : listOf(element.option_groups);
  if (element.options !== undefined && element.option_groups !== undefined)
    say(at, "only one of options and option_groups is allowed");
  if (groups.length > limits.options)
    say(`${at}/option_groups`, `no more than ${limits.options} items allowed`);
  for (const group of groups) {
    const own = listOf(group.options);
    if (group !== element)
      checkText(group.label, `${at}/option_groups/label`, limits.optionText, say, "plain_text");
    if (own.length === 0) say(`${at}/options`, "no less than 1 items allowed");
    if (own.length > limits.options) say(`${at}/options`, `no more than ${limits.options} items allowed`);
    for (const [i, option] of own.entries()) {
      checkText(option.text, `${at}/options/${i}/text`, limits.optionText, say, "plain_text");
      checkLength(option.value, `${at}/options/${i}/value`, limits.optionValue, say);
    }
  }
  const options = optionsOf(element);
  const { initial_option: initial } = element;
  if (initial !== undefined && !options.some((one) => JSON.stringify(one) === JSON.stringify(initial)))
    say(`${at}/initial_option`, "must be one of the options");
}

function checkTextInput(element: Json, at: string, say: Say): void {
  const { max_length: most = limits.inputMaximum, initial_value: initial } = element;
  if (typeof most !== "number" || most < 1 || most > limits.inputMaximum)
    say(`${at}/max_length`, `must be between 1 and ${limits.inputMaximum}`);
  if (initial !== undefined && textOf(initial).length > Number(most))
    say(`${at}/initial_value`, `must be less than ${Number(most) + 1} characters`);
}

function checkRichText(block: Json, at: string, say: Say): void {
  for (const [i, part] of listOf(block.elements).entries()) {
    const here = `${at}/elements/${i}`;
    const known = ["rich_text_section", "rich_text_quote", "rich_text_preformatted", "rich_text_list"];
    if (!known.includes(textOf(part.type))) say(here, `unsupported type: ${textOf(part.type)}`);
    for (const [j, leaf] of listOf(part.elements).entries()) {
      if (part.type === "rich_text_list") continue;
      if (!richParts.includes(textOf(leaf.type))) say(`${here}/elements/${j}`, "unsupported type");
      if (leaf.type === "text" && textOf(leaf.text) === "")
        say(`${here}/elements/${j}/text`, "must be more than 0 characters");
      if (leaf.type === "link" && !/^https?:\/\/[^\s<>]+$/.test(textOf(leaf.url)))
        say(`${here}/elements/${j}/url`, "must be a whole address");
      if (leaf.type === "date" && (!Number.isInteger(leaf.timestamp) || textOf(leaf.format) === ""))
        say(`${here}/elements/${j}`, "must have a timestamp and a format");
    }
  }
}

function checkText(value: unknown, at: string, most: number, say: Say, only?: "plain_text"): void {
  const text = objectOf(value);
  if (text.type !== "plain_text" && text.type !== "mrkdwn") {
    say(at, "must be a plain_text or mrkdwn object");
    return;
  }
  if (only && text.type !== only) {
    say(at, "must be a plain_text object");
    return;
  }
  if (textOf(text.text) === "") {
    say(`${at}/text`, "must be more than 0 characters");
    return;
  }
  if (text.type === "mrkdwn" && text.emoji !== undefined) say(`${at}/emoji`, "not allowed for mrkdwn");
  checkLength(text.text, `${at}/text`, most, say);
}

function checkLength(value: unknown, at: string, most: number, say: Say): void {
  if (typeof value !== "string" || value === "") {
    say(at, "must be more than 0 characters");
    return;
  }
  if (value.length > most) say(at, `must be less than ${most + 1} characters`);
}

/** The characters of every text in the blocks. */
function allText(value: unknown): number {
  if (Array.isArray(value)) return value.reduce((sum: number, part) => sum + allText(part), 0);
  if (!isObject(value)) return 0;
  const own = typeof value.text === "string" ? value.text.length : allText(value.text);
  const parts = ["elements", "fields", "accessory", "element"].map((name) => allText(value[name]));
  return own + parts.reduce((sum, part) => sum + part, 0);
}

/** Labels that we write ourselves; every other link has to show its address. */
const knownLabels = ["open it on the forum", "The post on the forum"];

/** Parts of a message that would act on its reader: markup, mentions and links that came in as text. */
export function liveParts(message: { text?: unknown; blocks?: unknown }): string[] {
  const live: string[] = [];
  const scan = (text: string) => live.push(...(text.match(/<[!@#][^>]*>|<[a-z]+:[^>]*>/gi) ?? []));
  const walk = (value: unknown): void => {
    if (Array.isArray(value)) {
      value.forEach(walk);
      return;
    }
    if (!isObject(value)) return;
    if (value.type === "mrkdwn") scan(textOf(value.text));
    // A link under words of its own hides where it leads.
    if (value.type === "link" && value.text !== undefined && !knownLabels.includes(textOf(value.text)))
      live.push(JSON.stringify(value));
    if (value.type === "broadcast" || value.type === "usergroup") live.push(JSON.stringify(value));
    for (const part of Object.values(value)) walk(part);
  };
  scan(textOf(message.text));
  walk(message.blocks);
  return live;
}
