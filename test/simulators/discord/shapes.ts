import type { Json } from "../slack/json.ts";
import {
  type Channel,
  channelTypes,
  type Guild,
  type Interaction,
  isThread,
  type Member,
  type Message,
  messageOf,
  ordinary,
  permissionsIn,
  type State,
  type User,
} from "./state.ts";

const at = (ms: number): string => new Date(ms).toISOString();
const joinedAt = "2026-01-01T00:00:00.000000+00:00";

export const userShape = (user: User): Json => ({
  id: user.id,
  username: user.username,
  discriminator: "0",
  global_name: user.username,
  avatar: null,
  bot: user.bot,
  flags: 0,
});

export const memberShape = (member: Member): Json => ({
  user: userShape(member.user),
  nick: null,
  avatar: null,
  roles: [member.roleId],
  joined_at: joinedAt,
  deaf: false,
  mute: false,
  flags: 0,
});

const roleShape = (id: string, name: string, bits: bigint): Json => ({
  id,
  name,
  color: 0,
  colors: { primary_color: 0, secondary_color: null, tertiary_color: null },
  hoist: false,
  position: name === "@everyone" ? 0 : 1,
  permissions: String(bits),
  managed: false,
  mentionable: false,
  flags: 0,
});

/** Each member has one role of their own, which gives them exactly what they may. */
export const rolesOf = (guild: Guild): Json[] => [
  roleShape(guild.id, "@everyone", 0n),
  ...[...guild.members.values()].map(({ roleId, permissions }) =>
    roleShape(roleId, `role-${roleId}`, permissions),
  ),
];

export function channelShape(state: State, channel: Channel): Json {
  const common = { id: channel.id, type: channel.type, last_message_id: channel.messages.at(-1)?.id ?? null };
  if (channel.guildId === null) {
    const other = state.users.get(channel.recipient ?? "");
    return { ...common, recipients: other ? [userShape(other)] : [], flags: 0 };
  }
  const named = { ...common, guild_id: channel.guildId, name: channel.name, parent_id: channel.parentId };
  if (isThread(channel))
    return {
      ...named,
      owner_id: state.applicationId,
      message_count: channel.messages.length,
      member_count: 1,
      rate_limit_per_user: channel.slowmodeSeconds,
      applied_tags: channel.appliedTags,
      thread_metadata: {
        archived: channel.archived,
        locked: channel.locked,
        auto_archive_duration: 1440,
        archive_timestamp: at(state.now().getTime()),
      },
    };
  const tags = channel.tags.map((tag) => ({ ...tag, moderated: false, emoji_id: null, emoji_name: null }));
  return {
    ...named,
    position: 0,
    nsfw: false,
    topic: null,
    rate_limit_per_user: channel.slowmodeSeconds,
    flags: channel.requireTag ? 1 << 4 : 0,
    ...(channel.type === channelTypes.forum ? { available_tags: tags } : {}),
    permission_overwrites: [...channel.denied].map(([id, deny]) => ({
      id,
      type: 1,
      allow: "0",
      deny: String(deny),
    })),
  };
}

export function guildShape(state: State, guild: Guild): Json {
  const channels = [...state.channels.values()].filter(({ guildId }) => guildId === guild.id);
  return {
    id: guild.id,
    name: guild.name,
    icon: null,
    owner_id: guild.ownerId,
    preferred_locale: guild.locale,
    roles: rolesOf(guild),
    emojis: [],
    features: ["COMMUNITY"],
    afk_timeout: 300,
    verification_level: 0,
    default_message_notifications: 0,
    explicit_content_filter: 0,
    mfa_level: 0,
    nsfw_level: 0,
    premium_tier: 0,
    system_channel_flags: 0,
    premium_progress_bar_enabled: false,
    joined_at: joinedAt,
    large: false,
    unavailable: false,
    member_count: guild.members.size,
    voice_states: [],
    members: [...guild.members.values()].filter(({ user }) => user.bot).map(memberShape),
    channels: channels.filter((one) => !isThread(one)).map((one) => channelShape(state, one)),
    threads: channels.filter(isThread).map((one) => channelShape(state, one)),
    presences: [],
    stage_instances: [],
    guild_scheduled_events: [],
    soundboard_sounds: [],
    stickers: [],
  };
}

const intents = { messageContent: 1 << 15 } as const;

/** Whether the app is shown what a message says (events/gateway, "Message Content Intent"). */
export function isContentShown(state: State, message: Message): boolean {
  if ((state.privileged & intents.messageContent) !== 0) return true;
  const isDirect = state.channels.get(message.channelId)?.guildId === null;
  return isDirect || message.author.id === state.bot.id || message.mentions.includes(state.bot.id);
}

/** A message as the app gets it; `isTarget` for one that a person hands to it by a command. */
export function messageShape(state: State, message: Message, isTarget = false, depth = 0): Json {
  const channel = state.channels.get(message.channelId);
  const isShown = isTarget || isContentShown(state, message);
  const answered =
    message.replyTo === null ? undefined : messageOf(state, message.channelId, message.replyTo);
  const thread = state.channels.get(message.id);
  const mentioned = message.mentions.map((id) => state.users.get(id)).filter((user) => user !== undefined);
  return {
    id: message.id,
    channel_id: message.channelId,
    author: userShape(message.author),
    content: isShown ? message.content : "",
    timestamp: at(message.atMs),
    edited_timestamp: message.editedMs === null ? null : at(message.editedMs),
    tts: false,
    mention_everyone: message.mentionsEveryone,
    mentions: mentioned.map(userShape),
    mention_roles: [],
    attachments: isShown ? message.attachments : [],
    embeds: isShown ? message.embeds : [],
    components: isShown ? message.components : [],
    pinned: false,
    type: message.replyTo === null ? 0 : 19,
    flags: message.flags,
    ...(message.nonce === null ? {} : { nonce: message.nonce }),
    ...(thread && isThread(thread) ? { thread: channelShape(state, thread) } : {}),
    ...(message.interactionId === null
      ? {}
      : { webhook_id: state.applicationId, application_id: state.applicationId }),
    ...(message.replyTo === null
      ? {}
      : {
          message_reference: {
            type: 0,
            message_id: message.replyTo,
            channel_id: message.channelId,
            ...(channel?.guildId ? { guild_id: channel.guildId } : {}),
          },
          ...(depth > 0
            ? {}
            : { referenced_message: answered ? messageShape(state, answered, false, depth + 1) : null }),
        }),
  };
}

/** What every interaction carries about who used the app, and where. */
export function placeShape(state: State, user: User, channel: Channel, isUserInstall: boolean): Json {
  const { guildId } = channel;
  const member = guildId === null ? undefined : state.guilds.get(guildId)?.members.get(user.id);
  const theirs = String(permissionsIn(state, user.id, channel));
  const apps = isUserInstall ? ordinary : permissionsIn(state, state.bot.id, channel);
  const isOwnDm = guildId === null;
  return {
    version: 1,
    application_id: state.applicationId,
    channel_id: channel.id,
    channel: { ...channelShape(state, channel), permissions: theirs },
    ...(guildId === null
      ? { user: userShape(user) }
      : {
          guild_id: guildId,
          guild: { id: guildId, locale: state.guilds.get(guildId)?.locale, features: [] },
          guild_locale: state.guilds.get(guildId)?.locale,
          member: { ...(member ? memberShape(member) : {}), permissions: theirs },
        }),
    app_permissions: String(apps),
    locale: user.locale,
    entitlements: [],
    entitlement_sku_ids: [],
    context: isOwnDm ? 1 : 0,
    attachment_size_limit: 10_485_760,
    authorizing_integration_owners: isUserInstall ? { "1": user.id } : { "0": guildId ?? "0" },
  };
}

export const interactionShape = (state: State, interaction: Interaction): Json => ({
  id: interaction.id,
  token: interaction.token,
  type: interaction.type,
  ...interaction.payload,
  application_id: state.applicationId,
});
