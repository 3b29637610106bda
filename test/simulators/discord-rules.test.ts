import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  createDiscordSimulator,
  type DiscordSimulator,
  type Interaction,
  ordinary,
} from "./discord/index.ts";
import { type Json, objectOf, textOf } from "./slack/json.ts";

const guildId = "200000000000000001";
const channelId = "300000000000000001";
const forumId = "300000000000000002";
const mod = "400000000000000001";
const silent = { parse: [] };

let nowMs = Date.parse("2026-11-02T09:00:00Z");
let discord: DiscordSimulator;
let app: Server;
let called: (json: Json) => void = () => {};

beforeAll(async () => {
  discord = await createDiscordSimulator({
    now: () => new Date(nowMs),
    rates: { limit: 500, globalPerSecond: 500 },
  });
  discord.guild(guildId, { automod: [/forbidden/] });
  discord.member(guildId, mod);
  discord.channel(guildId, channelId, { slowmodeSeconds: 10 });
  discord.channel(guildId, forumId, {
    type: 15,
    tags: [{ id: "500000000000000001", name: "Benefits" }],
    requireTag: true,
  });
  app = createServer((request, response) => {
    request.on("data", (chunk) => called(JSON.parse(String(chunk))));
    request.on("end", () => response.writeHead(202).end());
  });
  await new Promise<void>((resolve) => app.listen(0, "127.0.0.1", resolve));
  discord.state.interactionsUrl = `http://127.0.0.1:${(app.address() as AddressInfo).port}`;
  discord.endpoint.probes.every = 0;
  await call("PUT", `/applications/${discord.applicationId}/commands`, [
    { name: "refer", description: "Refers", integration_types: [0, 1] },
  ]);
});

afterAll(async () => {
  await discord.close();
  await new Promise((resolve) => app.close(resolve));
});

async function call(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
  const response = await fetch(`${discord.apiUrl}/v10${path}`, {
    method,
    headers: {
      authorization: `Bot ${discord.token}`,
      "user-agent": "DiscordBot (https://fingerpost.example, 1.0)",
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const read = objectOf(text === "" ? {} : JSON.parse(text));
  return { status: response.status, code: read.code ?? null, body: read, headers: response.headers };
}

const post = (body: Json, to = channelId) =>
  call("POST", `/channels/${to}/messages`, { allowed_mentions: silent, ...body });

/** A use of the app that it has heard of and not answered. */
async function use(): Promise<{ interaction: Interaction; path: string; done: Promise<Interaction> }> {
  const heard = new Promise<Json>((resolve) => {
    called = resolve;
  });
  const done = discord.slash(mod, channelId, "refer");
  const { id, token } = await heard;
  const interaction = discord.state.interactions.get(textOf(token));
  if (!interaction) throw new Error("nothing was sent");
  return { interaction, path: `/interactions/${textOf(id)}/${textOf(token)}/callback`, done };
}

const row = (...components: Json[]): Json => ({ type: 1, components });
const button = (id: string, given: Json = {}): Json => ({
  type: 2,
  style: 1,
  label: "Press",
  custom_id: id,
  ...given,
});
const option = (value: string): Json => ({ label: value, value });
const many = (count: number) => Array.from({ length: count }, (_, i) => i);

const refused: [what: string, body: Json, code: number][] = [
  ["nothing", {}, 50006],
  ["2001 characters", { content: "🙂".repeat(2001) }, 50035],
  ["half of a surrogate pair", { content: "x\ud83d" }, 50035],
  ["eleven embeds", { embeds: many(11).map(() => ({ title: "t" })) }, 50035],
  [
    "embeds of 6001 characters",
    { embeds: [{ description: "d".repeat(4096) }, { description: "d".repeat(1905) }] },
    50035,
  ],
  ["a field of 1025", { embeds: [{ fields: [{ name: "n", value: "v".repeat(1025) }] }] }, 50035],
  ["six rows", { content: "x", components: many(6).map((i) => row(button(`${i}`))) }, 50035],
  ["six buttons in a row", { content: "x", components: [row(...many(6).map((i) => button(`${i}`)))] }, 50035],
  ["a custom id twice", { content: "x", components: [row(button("a"), button("a"))] }, 50035],
  ["a custom id of 101", { content: "x", components: [row(button("a".repeat(101)))] }, 50035],
  ["a label of 81", { content: "x", components: [row(button("a", { label: "l".repeat(81) }))] }, 50035],
  [
    "a link with a custom id",
    { content: "x", components: [row(button("a", { style: 5, url: "https://a.test" }))] },
    50035,
  ],
  [
    "26 options",
    {
      content: "x",
      components: [row({ type: 3, custom_id: "s", options: many(26).map((i) => option(`${i}`)) })],
    },
    50035,
  ],
  ["parse and a list", { content: "x", allowed_mentions: { parse: ["users"], users: [mod] } }, 50035],
  ["a nonce of 26", { content: "x", nonce: "n".repeat(26) }, 50035],
  [
    "content beside components of the second kind",
    { content: "x", flags: 1 << 15, components: [{ type: 10, content: "y" }] },
    50035,
  ],
  ["41 components", { flags: 1 << 15, components: many(41).map(() => ({ type: 10, content: "y" })) }, 50035],
  ["text displays without the flag", { components: [{ type: 10, content: "y" }] }, 50035],
  ["an ephemeral message in a channel", { content: "x", flags: 64 }, 50035],
  [
    "an answer to a message that is not there",
    { content: "x", message_reference: { message_id: "600000000000000001" } },
    50035,
  ],
  ["forbidden words", { content: "a forbidden word" }, 200000],
];

test.each(refused)("a message with %s is refused", async (_, body, code) => {
  expect(await post(body)).toMatchObject({ code });
});

test("a body names its mistakes where they are", async () => {
  const { body } = await post({ content: "x".repeat(2001), nonce: "n".repeat(26) });
  expect(body.errors).toMatchObject({
    content: { _errors: [{ code: "BASE_TYPE_MAX_LENGTH" }] },
    nonce: { _errors: [{ code: "BASE_TYPE_MAX_LENGTH" }] },
  });
});

test("token, agent, content type, size and JSON are looked at before anything else", async () => {
  expect(await call("GET", "/users/@me", undefined, { authorization: "Bot x" })).toMatchObject({
    status: 401,
  });
  expect(await call("GET", "/users/@me", undefined, { "user-agent": "curl" })).toMatchObject({ code: 50035 });
  const path = `/channels/${channelId}/messages`;
  expect(await call("POST", path, { content: "x" }, { "content-type": "text/plain" })).toMatchObject({
    code: 50035,
  });
  expect(await call("POST", path, { content: "x".repeat(26 << 20) })).toMatchObject({ status: 413 });
  expect(await call("GET", "/nowhere")).toMatchObject({ status: 404 });
});

test("what the bot may not see, write or change is refused with Discord's own codes", async () => {
  const closed = discord.channel(guildId, "300000000000000003");
  closed.denied.set(discord.applicationId, 1n << 10n);
  expect(await post({ content: "x" }, closed.id)).toMatchObject({ status: 403, code: 50001 });
  closed.denied.set(discord.applicationId, 1n << 11n);
  expect(await post({ content: "x" }, closed.id)).toMatchObject({ status: 403, code: 50013 });
  expect(await post({ content: "x" }, "300000000000000009")).toMatchObject({ status: 404, code: 10003 });
  const theirs = discord.say(mod, channelId, "mine");
  const message = `/channels/${channelId}/messages/${theirs.id}`;
  expect(await call("PATCH", message, { content: "x" })).toMatchObject({ code: 50005 });
  expect(await call("GET", `/channels/${channelId}/messages/600000000000000001`)).toMatchObject({
    code: 10008,
  });
  expect(await call("POST", `${message}/threads`, { name: "t" })).toMatchObject({ status: 201 });
  expect(await call("POST", `${message}/threads`, { name: "t" })).toMatchObject({ code: 160004 });
  const thread = discord.state.channels.get(theirs.id);
  if (thread) thread.locked = true;
  discord.guild("200000000000000009", { botPermissions: ordinary });
  expect(await post({ content: "x" }, theirs.id)).toMatchObject({ status: 200 });
  const poor = discord.channel("200000000000000009", "300000000000000008", { locked: true, type: 11 });
  expect(await post({ content: "x" }, poor.id)).toMatchObject({ code: 160005 });
});

test("a direct message is refused where the person takes none", async () => {
  const open = await call("POST", "/users/@me/channels", { recipient_id: mod });
  const dm = textOf(open.body.id);
  expect(await post({ content: "x" }, dm)).toMatchObject({ status: 200 });
  discord.user(mod, { dmsClosed: true });
  expect(await post({ content: "x" }, dm)).toMatchObject({ status: 403, code: 50007 });
});

test("a forum's post needs a tag where the forum says so, and takes no bare message", async () => {
  const body = { name: "A question", message: { content: "x", allowed_mentions: silent } };
  expect(await call("POST", `/channels/${forumId}/threads`, body)).toMatchObject({ code: 40067 });
  const tagged = { ...body, applied_tags: ["500000000000000001"] };
  expect(await call("POST", `/channels/${forumId}/threads`, tagged)).toMatchObject({ status: 201 });
  expect(await post({ content: "x" }, forumId)).toMatchObject({ code: 50008 });
});

test("the same nonce gives the same message for some minutes, whatever the channel", async () => {
  const other = discord.channel(guildId, "300000000000000004");
  const first = await post({ content: "one", nonce: "n-1", enforce_nonce: true });
  const second = await post({ content: "two", nonce: "n-1", enforce_nonce: true }, other.id);
  expect(second.body.id).toBe(first.body.id);
  nowMs += 6 * 60_000;
  const third = await post({ content: "three", nonce: "n-1", enforce_nonce: true });
  expect(third.body.id).not.toBe(first.body.id);
});

test("an answer counts once, within three seconds, and lives for fifteen minutes", async () => {
  const { interaction, path, done } = await use();
  const hook = `/webhooks/${discord.applicationId}/${interaction.token}`;
  const answer = { type: 4, data: { content: "x", flags: 64, allowed_mentions: silent } };
  expect(await call("PATCH", `${hook}/messages/%40original`, { content: "y" })).toMatchObject({
    code: 10015,
  });
  expect(await call("POST", path, { type: 7, data: { content: "x" } })).toMatchObject({ code: 50035 });
  expect(await call("POST", path, { type: 5, data: { flags: 1 << 15 } })).toMatchObject({ code: 50035 });
  expect(await call("POST", path, answer)).toMatchObject({ status: 204 });
  expect((await done).original).toMatchObject({ content: "x", onlyFor: mod });
  expect(await call("POST", path, answer)).toMatchObject({ code: 40060 });
  expect(await call("POST", hook, { content: "more", allowed_mentions: silent })).toMatchObject({
    status: 200,
  });
  nowMs += 15 * 60_000 + 1;
  expect(await call("POST", hook, { content: "late" })).toMatchObject({ status: 401, code: 50027 });

  const late = await use();
  nowMs += 3_001;
  expect(await call("POST", late.path, answer)).toMatchObject({ status: 404, code: 10062 });
  await late.done;
  expect(discord.violations).toContain("interaction 2: answered twice");
  expect(discord.violations.some((line) => /no first answer|first answered after 3001/.test(line))).toBe(
    true,
  );
});

test("a follow-up straight after a deferral fills it", async () => {
  const { interaction, path, done } = await use();
  await call("POST", path, { type: 5, data: { flags: 64 } });
  await done;
  const hook = `/webhooks/${discord.applicationId}/${interaction.token}`;
  await call("POST", hook, { content: "filled", allowed_mentions: silent });
  expect(await discord.settled(interaction)).toMatchObject({ content: "filled" });
  expect(interaction.followUps).toEqual([]);
});

test("where somebody brought the app for themselves, it may follow up five times", async () => {
  discord.guild("200000000000000002", { hasBot: false });
  discord.member("200000000000000002", mod);
  const there = discord.channel("200000000000000002", "300000000000000005");
  const heard = new Promise<Json>((resolve) => {
    called = resolve;
  });
  const done = discord.slash(mod, there.id, "refer");
  const json = await heard;
  expect(json.authorizing_integration_owners).toEqual({ "1": mod });
  await call("POST", `/interactions/${textOf(json.id)}/${textOf(json.token)}/callback`, { type: 5 });
  const { token } = await done;
  const codes: unknown[] = [];
  for (let i = 0; i < 7; i += 1)
    codes.push((await call("POST", `/webhooks/${discord.applicationId}/${token}`, { content: `${i}` })).code);
  expect(codes.slice(0, 6)).toEqual([null, null, null, null, null, null]);
  expect(codes[6]).toBe(40094);
});

const label = (component: Json): Json => ({ type: 18, label: "Label", component });
const text = (id: string, given: Json = {}): Json => label({ type: 4, custom_id: id, style: 1, ...given });
const modals: [what: string, data: Json][] = [
  ["no components", { components: [] }],
  ["six components", { components: many(6).map((i) => text(`${i}`)) }],
  ["a title of 46", { title: "t".repeat(46), components: [text("a")] }],
  ["a label of 46", { components: [{ ...text("a"), label: "l".repeat(46) }] }],
  ["a value of 4001", { components: [text("a", { value: "v".repeat(4001) })] }],
  ["an action row", { components: [row({ type: 4, custom_id: "a", style: 1, label: "x" })] }],
  ["a disabled component", { components: [text("a", { disabled: true })] }],
  ["an id twice", { components: [text("a"), text("a")] }],
];

test.each(modals)("a modal with %s is refused", async (_, data) => {
  const { path, done } = await use();
  expect(await call("POST", path, { type: 9, data: { title: "T", custom_id: "m", ...data } })).toMatchObject({
    code: 50035,
  });
  await call("POST", path, { type: 5 });
  await done;
});

const commands: [what: string, command: Json][] = [
  ["Welsh names", { name: "refer", description: "d", name_localizations: { cy: "cyfeirio" } }],
  ["capitals", { name: "Refer", description: "d" }],
  ["no description", { name: "refer" }],
  ["a described menu", { name: "Refer", type: 3, description: "d" }],
  [
    "26 choices",
    {
      name: "refer",
      description: "d",
      options: [
        {
          type: 3,
          name: "o",
          description: "d",
          choices: many(26).map((i) => ({ name: `${i}`, value: `${i}` })),
        },
      ],
    },
  ],
  [
    "a required option last",
    {
      name: "refer",
      description: "d",
      options: [
        { type: 3, name: "a", description: "d" },
        { type: 3, name: "b", description: "d", required: true },
      ],
    },
  ],
];

test.each(commands)("a command with %s is refused", async (_, command) => {
  expect(await call("PUT", `/applications/${discord.applicationId}/commands`, [command])).toMatchObject({
    code: 50035,
  });
});

test("an unknown key, a body that calls people and an address that unfurls are noted", async () => {
  discord.violations.length = 0;
  await call("POST", `/channels/${channelId}/messages`, { content: "see https://a.test", surprise: 1 });
  expect(discord.violations.join("\n")).toMatch(/surprise[\s\S]*not switched off[\s\S]*unfurled/);
});
