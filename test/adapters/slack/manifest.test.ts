import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { createCommands } from "../../../adapters/slack/commands.ts";
import { manifestFor, scopes, slashCommands } from "../../../adapters/slack/manifest.ts";
import { ConfigError, readConfig } from "../../../src/config.ts";
import { createStage, poolChannel } from "./stage.ts";

const folder = new URL("../../../adapters/slack/", import.meta.url);
const sources = readdirSync(folder)
  .filter((name) => name.endsWith(".ts"))
  .map((name) => readFileSync(new URL(name, folder), "utf8"))
  .join("\n");

/** What Slack asks for each method (slack-api-ref); a private channel has a scope of its own. */
const needs: Record<string, readonly string[]> = {
  "auth.test": [],
  "chat.getPermalink": [],
  "chat.postMessage": ["chat:write"],
  "chat.postEphemeral": ["chat:write"],
  "chat.update": ["chat:write"],
  "conversations.history": ["channels:history", "groups:history"],
  "conversations.replies": ["channels:history", "groups:history"],
  "conversations.members": ["channels:read", "groups:read"],
  "conversations.info": ["channels:read", "groups:read"],
  "users.info": ["users:read", "users:read.email"],
  "views.open": [],
  "views.publish": [],
  "views.update": [],
};

test("the manifest asks for the scopes of what the code calls, and for no other", () => {
  const called = [...sources.matchAll(/client\s*\.([a-z]+)\s*\.([a-zA-Z]+)\(/g)].map(
    ([, room, name]) => `${room}.${name}`,
  );
  expect([...new Set(called)].sort()).toEqual(Object.keys(needs).sort());
  const used = new Set([...called.flatMap((method) => needs[method] ?? []), "commands"]);
  expect([...scopes].sort()).toEqual([...used].sort());
});

test("every command the code hears is in the manifest, and no event but the Home tab's", () => {
  const manifest = manifestFor({ baseUrl: "https://fingerpost.example/", socketMode: false });
  expect(manifest.features.slash_commands.map(({ command }) => command)).toEqual(
    slashCommands.map(({ command }) => command),
  );
  expect(manifest.features.shortcuts.map(({ callback_id }) => callback_id)).toEqual(["refer"]);
  const events = [...sources.matchAll(/app\.event\("([a-z_]+)"/g)].map(([, name]) => name);
  expect(manifest.settings.event_subscriptions.bot_events).toEqual(events);
  expect(sources).not.toMatch(/app\.message\(/);
  expect(manifest.settings.interactivity.request_url).toBe("https://fingerpost.example/slack/events");
});

test("`slack manifest` prints it with the link that creates the app, and wants an address or --socket", async () => {
  const [command] = createCommands({ now: () => new Date(0) });
  const { text, json } = (await command?.run(["--socket"])) ?? { text: "" };
  expect(text).toContain("https://api.slack.com/apps?new_app=1&manifest_json=");
  expect(json).toMatchObject({ manifest: { settings: { socket_mode_enabled: true } } });
  await expect(command?.run([])).rejects.toThrow("--url");
  await expect(command?.run(["--url", "fingerpost"])).rejects.toThrow("whole address");
});

test.each([
  [{ SLACK_BOT_TOKEN: "xoxb-1" }, "SLACK_SIGNING_SECRET or SLACK_APP_TOKEN"],
  [{ SLACK_SIGNING_SECRET: "0123456789abcdef0123456789abcdef" }, "SLACK_BOT_TOKEN"],
  [{ SLACK_APP_TOKEN: "xapp-1" }, "SLACK_BOT_TOKEN"],
])("half-set variables fail at the start and name what is missing: %j", (env, missing) => {
  let said = "";
  try {
    readConfig(env);
  } catch (error) {
    said = error instanceof ConfigError ? error.message : "";
  }
  expect(said).toContain(missing);
});

test("doctor says which scope was not granted", async () => {
  const stage = await createStage({
    core: { listPlaces: async () => [] },
    slack: { scopes: scopes.filter((scope) => scope !== "users:read.email") },
  });
  stage.slack.addChannel(poolChannel, []);
  const checks = (await stage.adapter.checks?.()) ?? [];
  expect(checks.find(({ name }) => name === "slack scopes")).toMatchObject({
    ok: false,
    detail: "missing: users:read.email",
  });
  stage.slack.setFault(() => "error:token_revoked");
  expect(await stage.adapter.checks?.()).toMatchObject([{ name: "slack token", ok: false }]);
  await stage.slack.close();
});

test("doctor warns of channels that are public, shared or hold guests", async () => {
  const channels = ["C0PUBLIC001", "C0SHARED001", "C0GUESTS001", poolChannel];
  const listPlaces = async () =>
    channels.map((channel) => ({ destination: "pool:p", name: "P", address: { channel } }));
  const { slack, adapter } = await createStage({ core: { listPlaces } });
  slack.addPerson("U0GUEST0001", { guest: true });
  slack.addChannel("C0PUBLIC001", [], { private: false });
  slack.addChannel("C0SHARED001", [], { shared: true });
  slack.addChannel("C0GUESTS001", ["U0GUEST0001"]);
  const found = ((await adapter.checks?.()) ?? []).filter(({ name }) => name.startsWith("slack channel"));
  expect(found.map(({ ok, detail }) => [ok, detail])).toEqual([
    [false, "is public"],
    [false, "is shared with another organisation"],
    [false, "has guests or people of other organisations in it"],
    [true, "private, with the app in it"],
  ]);
  expect(slack.state.violations).toEqual([]);
  await slack.close();
});
