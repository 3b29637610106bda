import { randomBytes } from "node:crypto";
import { type Json, listOf, textOf } from "../slack/json.ts";
import { lengthOf } from "./answers.ts";
import { interactionTypes } from "./callbacks.ts";
import { componentTypes, flatten } from "./components.ts";
import type { Endpoint } from "./endpoint.ts";
import { newMessage } from "./messages.ts";
import { fillModal, type Values } from "./modals.ts";
import { offered, refuse, slashPayload } from "./offers.ts";
import { messageShape, placeShape, userShape } from "./shapes.ts";
import {
  type Channel,
  type Interaction,
  isThread,
  type Message,
  mayIn,
  messageOf,
  permissions,
  type State,
  type User,
} from "./state.ts";

/** What people do in Discord, with what its client would refuse refused here too. */
export function createPeople(state: State, endpoint: Endpoint) {
  const lastSaid = new Map<string, number>();

  function at(userId: string, channelId: string): { user: User; channel: Channel } {
    const user = state.users.get(userId) ?? refuse(`There is no person ${userId}.`);
    const channel = state.channels.get(channelId) ?? refuse(`There is no channel ${channelId}.`);
    const isThere =
      channel.guildId === null
        ? channel.recipient === userId
        : mayIn(state, userId, channel, permissions.viewChannel);
    return isThere ? { user, channel } : refuse(`${userId} does not see ${channelId}.`);
  }

  function begin(
    type: number,
    user: User,
    channel: Channel,
    payload: Json,
    given: Partial<Interaction> = {},
  ): Interaction {
    const guild = channel.guildId === null ? undefined : state.guilds.get(channel.guildId);
    const isUserInstall = guild !== undefined && !guild.hasBot;
    const interaction: Interaction = {
      id: state.nextId(),
      token: randomBytes(60).toString("base64url"),
      type,
      user: user.id,
      guildId: channel.guildId,
      channelId: channel.id,
      messageId: null,
      atMs: state.now().getTime(),
      payload: { ...placeShape(state, user, channel, isUserInstall), ...payload },
      isUserInstall,
      copies: 0,
      first: null,
      isDead: false,
      original: null,
      isThinking: false,
      followUps: [],
      modal: null,
      isModalUsed: false,
      ...given,
    };
    state.interactions.set(interaction.token, interaction);
    return interaction;
  }

  /** The component as this person sees it, by its custom id or its label. */
  function componentOf(message: Message, user: User, which: string): Json {
    if (message.onlyFor !== null && message.onlyFor !== user.id) refuse("That message is somebody else's.");
    const all = flatten(message.components).filter(({ custom_id: id }) => id !== undefined);
    const found =
      all.find(({ custom_id: id, label }) => id === which || label === which) ??
      refuse(`There is no ${which} to press.`);
    return found.disabled === true ? refuse(`${which} is disabled.`) : found;
  }

  const people = {
    /** `/refer`, `/referral status`, with options by name. */
    async slash(
      userId: string,
      channelId: string,
      words: string,
      options: Readonly<Record<string, unknown>> = {},
    ) {
      const { user, channel } = at(userId, channelId);
      return endpoint.deliver(
        begin(interactionTypes.command, user, channel, slashPayload(state, user, channel, words, options)),
      );
    },
    /** What is offered while somebody types; `options` has the one that is being written. */
    async autocomplete(
      userId: string,
      channelId: string,
      words: string,
      options: Readonly<Record<string, unknown>>,
    ) {
      const { user, channel } = at(userId, channelId);
      const payload = slashPayload(state, user, channel, words, options, true);
      return endpoint.deliver(begin(interactionTypes.autocomplete, user, channel, payload));
    },
    /** A command of the menu on a message. */
    async messageCommand(userId: string, channelId: string, messageId: string, name: string) {
      const { user, channel } = at(userId, channelId);
      const command = offered(state, user, channel, 3, name);
      const message = messageOf(state, channelId, messageId) ?? refuse("There is no such message.");
      const target = messageShape(state, message, true);
      const data = {
        id: command.id,
        name,
        type: 3,
        target_id: messageId,
        resolved: { messages: { [messageId]: target } },
      };
      return endpoint.deliver(begin(interactionTypes.command, user, channel, { data }));
    },
    /** A button, by its custom id or label, or a select with what is chosen. */
    async press(
      userId: string,
      channelId: string,
      messageId: string,
      which: string,
      values?: readonly string[],
    ) {
      const { user, channel } = at(userId, channelId);
      const message = messageOf(state, channelId, messageId) ?? refuse("There is no such message.");
      const component = componentOf(message, user, which);
      const isSelect = component.type !== componentTypes.button;
      const offeredValues = listOf(component.options).map(({ value }) => value);
      for (const value of values ?? [])
        if (component.type === componentTypes.stringSelect && !offeredValues.includes(value))
          refuse(`There is no ${value}.`);
      const data = {
        custom_id: component.custom_id,
        component_type: component.type,
        id: component.id ?? 0,
        ...(isSelect ? { values: values ?? [] } : {}),
      };
      const payload = { data, message: messageShape(state, message, true) };
      return endpoint.deliver(begin(interactionTypes.component, user, channel, payload, { messageId }));
    },
    /** Submits the modal that this use was answered with. */
    async submit(opened: Interaction, values: Values = {}) {
      const modal = opened.modal ?? refuse("No modal is open.");
      if (opened.isModalUsed) refuse("The modal was submitted before.");
      const { user, channel } = at(opened.user, opened.channelId);
      const components = fillModal(modal, values);
      opened.isModalUsed = true;
      const message = opened.messageId === null ? undefined : messageOf(state, channel.id, opened.messageId);
      const payload = {
        data: { custom_id: modal.custom_id, components },
        ...(message ? { message: messageShape(state, message, true) } : {}),
      };
      return endpoint.deliver(
        begin(interactionTypes.modal, user, channel, payload, { messageId: message?.id ?? null }),
      );
    },
    /** A message by a person; an answer calls the one it answers unless `ping` is false. */
    say(
      userId: string,
      channelId: string,
      content: string,
      given: { replyTo?: string; ping?: boolean; attachments?: Json[] } = {},
    ): Message {
      const { user, channel } = at(userId, channelId);
      const nowMs = state.now().getTime();
      const bit = isThread(channel) ? permissions.sendMessagesInThreads : permissions.sendMessages;
      if (!mayIn(state, userId, channel, bit)) refuse(`${userId} may not write in ${channelId}.`);
      if (channel.locked && !mayIn(state, userId, channel, permissions.manageThreads))
        refuse("The thread is locked.");
      if (lengthOf(content) > 2000) refuse("The client takes no longer text.");
      const isFree = mayIn(state, userId, channel, permissions.manageMessages);
      const last = lastSaid.get(`${userId} ${channelId}`) ?? Number.NEGATIVE_INFINITY;
      if (!isFree && nowMs - last < channel.slowmodeSeconds * 1000) refuse("Slow mode is on.");
      if (state.guilds.get(channel.guildId ?? "")?.automod.some((word) => word.test(content)))
        refuse("Automatic moderation.");
      lastSaid.set(`${userId} ${channelId}`, nowMs);
      const body = { content, allowed_mentions: { parse: ["users"], replied_user: given.ping !== false } };
      const message = newMessage(state, channel, user, body, {
        replyTo: given.replyTo ?? null,
        attachments: given.attachments ?? [],
      });
      channel.messages.push(message);
      state.dispatch("MESSAGE_CREATE", message);
      return message;
    },
    edit(message: Message, content: string): void {
      message.content = content;
      message.editedMs = state.now().getTime();
      state.dispatch("MESSAGE_UPDATE", message);
    },
    remove(message: Message): void {
      const channel = state.channels.get(message.channelId);
      if (!channel) return;
      channel.messages = channel.messages.filter((one) => one !== message);
      state.dispatch("MESSAGE_DELETE", message);
    },
    /** Waits until a deferred answer is filled, and gives what the person then sees. */
    async settled(interaction: Interaction, patienceMs = 60_000): Promise<Message | null> {
      const from = performance.now();
      while (interaction.isThinking) {
        if (performance.now() - from > patienceMs) refuse("The answer stays at “thinking…”.");
        await new Promise((resolve) => setTimeout(resolve, 3));
      }
      return interaction.original;
    },
    userShape: (id: string) => userShape(state.users.get(id) ?? state.bot),
    labelsOf: (message: Message) =>
      flatten(message.components)
        .map(({ label }) => textOf(label))
        .filter(Boolean),
  };
  return people;
}
