import { isObject, type Json, listOf, objectOf, textOf } from "../slack/json.ts";
import { type Answer, createFindings, type Findings, failed, lengthOf } from "./answers.ts";
import { checkComponents, componentsV2Flag } from "./components.ts";
import { isMute, listOfTexts } from "./live.ts";
import { type Channel, type Message, mayIn, permissions, type State, type User } from "./state.ts";

const flags = { suppressEmbeds: 1 << 2, ephemeral: 1 << 6 } as const;
export const ephemeralFlag = flags.ephemeral;
const halves = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/;
/** How long a nonce is remembered: "the past few minutes". */
const nonceMs = 5 * 60_000;

function checkEmbeds(embeds: readonly Json[], findings: Findings): void {
  const limits: [key: string, most: number][] = [
    ["title", 256],
    ["description", 4096],
  ];
  let sum = 0;
  const measure = (path: (string | number)[], value: unknown, most: number): void => {
    const length = lengthOf(textOf(value));
    sum += length;
    if (length > most) findings.add(path, "BASE_TYPE_MAX_LENGTH", `Must be ${most} or fewer in length.`);
  };
  if (embeds.length > 10) findings.add(["embeds"], "BASE_TYPE_MAX_LENGTH", "Must be 10 or fewer in length.");
  embeds.forEach((embed, i) => {
    for (const [key, most] of limits) measure(["embeds", i, key], embed[key], most);
    measure(["embeds", i, "footer", "text"], objectOf(embed.footer).text, 2048);
    measure(["embeds", i, "author", "name"], objectOf(embed.author).name, 256);
    const fields = listOf(embed.fields);
    if (fields.length > 25)
      findings.add(["embeds", i, "fields"], "BASE_TYPE_MAX_LENGTH", "Must be 25 or fewer in length.");
    fields.forEach((field, n) => {
      for (const [key, most] of [
        ["name", 256],
        ["value", 1024],
      ] as const) {
        if (textOf(field[key]) === "")
          findings.add(["embeds", i, "fields", n, key], "BASE_TYPE_REQUIRED", "This field is required");
        measure(["embeds", i, "fields", n, key], field[key], most);
      }
    });
  });
  if (sum > 6000)
    findings.add(["embeds"], "MAX_EMBED_SIZE_EXCEEDED", "Embed size exceeds maximum size of 6000");
}

function checkMentions(allowed: unknown, findings: Findings): void {
  if (allowed === undefined || allowed === null) return;
  const { parse, users, roles } = objectOf(allowed);
  for (const [name, list] of [
    ["users", users],
    ["roles", roles],
  ] as const) {
    const ids = listOfTexts(list);
    if (ids.length > 100)
      findings.add(["allowed_mentions", name], "BASE_TYPE_MAX_LENGTH", "Must be 100 or fewer in length.");
    if (ids.length > 0 && listOfTexts(parse).includes(name))
      findings.add(
        ["allowed_mentions"],
        "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE",
        `parse:["${name}"] and ${name}: [ids...] are mutually exclusive.`,
      );
  }
  for (const word of listOfTexts(parse))
    if (!["users", "roles", "everyone"].includes(word))
      findings.add(
        ["allowed_mentions", "parse"],
        "BASE_TYPE_CHOICES",
        "Value must be one of ('users', 'roles', 'everyone').",
      );
}

export interface BodyKind {
  /** Flags that this place takes. */
  flags: number;
  /** What an edit keeps where the body is silent. */
  edits?: Message;
  files?: number;
}

/** What every message must keep to, whether new or edited (resources/message). */
export function checkBody(body: Json, kind: BodyKind): Answer | null {
  const findings = createFindings();
  const given = Number(body.flags ?? 0);
  const isV2 = ((given | (kind.edits?.flags ?? 0)) & componentsV2Flag) !== 0;
  if ((given & ~kind.flags) !== 0)
    findings.add(["flags"], "MESSAGE_FLAGS_INVALID", "These flags may not be set here.");
  const content = body.content === undefined ? kind.edits?.content : body.content;
  if (body.content !== undefined && body.content !== null && typeof body.content !== "string")
    findings.add(["content"], "STRING_TYPE_CONVERT", "Could not interpret as string.");
  if (halves.test(textOf(body.content)))
    findings.add(["content"], "STRING_TYPE_CONVERT", "Half of a surrogate pair is no character.");
  if (lengthOf(textOf(body.content)) > 2000)
    findings.add(["content"], "BASE_TYPE_MAX_LENGTH", "Must be 2000 or fewer in length.");
  const embeds = body.embeds === undefined ? (kind.edits?.embeds ?? []) : listOf(body.embeds);
  const components = body.components === undefined ? (kind.edits?.components ?? []) : listOf(body.components);
  checkEmbeds(listOf(body.embeds), findings);
  checkComponents(components, isV2, findings);
  checkMentions(body.allowed_mentions, findings);
  const { nonce } = body;
  if (nonce !== undefined && lengthOf(String(nonce)) > 25)
    findings.add(["nonce"], "BASE_TYPE_MAX_LENGTH", "Must be 25 or fewer in length.");
  if (
    isV2 &&
    (textOf(content) !== "" ||
      embeds.length > 0 ||
      body.poll !== undefined ||
      listOf(body.sticker_ids).length > 0)
  )
    findings.add(
      ["content"],
      "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
      "Not with components of the second kind.",
    );
  const wrong = findings.answer();
  if (wrong) return wrong;
  const files = (kind.files ?? 0) + (kind.edits?.attachments.length ?? 0);
  const isEmpty = textOf(content).trim() === "" && embeds.length === 0 && files === 0;
  return isEmpty && (isV2 ? components.length === 0 : true) && components.length === 0 ? failed(50006) : null;
}

/** What our own house asks of every body that is shown to people. */
export function noteBody(state: State, where: string, body: Json, isPublic: boolean): void {
  if (!isMute(body)) state.violations.push(`${where}: mentions are not switched off`);
  const isUnfurling = (Number(body.flags ?? 0) & (flags.suppressEmbeds | componentsV2Flag)) === 0;
  if (isPublic && isUnfurling && /https?:\/\//.test(textOf(body.content)))
    state.violations.push(`${where}: an address is unfurled`);
}

/** Whom a text calls: by default everybody it names in a channel, and people only where an interaction is answered. */
export function calledBy(state: State, body: Json, channel: Channel, author: User, isAnswer: boolean) {
  const text = textOf(body.content);
  const allowed = isObject(body.allowed_mentions) ? body.allowed_mentions : null;
  const parse =
    allowed === null ? (isAnswer ? ["users"] : ["users", "everyone"]) : listOfTexts(allowed.parse);
  const named = [...text.matchAll(/<@!?(\d+)>/g)].map(([, id]) => id ?? "");
  const users = named.filter((id) => parse.includes("users") || listOfTexts(allowed?.users).includes(id));
  const mayAll = mayIn(state, author.id, channel, permissions.mentionEveryone);
  return {
    users: [...new Set(users)].filter((id) => state.users.has(id)),
    everyone: mayAll && parse.includes("everyone") && /@(everyone|here)/.test(text),
    replied: allowed === null ? true : allowed.replied_user === true,
  };
}

export function newMessage(
  state: State,
  channel: Channel,
  author: User,
  body: Json,
  given: Partial<Message> = {},
): Message {
  const called = calledBy(state, body, channel, author, given.interactionId !== undefined);
  const replyTo = given.replyTo ?? null;
  const answered = replyTo === null ? undefined : channel.messages.find(({ id }) => id === replyTo);
  const mentions = new Set(called.users);
  if (answered && called.replied) mentions.add(answered.author.id);
  return {
    id: state.nextId(),
    channelId: channel.id,
    author,
    content: textOf(body.content),
    atMs: state.now().getTime(),
    editedMs: null,
    embeds: listOf(body.embeds),
    components: listOf(body.components),
    attachments: [],
    flags: Number(body.flags ?? 0),
    nonce: typeof body.nonce === "string" || typeof body.nonce === "number" ? body.nonce : null,
    mentions: [...mentions],
    mentionsEveryone: called.everyone,
    onlyFor: null,
    interactionId: null,
    body,
    edits: 0,
    ...given,
    replyTo,
  };
}

/** Changes a message as an edit does: what the body is silent about stays. */
export function editMessage(state: State, message: Message, body: Json): void {
  if (body.content !== undefined) message.content = textOf(body.content);
  if (body.embeds !== undefined) message.embeds = listOf(body.embeds);
  if (body.components !== undefined) message.components = listOf(body.components);
  if (body.flags !== undefined) message.flags |= Number(body.flags);
  message.editedMs = state.now().getTime();
  message.body = body;
  message.edits += 1;
}

/** The message that the same author sent with this nonce a little earlier, whatever the channel. */
export function sameNonce(state: State, author: User, body: Json): Message | undefined {
  if (body.enforce_nonce !== true || body.nonce === undefined) return undefined;
  const since = state.now().getTime() - nonceMs;
  return [...state.channels.values()]
    .flatMap(({ messages }) => messages)
    .find(
      (one) => one.author.id === author.id && one.atMs >= since && String(one.nonce) === String(body.nonce),
    );
}
