/** Bits of Discord's permissions (its documentation, topics/permissions). */
export const permissions = {
  administrator: 1n << 3n,
  manageGuild: 1n << 5n,
  viewChannel: 1n << 10n,
  sendMessages: 1n << 11n,
  manageMessages: 1n << 13n,
  readMessageHistory: 1n << 16n,
  sendMessagesInThreads: 1n << 38n,
  moderateMembers: 1n << 40n,
} as const;

/** What the bot may do in a server, as little as the code uses, with the name that Discord shows for it. */
export const botPermissions = {
  "View Channels": permissions.viewChannel,
  "Send Messages": permissions.sendMessages,
  "Send Messages in Threads": permissions.sendMessagesInThreads,
  "Read Message History": permissions.readMessageHistory,
} as const;

/** What somebody with these bits may do of `wanted`: one of them is enough, and an administrator may everything. */
export function may(bits: string | undefined, ...wanted: bigint[]): boolean {
  const own = /^\d{1,20}$/.test(bits ?? "") ? BigInt(bits ?? "0") : 0n;
  return [permissions.administrator, ...wanted].some((bit) => (own & bit) !== 0n);
}

export const names = { refer: "refer", message: "Refer to an advisor" } as const;

const kinds = { chatInput: 1, message: 3 } as const;
const options = { subcommand: 1, string: 3, integer: 4, user: 6 } as const;
/** Servers only, by an installation in the server: the bot has rights there and the server is known. */
const inServers = { integration_types: [0], contexts: [0] };
const forModerators = { ...inServers, default_member_permissions: String(permissions.manageMessages) };
const forManagers = { ...inServers, default_member_permissions: String(permissions.manageGuild) };

const reference = {
  type: options.string,
  name: "reference",
  description: "Such as FP-7K4M-2QXD",
  max_length: 40,
};
const reason = {
  type: options.string,
  name: "reason",
  description: "Why, for the advisor",
  required: true,
  max_length: 1000,
};

/** Every command, as Discord takes them. Discord has no Welsh, so Welsh is in the answers, by the forum's setting. */
export const commands = [
  {
    type: kinds.chatInput,
    name: names.refer,
    description: "Refer a question to a government advisor",
    ...forModerators,
    options: [
      {
        type: options.string,
        name: "message",
        description: "The link of the message (Copy Message Link)",
        max_length: 200,
      },
      { type: options.user, name: "member", description: "Who asked" },
    ],
  },
  { type: kinds.message, name: names.message, ...forModerators },
  {
    type: kinds.chatInput,
    name: "referral",
    description: "Look after a referral",
    ...forModerators,
    options: [
      {
        type: options.subcommand,
        name: "status",
        description: "Where a referral is; without a reference, the newest of this server",
        options: [reference],
      },
      {
        type: options.subcommand,
        name: "withdraw",
        description: "Take a referral back",
        options: [
          { ...reference, required: true },
          { ...reason, required: false },
        ],
      },
      {
        type: options.subcommand,
        name: "reopen",
        description: "Open a finished referral again",
        options: [{ ...reference, required: true }, reason],
      },
    ],
  },
  {
    type: kinds.chatInput,
    name: "referral-stats",
    description: "Figures of this server's referrals",
    ...forModerators,
    options: [
      {
        type: options.integer,
        name: "days",
        description: "How many days back; 30 where you say nothing",
        min_value: 1,
        max_value: 730,
      },
    ],
  },
  {
    type: kinds.chatInput,
    name: "fingerpost",
    description: "Set Fingerpost up",
    ...forManagers,
    options: [
      {
        type: options.subcommand,
        name: "link",
        description: "Join this server to its forum record",
        options: [
          {
            type: options.string,
            name: "code",
            description: "The one-use code you were given",
            required: true,
            max_length: 40,
          },
        ],
      },
    ],
  },
] as const;

/** The page on which somebody adds the bot to their server. */
export function inviteLink(applicationId: string): string {
  const bits = Object.values(botPermissions).reduce((sum, bit) => sum | bit, 0n);
  const query = new URLSearchParams({
    client_id: applicationId,
    scope: "bot applications.commands",
    permissions: String(bits),
    integration_type: "0",
  });
  return `https://discord.com/oauth2/authorize?${query}`;
}
