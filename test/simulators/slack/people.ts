import { createHmac, randomUUID } from "node:crypto";
import { optionsOf } from "./blocks.ts";
import { isObject, type Json, listOf, objectOf, textOf } from "./json.ts";
import type { State, View } from "./state.ts";
import { checkViewAnswer } from "./views.ts";

export interface Carrier {
  /** Brings a request to the app and answers with what it said, or null when it said nothing good in time. */
  carry(
    kind: "slash_commands" | "interactive" | "events_api",
    payload: Json,
    retry?: number,
  ): Promise<Json | null>;
}

const ackMs = 3_000;

/** Requests to the app's URL, signed as Slack signs them. */
export function createHttpCarrier(options: {
  state: State;
  url(): string;
  signingSecret: string;
  now(): Date;
}): Carrier {
  const { state } = options;
  return {
    async carry(kind, payload, retry = 0) {
      const isEvent = kind === "events_api";
      const body = isEvent
        ? JSON.stringify(payload)
        : kind === "interactive"
          ? new URLSearchParams({ payload: JSON.stringify(payload) }).toString()
          : new URLSearchParams(
              Object.entries(payload).map(([key, value]): [string, string] => [key, String(value)]),
            ).toString();
      const timestamp = String(Math.floor(options.now().getTime() / 1000));
      const signature = `v0=${createHmac("sha256", options.signingSecret).update(`v0:${timestamp}:${body}`).digest("hex")}`;
      const from = state.elapsedMs();
      const response = await fetch(options.url(), {
        method: "POST",
        headers: {
          "content-type": isEvent ? "application/json" : "application/x-www-form-urlencoded",
          "x-slack-request-timestamp": timestamp,
          "x-slack-signature": signature,
          ...(retry > 0
            ? { "x-slack-retry-num": String(retry), "x-slack-retry-reason": "http_timeout" }
            : {}),
        },
        body,
      });
      const text = await response.text();
      const took = state.elapsedMs() - from;
      if (took > ackMs) state.violations.push(`${kind}: answered after ${Math.round(took)} ms`);
      if (response.status !== 200) {
        state.violations.push(`${kind}: answered with ${response.status}`);
        return null;
      }
      if (text === "") return {};
      const isJson = (response.headers.get("content-type") ?? "").includes("json");
      return isJson ? objectOf(JSON.parse(text)) : { text };
    },
  };
}

export interface Click {
  channel: string;
  ts: string;
  actionId?: string;
}

/** What people in the workspace do, with what Slack's own client would refuse refused here too. */
export function createPeople(state: State, carrier: () => Carrier, baseUrl: () => string) {
  const common = (user: string): Json => ({
    team: { id: state.teamId, domain: "example" },
    user: { id: user, team_id: state.people.get(user)?.teamId ?? state.teamId, username: user },
    api_app_id: "A0000000001",
    token: "ignored",
  });
  const responseUrl = (user: string): string => {
    const id = randomUUID();
    state.responseUrls.set(id, { user, uses: 0, atMs: state.elapsedMs() });
    return `${baseUrl()}/response/${id}`;
  };

  function elementOf(blocks: Json[], actionId: string): Json | undefined {
    return blocks
      .flatMap((block) => [
        ...listOf(block.elements),
        ...(isObject(block.accessory) ? [block.accessory] : []),
      ])
      .find((element) => element.action_id === actionId);
  }

  /** Where a click happens: a message, a modal or the home tab. The same payload twice is a delivery repeated. */
  function clickPayload(user: string, at: Click | { view: View } | { home: true }, actionId: string): Json {
    const message =
      "channel" in at ? state.channels.get(at.channel)?.messages.find(({ ts }) => ts === at.ts) : undefined;
    const home = "home" in at ? state.homes.get(user) : undefined;
    const blocks = message?.blocks ?? listOf("view" in at ? at.view.view.blocks : home?.blocks);
    const element = elementOf(blocks, actionId);
    if (!element) throw new Error(`There is no ${actionId} to click on.`);
    const ts = state.nextTs();
    const trigger = state.newTrigger(user);
    const place: Json =
      "channel" in at
        ? {
            container: { type: "message", message_ts: at.ts, channel_id: at.channel, is_ephemeral: false },
            channel: { id: at.channel, name: "pool" },
            message: { ts: at.ts, text: message?.text, blocks, bot_id: state.botId },
            response_url: responseUrl(user),
          }
        : "view" in at
          ? {
              container: { type: "view", view_id: at.view.id },
              view: { ...at.view.view, id: at.view.id, hash: at.view.hash },
            }
          : {
              container: { type: "view", view_id: "VHOME" },
              view: { ...home, id: "VHOME", hash: "1", type: "home" },
            };
    const { action_id, type, value } = element;
    const action = {
      action_id,
      type,
      block_id: "b",
      action_ts: ts,
      ...(value === undefined ? {} : { value }),
    };
    return { type: "block_actions", ...common(user), trigger_id: trigger, ...place, actions: [action] };
  }

  const openViews = (user: string): View[] =>
    [...state.views.values()].filter((entry) => entry.user === user && entry.open);

  function applyAnswer(entry: View, answer: Json): Json {
    const mistake = checkViewAnswer(answer, entry.view);
    if (mistake) state.violations.push(`view_submission: ${mistake}`);
    const { response_action: action } = answer;
    if (action === undefined || action === "clear") entry.open = false;
    if (action === "update" && isObject(answer.view)) {
      entry.view = answer.view;
      entry.hash = randomUUID();
    }
    return answer;
  }

  function submitPayload(entry: View, values: Readonly<Record<string, unknown>>): Json {
    const inputs = listOf(entry.view.blocks).filter((block) => block.type === "input");
    const state_: Json = {};
    for (const block of inputs) {
      const element = objectOf(block.element);
      const given =
        values[textOf(block.block_id)] ?? element.initial_value ?? objectOf(element.initial_option).value;
      if (given === undefined && block.optional !== true)
        throw new Error(`${textOf(block.block_id)} is required.`);
      const most = Number(element.max_length ?? 3000);
      if (typeof given === "string" && given.length > most)
        throw new Error("The client takes no longer text.");
      const option = optionsOf(element).find(({ value }) => value === given);
      if (element.type === "static_select" && given !== undefined && !option)
        throw new Error(`${textOf(block.block_id)} has no option ${String(given)}.`);
      const value: Json =
        element.type === "static_select"
          ? { selected_option: option ?? null }
          : element.type === "users_select"
            ? { selected_user: given ?? null }
            : { value: given ?? null };
      state_[textOf(block.block_id)] = { [textOf(element.action_id)]: { type: element.type, ...value } };
    }
    const view = { ...entry.view, id: entry.id, hash: entry.hash, state: { values: state_ } };
    return { type: "view_submission", ...common(entry.user), trigger_id: state.newTrigger(entry.user), view };
  }

  function shortcutPayload(user: string, callbackId: string, channel: string, ts: string): Json {
    const message = state.channels.get(channel)?.messages.find((one) => one.ts === ts);
    return {
      type: "message_action",
      callback_id: callbackId,
      ...common(user),
      trigger_id: state.newTrigger(user),
      response_url: responseUrl(user),
      channel: { id: channel, name: "forum" },
      message_ts: ts,
      action_ts: state.nextTs(),
      message: {
        type: "message",
        ts,
        text: message?.text ?? "",
        user: message?.user,
        ...(message?.threadTs ? { thread_ts: message.threadTs } : {}),
      },
    };
  }

  return {
    openViews,
    clickPayload,
    submitPayload,
    click: (
      user: string,
      at: Click | { view: View } | { home: true },
      actionId = "actionId" in at ? (at.actionId ?? "") : "",
    ) => carrier().carry("interactive", clickPayload(user, at, actionId)),
    async submit(entry: View, values: Readonly<Record<string, unknown>> = {}): Promise<Json | null> {
      const answer = await carrier().carry("interactive", submitPayload(entry, values));
      return answer === null ? null : applyAnswer(entry, answer);
    },
    command(user: string, command: string, text: string, channel: string) {
      return carrier().carry("slash_commands", {
        team_id: state.teamId,
        user_id: user,
        channel_id: channel,
        command,
        text,
        trigger_id: state.newTrigger(user),
        response_url: responseUrl(user),
        api_app_id: "A0000000001",
      });
    },
    shortcutPayload,
    shortcut: (user: string, callbackId: string, channel: string, ts: string) =>
      carrier().carry("interactive", shortcutPayload(user, callbackId, channel, ts)),
    event(event: Json, eventId = state.nextId("Ev"), retry = 0) {
      const body = {
        type: "event_callback",
        team_id: state.teamId,
        api_app_id: "A0000000001",
        event,
        event_id: eventId,
      };
      return carrier().carry("events_api", { ...body, event_time: 0, token: "ignored" }, retry);
    },
    /** Something said by a person in a channel or thread. It reaches the app only where the app asked for it. */
    say(user: string, channel: string, text: string, threadTs: string | null = null): string {
      const ts = state.nextTs();
      const message = { ts, threadTs, user, text, blocks: [], metadata: null, edits: 0 };
      state.channels.get(channel)?.messages.push(message);
      return ts;
    },
  };
}
