import { createPublicKey, verify } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { WebSocket } from "ws";
import { createDiscordSimulator, type DiscordSimulator, liveParts } from "./discord/index.ts";
import { type Json, objectOf } from "./slack/json.ts";

const guildId = "200000000000000001";
const channelId = "300000000000000001";
const mod = "400000000000000001";
let discord: DiscordSimulator;

beforeAll(async () => {
  discord = await createDiscordSimulator();
  discord.guild(guildId);
  discord.member(guildId, mod);
  discord.channel(guildId, channelId);
  discord.state.commands.set("1", { id: "1", name: "refer", type: 1, description: "Refers" });
});
afterAll(() => discord.close());

/** A connection that says what it is told to, and keeps what comes. */
async function connect(query = "v=10&encoding=json", to = discord) {
  const socket = new WebSocket(`${to.apiUrl.replace(/^http(.*)\/api$/, "ws$1")}/gateway?${query}`);
  const frames: Json[] = [];
  const waiting: (() => void)[] = [];
  socket.on("message", (data) => {
    frames.push(objectOf(JSON.parse(String(data))));
    for (const wake of waiting.splice(0)) wake();
  });
  const closed = once(socket, "close").then(([code]): unknown => code);
  await once(socket, "open");
  return {
    closed,
    frames,
    send: (json: unknown) => socket.send(typeof json === "string" ? json : JSON.stringify(json)),
    cut: () => socket.terminate(),
    async until(is: (frame: Json) => boolean): Promise<Json> {
      for (;;) {
        const found = frames.find(is);
        if (found) return found;
        await new Promise<void>((resolve) => waiting.push(resolve));
      }
    },
  };
}

const identify = (given: Json = {}): Json => ({
  op: 2,
  d: { token: discord.token, intents: 1 | (1 << 9), properties: {}, ...given },
});

test.each<[what: string, code: number, frames: () => unknown[]]>([
  ["a token that is refused", 4004, () => [identify({ token: "x" })]],
  ["a second identification", 4005, () => [identify(), identify()]],
  ["intents that do not exist", 4013, () => [identify({ intents: 1 << 30 })]],
  ["intents that were not granted", 4014, () => [identify({ intents: 1 << 15 })]],
  ["a frame of more than 4096 bytes", 4002, () => [identify({ properties: { os: "x".repeat(4096) } })]],
  ["something that is no JSON", 4002, () => ["{"]],
  ["an opcode that does not exist", 4001, () => [{ op: 99, d: {} }]],
  ["121 events in a minute", 4008, () => Array.from({ length: 121 }, () => ({ op: 1, d: null }))],
])("the gateway closes on %s", async (_, code, frames) => {
  const connection = await connect();
  for (const frame of frames()) connection.send(frame);
  expect(await connection.closed).toBe(code);
});

test("the gateway closes on a client without heartbeats", async () => {
  const quick = await createDiscordSimulator({ heartbeatMs: 20 });
  const connection = await connect("v=10&encoding=json", quick);
  expect(await connection.until(({ op }) => op === 10)).toMatchObject({ d: { heartbeat_interval: 20 } });
  expect(await connection.closed).toBe(4009);
  await quick.close();
});

test("the gateway speaks one version", async () => {
  expect(await (await connect("v=9&encoding=json")).closed).toBe(4012);
});

test("a session is taken up again with what was missed, and a forgotten one is not", async () => {
  const first = await connect();
  first.send(identify());
  const ready = await first.until(({ t }) => t === "READY");
  await first.until(({ t }) => t === "GUILD_CREATE");
  first.cut();
  await first.closed;
  discord.say(mod, channelId, "meanwhile");
  const resume = { op: 6, d: { token: discord.token, session_id: objectOf(ready.d).session_id, seq: 2 } };
  const second = await connect();
  second.send(resume);
  await second.until(({ t }) => t === "RESUMED");
  expect(second.frames.map(({ t }) => t).filter(Boolean)).toEqual(["MESSAGE_CREATE", "RESUMED"]);
  second.cut();
  discord.gateway.moods.forgets = true;
  const third = await connect();
  third.send(resume);
  expect(await third.until(({ op }) => op === 9)).toMatchObject({ d: false });
  discord.gateway.moods.forgets = false;
  third.cut();
});

test("an address is taken when it answers PING and refuses a false signature, and is lost when it no longer does", async () => {
  const key = createPublicKey({
    key: Buffer.concat([
      Buffer.from("302a300506032b6570032100", "hex"),
      Buffer.from(discord.publicKey, "hex"),
    ]),
    format: "der",
    type: "spki",
  });
  let isCareful = false;
  const uses: unknown[] = [];
  const app = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const { "x-signature-ed25519": signature, "x-signature-timestamp": timestamp } = request.headers;
    const signed = Buffer.concat([Buffer.from(String(timestamp)), body]);
    if (isCareful && !verify(null, signed, key, Buffer.from(String(signature), "hex"))) {
      response.writeHead(401).end();
      return;
    }
    const json = objectOf(JSON.parse(String(body)));
    if (json.type !== 1) uses.push(json.id);
    const answer = json.type === 1 ? { type: 1 } : { type: 5, data: { flags: 64 } };
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => app.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(app.address() as AddressInfo).port}`;
  expect(await discord.setInteractionsUrl(url)).toBe(false);
  isCareful = true;
  expect(await discord.setInteractionsUrl(url)).toBe(true);
  discord.violations.length = 0;
  discord.endpoint.copies.times = 3;
  const used = await discord.slash(mod, channelId, "refer");
  expect(uses).toEqual([used.id, used.id, used.id]);
  expect(used.first?.type).toBe(5);
  expect(discord.violations).toEqual([]);
  isCareful = false;
  expect(await discord.endpoint.probe()).toBe(false);
  expect(discord.state.interactionsUrl).toBeNull();
  app.closeAllConnections();
  await new Promise((resolve) => app.close(resolve));
});

test("requests beyond a route's share are told how long to wait", async () => {
  const strict = await createDiscordSimulator({ rates: { limit: 2, windowMs: 60_000, globalPerSecond: 4 } });
  const ask = () =>
    fetch(`${strict.apiUrl}/v10/users/@me`, {
      headers: { authorization: `Bot ${strict.token}`, "user-agent": "DiscordBot (https://a.test, 1)" },
    });
  const answers = [await ask(), await ask(), await ask()];
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 429]);
  expect(answers[0]?.headers.get("x-ratelimit-remaining")).toBe("1");
  expect(Number(answers[2]?.headers.get("retry-after"))).toBeGreaterThan(50);
  strict.setFault(() => "429-global");
  const limited = await ask();
  expect(limited.headers.get("x-ratelimit-global")).toBe("true");
  expect(await limited.json()).toMatchObject({ global: true, retry_after: 1 });
  await strict.close();
});

const live: [content: string, found: string[]][] = [
  ["Hello <@400000000000000001>", ["<@400000000000000001>"]],
  ["Hello \\<@400000000000000001>", []],
  ["`<@400000000000000001>` and ``` @everyone ```", []],
  ["` <@400000000000000001>", ["<@400000000000000001>"]],
  ["\\`<@400000000000000001>`", ["<@400000000000000001>"]],
  ["\\\\@everyone", ["@everyone"]],
  [
    "@here <@&500000000000000001> <#300000000000000001>",
    ["@here", "<@&500000000000000001>", "<#300000000000000001>"],
  ],
  ["[bank](https://evil.test)", ["[bank](https://evil.test)"]],
  ["[bank](<https://evil.test> 'title')", ["[bank](<https://evil.test> 'title')"]],
  ["[a [b] c](https://evil.test)", ["[a [b] c](https://evil.test)"]],
  ["\\[bank](https://evil.test)", []],
  ["[bank] (https://evil.test)", []],
];

test.each(live)("what is live in %j is found", (content, found) => {
  expect(liveParts({ content })).toEqual(found);
});
