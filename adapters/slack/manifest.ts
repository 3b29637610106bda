/** What the app may do in Slack, as few as the code uses; a test compares them with what it calls. */
export const scopes = [
  "chat:write",
  "commands",
  "channels:history",
  "groups:history",
  "channels:read",
  "groups:read",
  "users:read",
  "users:read.email",
] as const;

/** The slash commands, in the order in which Slack lists them. */
export const slashCommands = [
  { command: "/referrals", description: "Your referrals and your pools'" },
  { command: "/referral", description: "One referral", usage_hint: "FP-XXXX-XXXX" },
  {
    command: "/referral-stats",
    description: "Figures of a period",
    usage_hint: "[week, month or days] [pool or forum]",
  },
  { command: "/refer", description: "Refer a message to an advisor", usage_hint: "[link to the message]" },
] as const;

/** The entry of a message's own menu. */
export const referShortcut = {
  name: "Refer to an advisor",
  type: "message",
  callback_id: "refer",
  description: "Asks a government advisor to answer this message",
} as const;

/** The app as Slack's "create from a manifest" page takes it. With Socket Mode it needs no address. */
export function manifestFor(options: { baseUrl: string; socketMode: boolean }) {
  const { baseUrl, socketMode } = options;
  const url = `${baseUrl.replace(/\/$/, "")}/slack/events`;
  const at = socketMode ? {} : { request_url: url };
  return {
    display_information: {
      name: "Fingerpost",
      description: "Referrals from peer-support forums, answered by government advisors",
    },
    features: {
      app_home: { home_tab_enabled: true, messages_tab_enabled: false, messages_tab_read_only_enabled: true },
      bot_user: { display_name: "Fingerpost", always_online: true },
      slash_commands: slashCommands.map((one) => ({
        ...one,
        ...(socketMode ? {} : { url }),
        should_escape: false,
      })),
      shortcuts: [referShortcut],
    },
    oauth_config: { scopes: { bot: [...scopes] } },
    settings: {
      event_subscriptions: { ...at, bot_events: ["app_home_opened"] },
      interactivity: { is_enabled: true, ...at },
      org_deploy_enabled: false,
      socket_mode_enabled: socketMode,
      token_rotation_enabled: false,
    },
  };
}

/** The page of Slack that creates the app from the manifest. */
export const createLink = (manifest: unknown): string =>
  `https://api.slack.com/apps?new_app=1&manifest_json=${encodeURIComponent(JSON.stringify(manifest))}`;
