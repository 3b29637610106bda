import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { envExample } from "../scripts/env-example.ts";
import { ConfigError, readConfig } from "../src/config.ts";
import { Environment } from "../src/environment.ts";

type Variables = Record<string, string | undefined>;

const key = Buffer.alloc(32, 7);
const production = {
  NODE_ENV: "production",
  BASE_URL: "https://fp.example",
  ENCRYPTION_KEY: key.toString("hex"),
};

function mistakes(env: Variables): string[] {
  try {
    readConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.lines;
    throw error;
  }
  return [];
}

/** The names of the variables that an environment is refused for. */
const refused = (env: Variables) => mistakes(env).map((line) => line.split(" ")[0]);

describe("an empty environment", () => {
  test("is enough: an embedded database on loopback, with every adapter that needs a token off", () => {
    expect(readConfig({})).toEqual({
      databaseUrl: null,
      dataDir: "./data",
      migrate: true,
      host: "127.0.0.1",
      port: 3000,
      baseUrl: null,
      trustProxy: [],
      logLevel: "info",
      production: false,
      adminApiKey: null,
      encryptionKey: null,
      slack: null,
      discord: null,
      oidc: null,
      email: { smtpUrl: null },
      crisisContacts: null,
      egressAllowPrivate: false,
    });
  });

  test("is the same as one whose values are blank, or that holds unknown variables", () => {
    const blank = Object.fromEntries(Object.keys(Environment.shape).map((name) => [name, "  "]));
    expect(readConfig(blank)).toEqual(readConfig({}));
    expect(readConfig({ PATH: "/bin", PGPASSWORD: undefined })).toEqual(readConfig({}));
  });
});

describe("each variable", () => {
  test.each([
    ["DATABASE_URL", "mysql://db.example/x"],
    ["MIGRATE", "yes"],
    ["PORT", "65536"],
    ["PORT", "-1"],
    ["PORT", "0x50"],
    ["BASE_URL", "fingerpost.example"],
    ["BASE_URL", "ftp://fingerpost.example"],
    ["BASE_URL", "https://fingerpost.example/?a=b"],
    ["BASE_URL", "https://name:secret@fingerpost.example"],
    ["TRUST_PROXY", "proxy.example"],
    ["TRUST_PROXY", "10.0.0.0/33"],
    ["TRUST_PROXY", "10.0.0.1/8/8"],
    ["LOG_LEVEL", "loud"],
    ["NODE_ENV", "staging"],
    ["ADMIN_API_KEY", "a".repeat(31)],
    ["ADMIN_API_KEY", "a".repeat(513)],
    ["ADMIN_API_KEY", "é".repeat(40)],
    ["ADMIN_API_KEY", `${"a".repeat(40)} b`],
    ["ENCRYPTION_KEY", "ab".repeat(31)],
    ["ENCRYPTION_KEY", Buffer.alloc(33).toString("base64")],
    ["SMTP_URL", "mail.example"],
    ["EGRESS_ALLOW_PRIVATE", "true"],
  ])("%s refuses %s, by its name and without repeating the value", (name, value) => {
    expect(refused({ [name]: value })).toEqual([name]);
    expect(mistakes({ [name]: value })[0]).not.toContain(value);
  });

  test("ENCRYPTION_KEY is 32 bytes, as hex or as base64 with or without padding", () => {
    for (const written of [key.toString("hex"), key.toString("base64"), key.toString("base64url")])
      expect(readConfig({ ENCRYPTION_KEY: written }).encryptionKey).toEqual(key);
  });

  test("TRUST_PROXY takes addresses and ranges of both kinds", () => {
    expect(readConfig({ TRUST_PROXY: "10.0.0.5, 10.1.0.0/16,::1 fd00::/8" }).trustProxy).toEqual([
      "10.0.0.5",
      "10.1.0.0/16",
      "::1",
      "fd00::/8",
    ]);
  });

  test("an address is taken with or without a final slash", () => {
    const slack = { SLACK_BOT_TOKEN: "xoxb-1", SLACK_APP_TOKEN: "xapp-1" };
    for (const url of ["http://127.0.0.1:9/api", "http://127.0.0.1:9/api/"]) {
      const config = readConfig({
        ...slack,
        SLACK_API_URL: url,
        DISCORD_TOKEN: "d",
        DISCORD_API_URL: url,
        BASE_URL: url,
      });
      expect([config.slack?.apiUrl, config.discord?.apiUrl, config.baseUrl]).toEqual(
        Array(3).fill("http://127.0.0.1:9/api"),
      );
    }
  });
});

describe("a half-set group", () => {
  test.each<[string, Variables]>([
    ["SLACK_BOT_TOKEN", { SLACK_BOT_TOKEN: "xoxb-1" }],
    ["SLACK_SIGNING_SECRET", { SLACK_SIGNING_SECRET: "s" }],
    ["SLACK_APP_TOKEN", { SLACK_APP_TOKEN: "xapp-1" }],
    ["SLACK_API_URL", { SLACK_API_URL: "http://127.0.0.1:9" }],
    ["DISCORD_PUBLIC_KEY", { DISCORD_PUBLIC_KEY: "0".repeat(64), DISCORD_TOKEN: "d" }],
    ["DISCORD_PUBLIC_KEY", { DISCORD_PUBLIC_KEY: "0".repeat(64), DISCORD_APPLICATION_ID: "1" }],
    ["DISCORD_API_URL", { DISCORD_API_URL: "http://127.0.0.1:9" }],
    ["OIDC_ISSUER", { OIDC_ISSUER: "https://login.example", OIDC_CLIENT_ID: "a" }],
    ["OIDC_CLIENT_SECRET", { OIDC_CLIENT_SECRET: "a" }],
  ])("of which only a part of what %s needs is there, is refused by that name", (name, env) => {
    expect(refused(env)).toEqual([name]);
  });

  test("says what is missing and what to do", () => {
    expect(mistakes({ SLACK_BOT_TOKEN: "xoxb-1" })).toEqual([
      "SLACK_BOT_TOKEN needs SLACK_SIGNING_SECRET or SLACK_APP_TOKEN: set what is missing, or remove SLACK_BOT_TOKEN",
    ]);
  });

  test.each<[string, Variables]>([
    ["Slack over HTTP", { SLACK_BOT_TOKEN: "xoxb-1", SLACK_SIGNING_SECRET: "s" }],
    ["Slack over Socket Mode", { SLACK_BOT_TOKEN: "xoxb-1", SLACK_APP_TOKEN: "xapp-1" }],
    ["Discord's gateway", { DISCORD_TOKEN: "d" }],
    [
      "Discord over HTTP",
      { DISCORD_TOKEN: "d", DISCORD_PUBLIC_KEY: "0".repeat(64), DISCORD_APPLICATION_ID: "1" },
    ],
    ["a Discord application alone", { DISCORD_APPLICATION_ID: "1" }],
    ["sign-in", { OIDC_ISSUER: "https://login.example", OIDC_CLIENT_ID: "a", OIDC_CLIENT_SECRET: "b" }],
  ])("is not what %s is", (_, env) => {
    expect(mistakes(env)).toEqual([]);
  });
});

describe("production", () => {
  test("needs BASE_URL and ENCRYPTION_KEY", () => {
    expect(refused({ NODE_ENV: "production" })).toEqual(["BASE_URL", "ENCRYPTION_KEY"]);
    expect(readConfig(production)).toMatchObject({ production: true, baseUrl: "https://fp.example" });
  });

  test("refuses EGRESS_ALLOW_PRIVATE, which is off unless it is 1", () => {
    expect(refused({ ...production, EGRESS_ALLOW_PRIVATE: "1" })).toEqual(["EGRESS_ALLOW_PRIVATE"]);
    expect(readConfig({ ...production, EGRESS_ALLOW_PRIVATE: "0" }).egressAllowPrivate).toBe(false);
    expect(readConfig({ EGRESS_ALLOW_PRIVATE: "1" }).egressAllowPrivate).toBe(true);
  });
});

test("one error lists every mistake, of every kind", () => {
  const env = { NODE_ENV: "production", PORT: "none", OIDC_CLIENT_ID: "a", ENCRYPTION_KEY: "short" };
  expect(refused(env)).toEqual(["PORT", "ENCRYPTION_KEY", "OIDC_CLIENT_ID", "BASE_URL"]);
  expect(() => readConfig(env)).toThrow(/^The environment has 4 mistakes:\n {2}PORT must be/);
});

describe(".env.example", () => {
  const file = readFileSync(new URL("../.env.example", import.meta.url), "utf8");

  test("is what the schema makes (npm run env writes it)", () => {
    expect(file).toBe(envExample());
  });

  test("taken as it stands changes nothing", () => {
    const env = Object.fromEntries(
      [...file.matchAll(/^(\w+)=(.*)$/gm)].map(([, name, value]) => [name, value]),
    );
    expect(Object.keys(env)).toEqual(Object.keys(Environment.shape));
    expect(readConfig(env)).toEqual(readConfig({}));
  });

  test("gives an example of each variable that the schema takes", () => {
    const examples = [...file.matchAll(/^# For example: (\w+)=(.+)$/gm)].map(([, name, value]) => [
      name,
      value,
    ]);
    expect(Environment.safeParse(Object.fromEntries(examples)).error).toBeUndefined();
    expect(examples.map(([name]) => name)).toEqual(Object.keys(Environment.shape));
  });
});
