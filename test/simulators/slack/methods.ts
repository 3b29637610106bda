import { randomUUID } from "node:crypto";
import { checkBlocks, liveParts } from "./blocks.ts";
import { type Json, objectOf, textOf } from "./json.ts";
import type { Channel, Message, State } from "./state.ts";
import { checkView } from "./views.ts";

/** What a method answers: `ok` with its parts, or Slack's error. */
export type Answer = Json & { ok: boolean };
type Method = (state: State, args: Json) => Answer;

const ok = (parts: Json = {}): Answer => ({ ok: true, ...parts });
export const failed = (error: string, parts: Json = {}): Answer => ({ ok: false, error, ...parts });
const invalid = ({ code, messages }: { code: string; messages: string[] }): Answer =>
  failed(code, messages.length > 0 ? { response_metadata: { messages } } : {});

const triggerMs = 3_000;

/** The channel to write to, or why not: what the bot cannot see does not exist for it. */
function writable(state: State, id: string): Channel | Answer {
  const channel = state.channels.get(id);
  if (!channel) return failed("channel_not_found");
  if (!channel.members.has(state.botUser))
    return failed(channel.private ? "channel_not_found" : "not_in_channel");
  return channel.archived ? failed("is_archived") : channel;
}

const isChannel = (found: Channel | Answer): found is Channel => "messages" in found;

/** What every message must keep to: something to say, blocks within their limits, nothing of it live. */
function checkMessage(state: State, method: string, args: Json): Answer | null {
  const text = textOf(args.text);
  if (text === "" && args.blocks === undefined) return failed("no_text");
  if (text.length > 4000) return failed("msg_too_long");
  if (args.blocks !== undefined) {
    const mistake = checkBlocks(args.blocks, "message");
    if (mistake) {
      state.violations.push(`${method}: ${mistake.code} ${mistake.messages.join(" ")}`);
      return invalid(mistake);
    }
  }
  if (text === "") state.violations.push(`${method}: blocks without a text for notifications`);
  if (args.link_names === true) state.violations.push(`${method}: link_names turns words into mentions`);
  if (method === "chat.postMessage" && (args.unfurl_links !== false || args.unfurl_media !== false))
    state.violations.push(`${method}: unfurls what a member wrote`);
  for (const live of liveParts(args)) state.violations.push(`${method}: live part ${live}`);
  const { metadata } = args;
  if (metadata !== undefined) {
    const { event_type: type, event_payload: payload } = objectOf(metadata);
    if (typeof type !== "string" || typeof payload !== "object")
      return failed("metadata_must_be_sent_as_object");
  }
  return null;
}

function openView(state: State, args: Json): Answer {
  const view = objectOf(args.view);
  const trigger = state.triggers.get(textOf(args.trigger_id));
  if (!trigger) return failed("invalid_trigger_id");
  if (trigger.used) return failed("exchanged_trigger_id");
  if (state.elapsedMs() - trigger.atMs > triggerMs) {
    state.violations.push("views.open: later than 3 s");
    return failed("expired_trigger_id");
  }
  const mistake = checkView(view);
  if (mistake) {
    state.violations.push(`views.open: ${mistake.code} ${mistake.messages.join(" ")}`);
    return invalid(mistake);
  }
  trigger.used = true;
  const id = state.nextId("V");
  const entry = { id, hash: randomUUID(), user: trigger.user, view, open: true };
  state.views.set(id, entry);
  return ok({ view: { ...view, id, hash: entry.hash } });
}

function updateView(state: State, args: Json): Answer {
  const entry = state.views.get(textOf(args.view_id));
  if (!entry?.open) return failed("not_found");
  if (args.hash !== undefined && args.hash !== entry.hash) return failed("hash_conflict");
  const view = objectOf(args.view);
  const mistake = checkView(view);
  if (mistake) {
    state.violations.push(`views.update: ${mistake.code} ${mistake.messages.join(" ")}`);
    return invalid(mistake);
  }
  entry.view = view;
  entry.hash = randomUUID();
  return ok({ view: { ...view, id: entry.id, hash: entry.hash } });
}

const shown = (state: State, message: Message, args: Json): Json => ({
  type: "message",
  ts: message.ts,
  user: message.user,
  ...(message.user === state.botUser ? { bot_id: state.botId } : {}),
  ...(message.botId === undefined ? {} : { bot_id: message.botId }),
  text: message.text,
  blocks: message.blocks,
  ...(message.threadTs ? { thread_ts: message.threadTs } : {}),
  ...(args.include_all_metadata === true && message.metadata ? { metadata: message.metadata } : {}),
});

function page(state: State, messages: readonly Message[], args: Json): Answer {
  const limit = Number(args.limit ?? 100);
  const from = Number(textOf(args.cursor) || 0);
  const rows = messages.slice(from, from + limit);
  const next = from + limit < messages.length ? String(from + limit) : "";
  return ok({
    messages: rows.map((message) => shown(state, message, args)),
    has_more: next !== "",
    response_metadata: { next_cursor: next },
  });
}

const within = (message: Message, { oldest, latest, inclusive }: Json): boolean => {
  const ts = Number(message.ts);
  const from = oldest === undefined ? 0 : Number(oldest);
  const to = latest === undefined ? Number.POSITIVE_INFINITY : Number(latest);
  return inclusive === true ? ts >= from && ts <= to : ts > from && ts < to;
};

export const methods: Readonly<Record<string, Method>> = {
  "auth.test": (state) =>
    ok({
      user_id: state.botUser,
      bot_id: state.botId,
      team_id: state.teamId,
      team: "Example",
      user: "fingerpost",
    }),
  "chat.postMessage": (state, args) => {
    const mistake = checkMessage(state, "chat.postMessage", args);
    if (mistake) return mistake;
    const channel = writable(state, textOf(args.channel));
    if (!isChannel(channel)) return channel;
    const threadTs = typeof args.thread_ts === "string" ? args.thread_ts : null;
    const begun = channel.messages.find(({ ts }) => ts === threadTs);
    if (threadTs !== null && !begun) return failed("thread_not_found");
    if (begun?.threadTs) state.violations.push("chat.postMessage: a thread inside a thread");
    const message: Message = {
      ts: state.nextTs(),
      threadTs,
      user: state.botUser,
      text: textOf(args.text),
      blocks: Array.isArray(args.blocks) ? args.blocks : [],
      metadata: args.metadata === undefined ? null : objectOf(args.metadata),
      edits: 0,
    };
    channel.messages.push(message);
    return ok({ channel: channel.id, ts: message.ts, message: shown(state, message, {}) });
  },
  "chat.update": (state, args) => {
    const mistake = checkMessage(state, "chat.update", args);
    if (mistake) return mistake;
    const channel = writable(state, textOf(args.channel));
    if (!isChannel(channel)) return channel;
    const message = channel.messages.find(({ ts }) => ts === args.ts);
    if (!message) return failed("message_not_found");
    if (message.user !== state.botUser) return failed("cant_update_message");
    message.text = textOf(args.text);
    message.blocks = Array.isArray(args.blocks) ? args.blocks : [];
    if (args.metadata !== undefined) message.metadata = objectOf(args.metadata);
    message.edits += 1;
    return ok({ channel: channel.id, ts: message.ts });
  },
  "chat.postEphemeral": (state, args) => {
    const mistake = checkMessage(state, "chat.postEphemeral", args);
    if (mistake) return mistake;
    const channel = writable(state, textOf(args.channel));
    if (!isChannel(channel)) return channel;
    const user = textOf(args.user);
    if (!channel.members.has(user)) return failed("user_not_in_channel");
    const blocks = Array.isArray(args.blocks) ? args.blocks : [];
    state.ephemerals.push({ channel: channel.id, user, text: textOf(args.text), blocks });
    return ok({ message_ts: state.nextTs() });
  },
  "chat.getPermalink": (state, args) => {
    const channel = state.channels.get(textOf(args.channel));
    if (!channel || (channel.private && !channel.members.has(state.botUser)))
      return failed("channel_not_found");
    const message = channel.messages.find(({ ts }) => ts === args.message_ts);
    if (!message) return failed("message_not_found");
    const thread = message.threadTs ? `?thread_ts=${message.threadTs}&cid=${channel.id}` : "";
    const link = `https://example.slack.com/archives/${channel.id}/p${message.ts.replace(".", "")}`;
    return ok({ channel: channel.id, permalink: `${link}${thread}` });
  },
  "conversations.history": (state, args) => {
    const channel = writable(state, textOf(args.channel));
    if (!isChannel(channel)) return channel;
    const messages = channel.messages.filter((one) => one.threadTs === null && within(one, args));
    return page(state, messages.reverse(), args);
  },
  "conversations.replies": (state, args) => {
    const channel = writable(state, textOf(args.channel));
    if (!isChannel(channel)) return channel;
    const thread = channel.messages.filter(({ ts, threadTs }) => ts === args.ts || threadTs === args.ts);
    if (thread.length === 0) return failed("thread_not_found");
    // The message that begins a thread is always there, whatever the bounds.
    const asked = thread.filter((one) => one.ts === args.ts || within(one, args));
    return page(state, asked, args);
  },
  "conversations.info": (state, args) => {
    const channel = state.channels.get(textOf(args.channel));
    const isSeen = channel && (!channel.private || channel.members.has(state.botUser));
    if (!isSeen) return failed("channel_not_found");
    const { id, name, archived, shared } = channel;
    const member = channel.members.has(state.botUser);
    return ok({
      channel: {
        id,
        name,
        is_private: channel.private,
        is_archived: archived,
        is_ext_shared: shared,
        is_member: member,
      },
    });
  },
  "conversations.members": (state, args) => {
    const channel = writable(state, textOf(args.channel));
    return isChannel(channel)
      ? ok({ members: [...channel.members], response_metadata: { next_cursor: "" } })
      : channel;
  },
  "users.info": (state, args) => {
    const person = state.people.get(textOf(args.user));
    if (!person) return failed("user_not_found");
    const email = state.scopes.has("users:read.email") ? { email: person.email } : {};
    return ok({
      user: {
        id: person.id,
        team_id: person.teamId,
        name: person.name,
        deleted: person.deleted,
        is_bot: false,
        is_admin: person.admin,
        is_restricted: person.guest,
        is_ultra_restricted: false,
        is_email_confirmed: person.emailConfirmed,
        profile: { real_name: person.name, ...email },
      },
    });
  },
  "views.open": openView,
  "views.push": openView,
  "views.update": updateView,
  "views.publish": (state, args) => {
    const view = objectOf(args.view);
    const mistake = checkView(view);
    if (mistake) {
      state.violations.push(`views.publish: ${mistake.code} ${mistake.messages.join(" ")}`);
      return invalid(mistake);
    }
    state.homes.set(textOf(args.user_id), view);
    return ok({ view });
  },
};

/** The scope each method asks for; one of several where a list. A method that is not here needs none. */
export function scopesFor(state: State, method: string, args: Json): string[] {
  const channel = state.channels.get(textOf(args.channel));
  const kind = channel?.private ? "groups" : "channels";
  if (method === "chat.getPermalink" || method.startsWith("views.") || method === "auth.test") return [];
  if (method.startsWith("chat.")) return ["chat:write"];
  if (method === "conversations.history" || method === "conversations.replies") return [`${kind}:history`];
  if (method.startsWith("conversations.")) return [`${kind}:read`];
  return method.startsWith("users.") ? ["users:read"] : [];
}
