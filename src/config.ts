import { Environment } from "./environment.ts";

/** A variable that means nothing without others: with `any`, one of them is enough. */
interface Needs {
  variable: keyof Environment;
  needs: (keyof Environment)[];
  any?: true;
}

const dependencies: Needs[] = [
  { variable: "SLACK_BOT_TOKEN", needs: ["SLACK_SIGNING_SECRET", "SLACK_APP_TOKEN"], any: true },
  { variable: "SLACK_SIGNING_SECRET", needs: ["SLACK_BOT_TOKEN"] },
  { variable: "SLACK_APP_TOKEN", needs: ["SLACK_BOT_TOKEN"] },
  { variable: "SLACK_API_URL", needs: ["SLACK_BOT_TOKEN"] },
  { variable: "DISCORD_PUBLIC_KEY", needs: ["DISCORD_TOKEN", "DISCORD_APPLICATION_ID"] },
  { variable: "DISCORD_API_URL", needs: ["DISCORD_TOKEN"] },
  { variable: "OIDC_ISSUER", needs: ["OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET"] },
  { variable: "OIDC_CLIENT_ID", needs: ["OIDC_ISSUER"] },
  { variable: "OIDC_CLIENT_SECRET", needs: ["OIDC_ISSUER"] },
];

const requiredInProduction = ["BASE_URL", "ENCRYPTION_KEY"] as const satisfies (keyof Environment)[];

/** The mistakes in an environment, one line each with the variable's name. Safe to print: no value is repeated. */
export class ConfigError extends Error {
  readonly lines: string[];

  constructor(lines: string[]) {
    super(
      `The environment has ${lines.length === 1 ? "a mistake" : `${lines.length} mistakes`}:\n${lines.map((line) => `  ${line}`).join("\n")}`,
    );
    this.name = "ConfigError";
    this.lines = lines;
  }
}

export type Config = ReturnType<typeof arrange>;

/**
 * Reads and checks the environment, once, when the process starts. Throws one `ConfigError` that lists every mistake.
 * What is absent is `null`; addresses have no final slash; the encryption key is 32 bytes.
 */
export function readConfig(env: Record<string, string | undefined>): Config {
  const given = Object.fromEntries(
    Object.entries(env).filter(([, value]) => value !== undefined && value.trim() !== ""),
  );
  const parsed = Environment.safeParse(given);
  const mistakes = [
    ...(parsed.error?.issues ?? []).map((issue) => `${String(issue.path[0])} ${issue.message}`),
    ...halfSet(given),
    ...(given.NODE_ENV === "production" ? unfitForProduction(given) : []),
  ];
  if (parsed.data === undefined || mistakes.length > 0) throw new ConfigError(mistakes);
  return arrange(parsed.data);
}

function halfSet(given: Record<string, string | undefined>): string[] {
  return dependencies.flatMap(({ variable, needs, any }) => {
    const missing = needs.filter((name) => given[name] === undefined);
    const enough = any ? missing.length < needs.length : missing.length === 0;
    if (given[variable] === undefined || enough) return [];
    return [
      `${variable} needs ${missing.join(any ? " or " : " and ")}: set what is missing, or remove ${variable}`,
    ];
  });
}

function unfitForProduction(given: Record<string, string | undefined>): string[] {
  const absent = requiredInProduction.filter((name) => given[name] === undefined);
  const lines = absent.map((name) => `${name} is required when NODE_ENV=production: set it`);
  if (given.EGRESS_ALLOW_PRIVATE !== "1") return lines;
  return [...lines, "EGRESS_ALLOW_PRIVATE is refused when NODE_ENV=production: remove it"];
}

function arrange(env: Environment) {
  return {
    databaseUrl: env.DATABASE_URL ?? null,
    dataDir: env.DATA_DIR,
    migrate: env.MIGRATE,
    host: env.HOST,
    port: env.PORT,
    baseUrl: env.BASE_URL ?? null,
    trustProxy: env.TRUST_PROXY,
    logLevel: env.LOG_LEVEL,
    production: env.NODE_ENV === "production",
    adminApiKey: env.ADMIN_API_KEY ?? null,
    encryptionKey: env.ENCRYPTION_KEY ?? null,
    slack: slackOf(env),
    discord: discordOf(env),
    oidc: oidcOf(env),
    email: { smtpUrl: env.SMTP_URL ?? null },
    crisisContacts: env.CRISIS_CONTACTS ?? null,
    egressAllowPrivate: env.EGRESS_ALLOW_PRIVATE,
  };
}

function slackOf(env: Environment) {
  if (env.SLACK_BOT_TOKEN === undefined) return null;
  return {
    botToken: env.SLACK_BOT_TOKEN,
    signingSecret: env.SLACK_SIGNING_SECRET ?? null,
    appToken: env.SLACK_APP_TOKEN ?? null,
    apiUrl: env.SLACK_API_URL ?? null,
  };
}

function discordOf(env: Environment) {
  if (env.DISCORD_TOKEN === undefined) return null;
  return {
    token: env.DISCORD_TOKEN,
    gateway: env.DISCORD_GATEWAY,
    publicKey: env.DISCORD_PUBLIC_KEY ?? null,
    applicationId: env.DISCORD_APPLICATION_ID ?? null,
    apiUrl: env.DISCORD_API_URL ?? null,
  };
}

function oidcOf(env: Environment) {
  if (
    env.OIDC_ISSUER === undefined ||
    env.OIDC_CLIENT_ID === undefined ||
    env.OIDC_CLIENT_SECRET === undefined
  )
    return null;
  return { issuer: env.OIDC_ISSUER, clientId: env.OIDC_CLIENT_ID, clientSecret: env.OIDC_CLIENT_SECRET };
}
