import { textOf } from "../slack/json.ts";
import { failed, nothing, ok } from "./answers.ts";
import type { Handler } from "./channels.ts";
import { channelShape, guildShape, memberShape, rolesOf, userShape } from "./shapes.ts";
import { type Channel, channelTypes, isThread, type State } from "./state.ts";

/** Bits of `flags` that say which privileged intents are granted (resources/application). */
const applicationFlags = (state: State): number =>
  (state.privileged & (1 << 15) ? 1 << 18 : 0) | (state.privileged & (1 << 1) ? 1 << 14 : 0);

export const applicationShape = (state: State) => ({
  id: state.applicationId,
  name: "Fingerpost",
  description: "",
  icon: null,
  bot_public: true,
  bot_require_code_grant: false,
  verify_key: state.publicKey,
  flags: applicationFlags(state),
  bot: userShape(state.bot),
  interactions_endpoint_url: state.interactionsUrl,
  integration_types_config: { "0": {} },
});

const bare = {
  id: "",
  type: channelTypes.text,
  guildId: null,
  name: "",
  parentId: null,
  locked: false,
  archived: false,
  slowmodeSeconds: 0,
  requireTag: false,
  recipient: null,
} as const;

export const newChannel = (given: Partial<Channel> & { id: string }): Channel => ({
  ...bare,
  denied: new Map(),
  messages: [],
  tags: [],
  appliedTags: [],
  ...given,
});

const openDirect: Handler = ({ state, body }) => {
  const user = state.users.get(textOf(body.recipient_id));
  if (!user) return failed(10013);
  if (user.bot) return failed(50007);
  const known = [...state.channels.values()].find(({ recipient }) => recipient === user.id);
  const channel = known ?? newChannel({ id: state.nextId(), type: channelTypes.dm, recipient: user.id });
  state.channels.set(channel.id, channel);
  return ok(channelShape(state, channel));
};

/** A handler for a server that the bot is in. */
const withGuild =
  (
    handle: (
      guild: NonNullable<ReturnType<State["guilds"]["get"]>>,
      params: readonly string[],
      state: State,
    ) => unknown,
  ): Handler =>
  ({ state, params }) => {
    const guild = state.guilds.get(params[0] ?? "");
    if (!guild) return failed(10004);
    if (!guild.hasBot) return failed(50001);
    const found = handle(guild, params, state);
    return found === undefined ? failed(10007) : ok(found);
  };

export const appRoutes: readonly [method: string, path: RegExp, handle: Handler][] = [
  ["GET", /^\/users\/@me$/, ({ state }) => ok({ ...userShape(state.bot), verified: true, email: null })],
  [
    "GET",
    /^\/users\/@me\/guilds$/,
    ({ state }) =>
      ok(
        [...state.guilds.values()]
          .filter(({ hasBot }) => hasBot)
          .map((guild) => ({
            id: guild.id,
            name: guild.name,
            owner: false,
            permissions: String(guild.members.get(state.bot.id)?.permissions ?? 0n),
            features: [],
          })),
      ),
  ],
  ["POST", /^\/users\/@me\/channels$/, openDirect],
  [
    "GET",
    /^\/users\/(\d+)$/,
    ({ state, params }) => {
      const user = state.users.get(params[0] ?? "");
      return user ? ok(userShape(user)) : failed(10013);
    },
  ],
  ["GET", /^\/applications\/@me$/, ({ state }) => ok(applicationShape(state))],
  ["GET", /^\/oauth2\/applications\/@me$/, ({ state }) => ok(applicationShape(state))],
  ["GET", /^\/guilds\/(\d+)$/, withGuild((guild, _, state) => guildShape(state, guild))],
  ["GET", /^\/guilds\/(\d+)\/roles$/, withGuild((guild) => rolesOf(guild))],
  [
    "GET",
    /^\/guilds\/(\d+)\/channels$/,
    withGuild((guild, _, state) =>
      [...state.channels.values()]
        .filter((one) => one.guildId === guild.id && !isThread(one))
        .map((one) => channelShape(state, one)),
    ),
  ],
  [
    "GET",
    /^\/guilds\/(\d+)\/members\/(\d+)$/,
    withGuild((guild, params) => {
      const member = guild.members.get(params[1] ?? "");
      return member && memberShape(member);
    }),
  ],
  [
    "GET",
    /^\/guilds\/(\d+)\/threads\/active$/,
    withGuild((guild, _, state) => ({
      threads: [...state.channels.values()]
        .filter((one) => one.guildId === guild.id && isThread(one) && !one.archived)
        .map((one) => channelShape(state, one)),
      members: [],
    })),
  ],
  [
    "DELETE",
    /^\/users\/@me\/guilds\/(\d+)$/,
    ({ state, params }) => {
      const guild = state.guilds.get(params[0] ?? "");
      if (!guild) return failed(10004);
      guild.hasBot = false;
      return nothing;
    },
  ],
];
