import { z } from "zod";
import {
  addresses,
  apiKey,
  databaseUrl,
  either,
  encryptionKey,
  number,
  oneOf,
  port,
  publicKey,
  smtpUrl,
  text,
  webAddress,
} from "./config-values.ts";

const database = {
  DATABASE_URL: databaseUrl.optional().meta({
    description: "PostgreSQL 15 or later. If empty, an embedded PostgreSQL under DATA_DIR is used.",
    example: "postgresql://fingerpost:secret@db.example:5432/fingerpost",
  }),
  DATA_DIR: text.prefault("./data").meta({
    description: "Where the embedded database and the key made on first start are kept.",
    example: "/var/lib/fingerpost",
  }),
  MIGRATE: either("true", "false").prefault("true").meta({
    description: "false: only `fingerpost migrate` changes the database; /readyz is 503 until it has.",
    example: "false",
  }),
};

const server = {
  HOST: text.prefault("127.0.0.1").meta({
    description: "The address to listen on.",
    example: "0.0.0.0",
  }),
  PORT: port.prefault("3000").meta({
    description: "The port to listen on; 0 takes a free one.",
    example: "8080",
  }),
  BASE_URL: webAddress.optional().meta({
    description:
      "How people and forums reach this instance. If empty, the listening address. Required in production.",
    example: "https://fingerpost.example",
  }),
  TRUST_PROXY: addresses.prefault("").meta({
    description:
      "Proxies whose X-Forwarded-For is trusted: IP addresses or CIDR ranges, separated by commas.",
    example: "10.0.0.5,10.1.0.0/16",
  }),
  LOG_LEVEL: oneOf("fatal", "error", "warn", "info", "debug", "trace", "silent").prefault("info").meta({
    description: "The lowest level to log: fatal, error, warn, info, debug, trace or silent.",
    example: "warn",
  }),
  NODE_ENV: oneOf("development", "test", "production").prefault("development").meta({
    description: "production: BASE_URL and ENCRYPTION_KEY are required, EGRESS_ALLOW_PRIVATE is refused.",
    example: "production",
  }),
};

const secrets = {
  ADMIN_API_KEY: apiKey.optional().meta({
    description:
      "Accepted as an administrator's key; 32 to 512 characters of printable ASCII, without spaces (make one: openssl rand -hex 32).",
    example: "an-example-that-nobody-should-ever-use",
  }),
  ENCRYPTION_KEY: encryptionKey.optional().meta({
    description:
      "Wraps the keys that encrypt content: 32 bytes, as 64 hex digits or as base64 (make one: openssl rand -base64 32). Required in production; otherwise made on first start in DATA_DIR.",
    example: "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
  }),
};

const slack = {
  SLACK_BOT_TOKEN: text.optional().meta({
    description: "Turns Slack on, with SLACK_SIGNING_SECRET or SLACK_APP_TOKEN.",
    example: "xoxb-example",
  }),
  SLACK_SIGNING_SECRET: text.optional().meta({
    description: "Slack calls this instance over HTTP, at BASE_URL/slack/events.",
    example: "example-signing-secret",
  }),
  SLACK_APP_TOKEN: text.optional().meta({
    description: "This instance calls Slack (Socket Mode), so it needs no public address.",
    example: "xapp-example",
  }),
  SLACK_API_URL: webAddress.optional().meta({
    description: "A different base URL for Slack's API, with or without a final slash.",
    example: "https://slack.com/api/",
  }),
};

const discord = {
  DISCORD_TOKEN: text.optional().meta({
    description: "Turns Discord on and opens the gateway.",
    example: "example-bot-token",
  }),
  DISCORD_GATEWAY: either("on", "off").prefault("on").meta({
    description: "off: do not connect to the gateway.",
    example: "off",
  }),
  DISCORD_PUBLIC_KEY: publicKey.optional().meta({
    description:
      "Moves interactions to HTTP, at BASE_URL/discord/interactions; needs DISCORD_APPLICATION_ID.",
    example: "0000000000000000000000000000000000000000000000000000000000000000",
  }),
  DISCORD_APPLICATION_ID: number.optional().meta({
    description: "If empty, it is read from Discord's API.",
    example: "123456789012345678",
  }),
  DISCORD_API_URL: webAddress.optional().meta({
    description: "A different base URL for Discord's API, without a version, with or without a final slash.",
    example: "https://discord.com/api",
  }),
};

const signIn = {
  OIDC_ISSUER: webAddress.optional().meta({
    description: "OpenID Connect: all three or none. Without it people sign in by one-time links.",
    example: "https://login.example",
  }),
  OIDC_CLIENT_ID: text.optional().meta({
    description: "The client as registered with the issuer.",
    example: "fingerpost",
  }),
  OIDC_CLIENT_SECRET: text.optional().meta({
    description: "The client's secret.",
    example: "example-client-secret",
  }),
};

const alerts = {
  SMTP_URL: smtpUrl.optional().meta({
    description:
      "The mail server for alerts and sign-in links. If empty, links are printed to the terminal and alerts appear at the desk.",
    example: "smtps://fingerpost:secret@mail.example:465",
  }),
};

const safety = {
  CRISIS_CONTACTS: text.optional().meta({
    description:
      "A JSON file of the people to call when somebody may be in danger (see docs/guides/safety-wording.md). If empty, the contacts that come with the release are used.",
    example: "/etc/fingerpost/crisis-contacts.json",
  }),
};

const tests = {
  EGRESS_ALLOW_PRIVATE: either("1", "0").prefault("0").meta({
    description: "1: callbacks may reach loopback and private addresses, by http too. Refused in production.",
    example: "1",
  }),
};

/** The environment as `.env.example` shows it: a heading, then the variables that belong together. */
export const sections = {
  Database: database,
  Server: server,
  Secrets: secrets,
  Slack: slack,
  Discord: discord,
  "Sign-in": signIn,
  Alerts: alerts,
  Safety: safety,
  Tests: tests,
};

/** Every variable that Fingerpost reads, with its shape, its default, what it is for and an example. */
export const Environment = z.object({
  ...database,
  ...server,
  ...secrets,
  ...slack,
  ...discord,
  ...signIn,
  ...alerts,
  ...safety,
  ...tests,
});
export type Environment = z.infer<typeof Environment>;
