import { type Json, listOf, objectOf } from "../slack/json.ts";
import { type Answer, createFindings, failed, nothing, ok } from "./answers.ts";
import type { Handler } from "./channels.ts";
import { componentsV2Flag } from "./components.ts";
import { checkBody, editMessage, ephemeralFlag, newMessage, noteBody } from "./messages.ts";
import { checkModal } from "./modals.ts";
import { messageShape } from "./shapes.ts";
import { type Channel, type Interaction, type Message, messageOf, type State } from "./state.ts";

export const callbackTypes = {
  message: 4,
  deferredMessage: 5,
  deferredUpdate: 6,
  update: 7,
  choices: 8,
  modal: 9,
} as const;
export const interactionTypes = { command: 2, component: 3, autocomplete: 4, modal: 5 } as const;

const firstMs = 3_000;
const tokenMs = 15 * 60_000;
const mostFollowUps = 5;
const answerFlags = (1 << 2) | ephemeralFlag | (1 << 12) | componentsV2Flag;

/** Why this kind of answer may not be given to this kind of interaction, or null. */
function refuseType(interaction: Interaction, type: number): string | null {
  const is = interaction.type;
  const t = callbackTypes;
  const isFromMessage =
    is === interactionTypes.component || (is === interactionTypes.modal && interaction.messageId !== null);
  if (is === interactionTypes.autocomplete) return type === t.choices ? null : "only choices answer here";
  if (type === t.choices) return "choices answer autocompletion only";
  if ((type === t.update || type === t.deferredUpdate) && !isFromMessage)
    return "there is no message to update";
  if (type === t.modal && is === interactionTypes.modal) return "a modal cannot answer a modal";
  return type >= t.message && type <= t.modal ? null : "no such answer";
}

const formError = (place: string, message: string): Answer => {
  const findings = createFindings();
  findings.add([place], "BASE_TYPE_CHOICES", message);
  return findings.answer() ?? failed(50035);
};

function checkData(type: number, data: Json): Answer | null {
  const t = callbackTypes;
  if (type === t.deferredMessage || type === t.deferredUpdate) {
    const isBare = (Number(data.flags ?? 0) & ~ephemeralFlag) === 0 && data.content === undefined;
    return isBare ? null : formError("data", "A deferral takes EPHEMERAL alone.");
  }
  if (type === t.modal) {
    const findings = createFindings();
    checkModal(data, findings);
    return findings.answer();
  }
  if (type === t.choices)
    return listOf(data.choices).length > 25 ? formError("choices", "At most 25.") : null;
  return null;
}

/** Gives an interaction its message: seen by all, or by its person alone. */
function show(state: State, interaction: Interaction, channel: Channel, body: Json, files: Json[]): Message {
  const isHidden = (Number(body.flags ?? 0) & ephemeralFlag) !== 0;
  const message = newMessage(state, channel, state.bot, body, {
    interactionId: interaction.id,
    onlyFor: isHidden ? interaction.user : null,
    attachments: files,
  });
  channel.messages.push(message);
  if (!isHidden) state.dispatch("MESSAGE_CREATE", message);
  return message;
}

function applyMessage(
  state: State,
  interaction: Interaction,
  type: number,
  data: Json,
  files: Json[],
): Answer | null {
  const channel = state.channels.get(interaction.channelId);
  if (!channel) return failed(10003);
  const t = callbackTypes;
  const target =
    interaction.messageId === null ? undefined : messageOf(state, channel.id, interaction.messageId);
  if (type === t.update) {
    if (!target) return failed(10008);
    const wrong = checkBody(data, { flags: answerFlags, edits: target, files: files.length });
    if (wrong) return wrong;
    noteBody(state, "callback 7", data, target.onlyFor === null);
    editMessage(state, target, data);
    if (target.onlyFor === null) state.dispatch("MESSAGE_UPDATE", target);
    interaction.original = target;
  }
  if (type === t.deferredUpdate) interaction.original = target ?? null;
  if (type === t.message) {
    const wrong = checkBody(data, { flags: answerFlags, files: files.length });
    if (wrong) return wrong;
    noteBody(state, "callback 4", data, (Number(data.flags ?? 0) & ephemeralFlag) === 0);
    interaction.original = show(state, interaction, channel, data, files);
  }
  if (type === t.deferredMessage) {
    interaction.isThinking = true;
    interaction.original = newMessage(
      state,
      channel,
      state.bot,
      {},
      {
        interactionId: interaction.id,
        flags: Number(data.flags ?? 0),
        onlyFor: (Number(data.flags ?? 0) & ephemeralFlag) !== 0 ? interaction.user : null,
      },
    );
  }
  return null;
}

/** Takes the first answer to an interaction, by either way, as Discord judges it. */
export function takeCallback(state: State, interaction: Interaction, body: Json, files: Json[] = []): Answer {
  const type = Number(body.type);
  const data = objectOf(body.data);
  if (interaction.first) {
    if (interaction.copies < 2) state.violations.push(`interaction ${interaction.type}: answered twice`);
    return failed(40060);
  }
  const tookMs = state.now().getTime() - interaction.atMs;
  if (interaction.isDead || tookMs > firstMs) {
    interaction.isDead = true;
    state.violations.push(`interaction ${interaction.type}: first answered after ${tookMs} ms`);
    return failed(10062);
  }
  const illegal = refuseType(interaction, type);
  const wrong = illegal === null ? checkData(type, data) : formError("type", illegal);
  const refused = wrong ?? applyMessage(state, interaction, type, data, files);
  if (refused) {
    state.violations.push(`interaction ${interaction.type}: answer refused ${JSON.stringify(refused.body)}`);
    return refused;
  }
  if (type === callbackTypes.modal) interaction.modal = data;
  interaction.first = { type, atMs: state.now().getTime(), body };
  return nothing;
}

const callback: Handler = ({ state, params, query, body, files }) => {
  const interaction = state.interactions.get(params[1] ?? "");
  if (!interaction || interaction.id !== params[0]) return failed(10062);
  const taken = takeCallback(state, interaction, body, files);
  if (taken.status !== 204 || query.get("with_response") !== "true") return taken;
  const { original } = interaction;
  return ok({
    interaction: { id: interaction.id, type: interaction.type, response_message_id: original?.id ?? null },
    resource: { type: Number(body.type), ...(original ? { message: messageShape(state, original) } : {}) },
  });
};

/** The interaction whose token this is, while it lives. */
function living(state: State, token: string): Interaction | Answer {
  const interaction = state.interactions.get(token);
  if (!interaction) return failed(10015);
  if (state.now().getTime() - interaction.atMs > tokenMs) return failed(50027);
  return interaction.first ? interaction : failed(10015);
}
const isInteraction = (found: Interaction | Answer): found is Interaction => "token" in found;

/** Writes a deferred answer for the first time, or changes it. */
function fillOriginal(state: State, interaction: Interaction, body: Json, files: Json[]): Answer {
  const { original } = interaction;
  if (!original) return failed(10008);
  const channel = state.channels.get(original.channelId);
  const wrong = checkBody(body, { flags: answerFlags, edits: original, files: files.length });
  if (wrong) return wrong;
  noteBody(state, "PATCH @original", body, original.onlyFor === null);
  editMessage(state, original, body);
  original.attachments.push(...files);
  if (interaction.isThinking) {
    interaction.isThinking = false;
    channel?.messages.push(original);
    if (original.onlyFor === null) state.dispatch("MESSAGE_CREATE", original);
  } else if (original.onlyFor === null) state.dispatch("MESSAGE_UPDATE", original);
  return ok(messageShape(state, original, true));
}

const followUp: Handler = ({ state, params, body, files }) => {
  const interaction = living(state, params[1] ?? "");
  if (!isInteraction(interaction)) return interaction;
  if (interaction.isThinking) return fillOriginal(state, interaction, body, files);
  if (interaction.isUserInstall && interaction.followUps.length >= mostFollowUps) return failed(40094);
  const channel = state.channels.get(interaction.channelId);
  if (!channel) return failed(10003);
  const wrong = checkBody(body, { flags: answerFlags, files: files.length });
  if (wrong) return wrong;
  noteBody(state, "follow-up", body, (Number(body.flags ?? 0) & ephemeralFlag) === 0);
  const message = show(state, interaction, channel, body, files);
  interaction.followUps.push(message);
  return ok(messageShape(state, message, true));
};

const withMessage =
  (
    act: (state: State, interaction: Interaction, message: Message, body: Json, files: Json[]) => Answer,
  ): Handler =>
  ({ state, params, body, files }) => {
    const interaction = living(state, params[1] ?? "");
    if (!isInteraction(interaction)) return interaction;
    const id = decodeURIComponent(params[2] ?? "");
    const message =
      id === "@original" ? interaction.original : interaction.followUps.find((one) => one.id === id);
    return message ? act(state, interaction, message, body, files) : failed(10008);
  };

const patch = withMessage((state, interaction, message, body, files) => {
  if (message === interaction.original) return fillOriginal(state, interaction, body, files);
  const wrong = checkBody(body, { flags: answerFlags, edits: message, files: files.length });
  if (wrong) return wrong;
  noteBody(state, "PATCH follow-up", body, message.onlyFor === null);
  editMessage(state, message, body);
  return ok(messageShape(state, message, true));
});

const remove = withMessage((state, interaction, message) => {
  const channel = state.channels.get(message.channelId);
  if (channel) channel.messages = channel.messages.filter((one) => one !== message);
  if (message === interaction.original) interaction.original = null;
  return nothing;
});

const ofMessage = /^\/webhooks\/(\d+)\/([\w.-]+)\/messages\/(@original|%40original|\d+)$/;
/** These ask for no bot's token: the interaction's own is in the path. */
export const callbackRoutes: readonly [method: string, path: RegExp, handle: Handler][] = [
  ["POST", /^\/interactions\/(\d+)\/([\w.-]+)\/callback$/, callback],
  ["POST", /^\/webhooks\/(\d+)\/([\w.-]+)$/, followUp],
  ["GET", ofMessage, withMessage((state, _, message) => ok(messageShape(state, message, true)))],
  ["PATCH", ofMessage, patch],
  ["DELETE", ofMessage, remove],
];
