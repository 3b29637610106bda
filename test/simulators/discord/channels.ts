import { type Json, listOf, objectOf, textOf } from "../slack/json.ts";
import { type Answer, createFindings, failed, nothing, ok } from "./answers.ts";
import { checkLength, componentsV2Flag } from "./components.ts";
import { listOfTexts } from "./live.ts";
import { checkBody, editMessage, newMessage, noteBody, sameNonce } from "./messages.ts";
import { channelShape, messageShape } from "./shapes.ts";
import {
  type Channel,
  channelTypes,
  isThread,
  type Message,
  mayIn,
  messageOf,
  permissions,
  type State,
} from "./state.ts";

/** One request, taken apart. */
export interface Call {
  state: State;
  params: readonly string[];
  query: URLSearchParams;
  body: Json;
  /** The body where it is a list. */
  list: Json[];
  files: Json[];
}
export type Handler = (call: Call) => Answer;

const createFlags = (1 << 2) | (1 << 12) | componentsV2Flag;
const editFlags = (1 << 2) | componentsV2Flag;
const archiveMinutes = [60, 1440, 4320, 10080];

/** The channel, or why the bot may not: what it cannot see is refused as such. */
function reach(state: State, id: string): Channel | Answer {
  const channel = state.channels.get(id);
  if (!channel) return failed(10003);
  return mayIn(state, state.bot.id, channel, permissions.viewChannel) ? channel : failed(50001);
}
const isChannel = (found: Channel | Answer): found is Channel => "messages" in found;

/** Why the bot may not write here, or null. */
export function refuseWriting(state: State, channel: Channel, body: Json): Answer | null {
  const may = (bit: bigint) => mayIn(state, state.bot.id, channel, bit);
  if (channel.type === channelTypes.forum) return failed(50008);
  if (channel.guildId === null)
    return state.users.get(channel.recipient ?? "")?.dmsClosed === true ? failed(50007) : null;
  if (!may(isThread(channel) ? permissions.sendMessagesInThreads : permissions.sendMessages))
    return failed(50013);
  if (channel.locked && !may(permissions.manageThreads)) return failed(160005);
  if (listOf(body.embeds).length > 0 && !may(permissions.embedLinks)) return failed(50013);
  const blocked = state.guilds.get(channel.guildId)?.automod.some((word) => word.test(textOf(body.content)));
  return blocked ? failed(200000) : null;
}

const createMessage: Handler = ({ state, params, body, files }) => {
  const channel = reach(state, params[0] ?? "");
  if (!isChannel(channel)) return channel;
  noteBody(state, "POST message", body, true);
  const wrong =
    checkBody(body, { flags: createFlags, files: files.length }) ?? refuseWriting(state, channel, body);
  if (wrong) return wrong;
  const again = sameNonce(state, state.bot, body);
  if (again) return ok(messageShape(state, again));
  const reference = objectOf(body.message_reference);
  let replyTo: string | null = null;
  if (body.message_reference !== undefined) {
    if (!mayIn(state, state.bot.id, channel, permissions.readMessageHistory)) return failed(160002);
    const target = messageOf(state, channel.id, textOf(reference.message_id));
    if (!target && reference.fail_if_not_exists !== false) {
      const findings = createFindings();
      findings.add(["message_reference"], "MESSAGE_REFERENCE_UNKNOWN_MESSAGE", "Unknown message");
      return findings.answer() ?? failed(50035);
    }
    replyTo = target?.id ?? null;
  }
  channel.archived = false;
  const message = newMessage(state, channel, state.bot, body, { replyTo, attachments: files });
  channel.messages.push(message);
  state.dispatch("MESSAGE_CREATE", message);
  return ok(messageShape(state, message));
};

/** A message that the bot may see here, or why not. */
function find(state: State, params: readonly string[]): Message | Answer {
  const channel = reach(state, params[0] ?? "");
  if (!isChannel(channel)) return channel;
  const message = messageOf(state, channel.id, params[1] ?? "");
  return message && message.onlyFor === null ? message : failed(10008);
}
const isMessage = (found: Message | Answer): found is Message => "channelId" in found;

const patchMessage: Handler = ({ state, params, body, files }) => {
  const message = find(state, params);
  if (!isMessage(message)) return message;
  if (message.author.id !== state.bot.id) return failed(50005);
  if (state.channels.get(message.channelId)?.archived) return failed(50083);
  noteBody(state, "PATCH message", body, true);
  if (
    (message.flags & componentsV2Flag) !== 0 &&
    body.flags !== undefined &&
    (Number(body.flags) & componentsV2Flag) === 0
  )
    state.violations.push("PATCH message: components of the second kind cannot be taken back");
  const wrong = checkBody(body, { flags: editFlags, edits: message, files: files.length });
  if (wrong) return wrong;
  editMessage(state, message, body);
  state.dispatch("MESSAGE_UPDATE", message);
  return ok(messageShape(state, message));
};

const deleteMessage: Handler = ({ state, params }) => {
  const message = find(state, params);
  if (!isMessage(message)) return message;
  const channel = state.channels.get(message.channelId);
  if (!channel) return failed(10003);
  const isOwn = message.author.id === state.bot.id;
  if (!isOwn && !mayIn(state, state.bot.id, channel, permissions.manageMessages)) return failed(50013);
  channel.messages = channel.messages.filter((one) => one !== message);
  state.dispatch("MESSAGE_DELETE", message);
  return nothing;
};

const listMessages: Handler = ({ state, params, query }) => {
  const channel = reach(state, params[0] ?? "");
  if (!isChannel(channel)) return channel;
  if (!mayIn(state, state.bot.id, channel, permissions.readMessageHistory)) return ok([]);
  const limit = Number(query.get("limit") ?? 50);
  if (!(limit >= 1 && limit <= 100)) {
    const findings = createFindings();
    findings.add(["limit"], "NUMBER_TYPE_MAX", "int value should be between 1 and 100.");
    return findings.answer() ?? nothing;
  }
  const after = BigInt(query.get("after") ?? 0);
  const before = query.get("before") === null ? null : BigInt(query.get("before") ?? 0);
  const around = query.get("around") === null ? null : BigInt(query.get("around") ?? 0);
  const seen = channel.messages.filter(({ id, onlyFor }) => {
    const at = BigInt(id);
    return onlyFor === null && at > after && (before === null || at < before);
  });
  const half = Math.floor(limit / 2);
  const middle = around === null ? -1 : seen.findIndex(({ id }) => BigInt(id) >= around);
  const rows =
    around !== null
      ? seen.slice(Math.max(0, middle - half), middle + half + 1)
      : after > 0n
        ? seen.slice(0, limit)
        : seen.slice(-limit);
  return ok([...rows].reverse().map((message) => messageShape(state, message)));
};

function newThread(state: State, parent: Channel, id: string, body: Json): Channel {
  const thread: Channel = {
    ...parent,
    id,
    type: channelTypes.thread,
    name: textOf(body.name),
    parentId: parent.id,
    denied: new Map(),
    messages: [],
    locked: false,
    archived: false,
    tags: [],
    requireTag: false,
    appliedTags: listOfTexts(body.applied_tags),
  };
  state.channels.set(id, thread);
  state.dispatch("THREAD_CREATE", thread);
  return thread;
}

function checkThread(body: Json): Answer | null {
  const findings = createFindings();
  checkLength(findings, ["name"], body.name, 1, 100);
  if (
    body.auto_archive_duration !== undefined &&
    !archiveMinutes.includes(Number(body.auto_archive_duration))
  )
    findings.add(
      ["auto_archive_duration"],
      "BASE_TYPE_CHOICES",
      "Value must be one of (60, 1440, 4320, 10080).",
    );
  return findings.answer();
}

const threadOnMessage: Handler = ({ state, params, body }) => {
  const message = find(state, params);
  if (!isMessage(message)) return message;
  const channel = state.channels.get(message.channelId);
  if (!channel || isThread(channel) || channel.guildId === null) return failed(50008);
  if (!mayIn(state, state.bot.id, channel, permissions.createPublicThreads)) return failed(50013);
  if (state.channels.has(message.id)) return failed(160004);
  return checkThread(body) ?? ok(channelShape(state, newThread(state, channel, message.id, body)), 201);
};

/** A post in a forum channel, or a thread of its own in another. */
const startThread: Handler = ({ state, params, body, files }) => {
  const channel = reach(state, params[0] ?? "");
  if (!isChannel(channel)) return channel;
  const isForum = channel.type === channelTypes.forum;
  const wrong = checkThread(body);
  if (wrong) return wrong;
  if (
    !mayIn(state, state.bot.id, channel, isForum ? permissions.sendMessages : permissions.createPublicThreads)
  )
    return failed(50013);
  if (!isForum) return ok(channelShape(state, newThread(state, channel, state.nextId(), body)), 201);
  const given = listOfTexts(body.applied_tags);
  if (channel.requireTag && given.length === 0) return failed(40067);
  if (given.length > 5 || given.some((id) => !channel.tags.some((tag) => tag.id === id)))
    return failed(50035);
  const first = objectOf(body.message);
  noteBody(state, "POST thread", first, true);
  const refused = checkBody(first, { flags: createFlags, files: files.length });
  if (refused) return refused;
  const thread = newThread(state, channel, state.nextId(), body);
  const message = newMessage(state, thread, state.bot, first, { id: thread.id, attachments: files });
  thread.messages.push(message);
  state.dispatch("MESSAGE_CREATE", message);
  return ok({ ...channelShape(state, thread), message: messageShape(state, message) }, 201);
};

const patchChannel: Handler = ({ state, params, body }) => {
  const channel = reach(state, params[0] ?? "");
  if (!isChannel(channel)) return channel;
  const bit = isThread(channel) ? permissions.manageThreads : permissions.manageChannels;
  if (!mayIn(state, state.bot.id, channel, bit)) return failed(50013);
  if (typeof body.archived === "boolean") channel.archived = body.archived;
  if (typeof body.locked === "boolean") channel.locked = body.locked;
  if (typeof body.name === "string") channel.name = body.name;
  return ok(channelShape(state, channel));
};

export const channelRoutes: readonly [method: string, path: RegExp, handle: Handler][] = [
  [
    "GET",
    /^\/channels\/(\d+)$/,
    ({ state, params }) => {
      const channel = reach(state, params[0] ?? "");
      return isChannel(channel) ? ok(channelShape(state, channel)) : channel;
    },
  ],
  ["PATCH", /^\/channels\/(\d+)$/, patchChannel],
  [
    "POST",
    /^\/channels\/(\d+)\/typing$/,
    ({ state, params }) => {
      const channel = reach(state, params[0] ?? "");
      return isChannel(channel) ? nothing : channel;
    },
  ],
  ["GET", /^\/channels\/(\d+)\/messages$/, listMessages],
  ["POST", /^\/channels\/(\d+)\/messages$/, createMessage],
  [
    "GET",
    /^\/channels\/(\d+)\/messages\/(\d+)$/,
    ({ state, params }) => {
      const message = find(state, params);
      return isMessage(message) ? ok(messageShape(state, message)) : message;
    },
  ],
  ["PATCH", /^\/channels\/(\d+)\/messages\/(\d+)$/, patchMessage],
  ["DELETE", /^\/channels\/(\d+)\/messages\/(\d+)$/, deleteMessage],
  ["POST", /^\/channels\/(\d+)\/messages\/(\d+)\/threads$/, threadOnMessage],
  ["POST", /^\/channels\/(\d+)\/threads$/, startThread],
];
