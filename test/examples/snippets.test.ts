import { createHmac } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text as textOf } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createPlugin } from "../../examples/snippets/nodebb/library.mjs";
import { isGenuine, sign } from "../../examples/snippets/plain-html/fingerpost.mjs";
import { createForum } from "../../examples/snippets/plain-html/server.mjs";
import { issueSecret } from "../../src/forums/index.ts";
import { createWorld, minuteMs, type World } from "../support/world.ts";

const secret = `whsec_${Buffer.alloc(32, 5).toString("base64")}`;
const body = '{"excerpt":"Ŵyn a dŵr","url":"https://parents.example/1"}';
const expected = `v1,${createHmac("sha256", Buffer.alloc(32, 5)).update(`msg_1.1781514000.${body}`).digest("base64")}`;

test("the signature is the one of Standard Webhooks, in JavaScript", () => {
  expect(sign(secret, "msg_1", 1781514000, body)).toBe(expected);
});

test("a callback with another body, id, time or secret is not genuine", () => {
  const headers = {
    "webhook-id": "msg_1",
    "webhook-timestamp": "1781514000",
    "webhook-signature": `v1,x ${expected}`,
  };
  expect(isGenuine(secret, headers, body, 1781514300)).toBe(true);
  expect(isGenuine(secret, headers, body, 1781514301)).toBe(false);
  expect(isGenuine(secret, headers, `${body} `, 1781514000)).toBe(false);
  expect(isGenuine(secret, { ...headers, "webhook-id": "msg_2" }, body, 1781514000)).toBe(false);
  expect(isGenuine(`${secret.slice(0, -6)}AAAAA=`, headers, body, 1781514000)).toBe(false);
  expect(isGenuine(secret, {}, body, 1781514000)).toBe(false);
});

test("a long post of a forum is cut without leaving half of an emoji, which would be refused", async () => {
  const sent: string[] = [];
  const receiver = createServer(async (request, response) => {
    sent.push(await textOf(request));
    response.end("{}");
  });
  await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
  const baseUrl = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`;
  const topic = { title: `${"t".repeat(199)}😀`, content: `${"x".repeat(3_999)}😀`, uid: 7, cid: 2, tid: 42 };
  const plugin = createPlugin({
    settings: () => ({ baseUrl, slug: "parents", secret, uid: 9, url: "https://forum.example" }),
    privileges: { canModerate: async () => true },
    topics: { get: async () => topic },
    posts: { replyOnce: async () => ({ pid: 1 }) },
  });
  await plugin.refer({ tid: 42, uid: 5, consent: "member-agreed" });
  const { title, excerpt } = JSON.parse(sent[0] ?? "{}");
  expect([title, excerpt]).toEqual(["t".repeat(199), "x".repeat(3_999)]);
  receiver.closeAllConnections();
  await new Promise((resolve) => receiver.close(resolve));
});

describe("against a running instance", () => {
  let world: World;
  let forum: Server;
  let own: string;
  const shown: { type: string; data: Record<string, unknown> }[] = [];

  beforeAll(async () => {
    // The snippets read the machine's clock, so that the instance has to have it too.
    world = await createWorld({ start: new Date() });
    const { deps } = world.instance;
    const issued = await deps.transaction((tx) =>
      issueSecret(deps, tx, { forum: "parents" }, { kind: "admin", keyId: "t" }),
    );
    own = issued.secret;
    const show = async (type: string, data: Record<string, unknown>) => {
      shown.push({ type, data });
      return "https://parents.example/thread/1#post-2";
    };
    forum = createForum({ baseUrl: world.instance.address, slug: "parents", secret: own, show });
    await new Promise<void>((resolve) => forum.listen(0, "127.0.0.1", resolve));
    await callBack(`${address()}/callback`);
  });
  afterAll(async () => {
    await world.close();
    await new Promise((resolve) => forum.close(resolve));
  });
  const address = (server = forum) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const callBack = async (callbackUrl: string) => {
    const { body: register } = await world.call("GET", "/v1/register", await world.keyFor("admin"));
    const [parents] = register.forums;
    await world.apply({ forums: [{ ...parents, callbackUrl }] });
  };
  const answer = async (reference: string) => {
    await world.as("advisor:amal.h", reference, "claim");
    await world.as("advisor:amal.h", reference, "reply", { text: "It comes on Friday." });
    await world.settle();
    return (await world.show(reference)).replies[0].url;
  };

  test("the plain form refers a post, and shows the answer that comes back", async () => {
    expect(await (await fetch(address())).text()).toContain('name="excerpt"');
    const form = {
      excerpt: "My advance has not come.",
      url: "https://parents.example/thread/1",
      moderator: "mo",
      consent: "member-agreed",
      topic: "universal-credit",
    };
    const made = await fetch(`${address()}/refer`, { method: "POST", body: new URLSearchParams(form) });
    expect(made.status).toBe(201);
    const { reference } = (await made.json()) as { reference: string };
    expect(await answer(reference)).toBe("https://parents.example/thread/1#post-2");
    const reply = shown.find(({ type }) => type === "referral.replied");
    expect(reply?.data).toMatchObject({ reference, text: "It comes on Friday." });
    const forged = await fetch(`${address()}/callback`, { method: "POST", body: "{}" });
    expect(forged.status).toBe(401);
  });

  test("the NodeBB plugin refers a topic once, for moderators alone, and posts the answer once", async () => {
    const posts: { tid: number; content: string }[] = [];
    const known = new Map<string, number>();
    const plugin = createPlugin({
      settings: () => ({
        baseUrl: world.instance.address,
        slug: "parents",
        secret: own,
        url: "https://bb.example",
        uid: 9,
      }),
      privileges: { canModerate: async (_tid: number, uid: number) => uid === 1 },
      topics: { get: async () => ({ title: "Advance", content: "Where is my advance payment?", uid: 5 }) },
      posts: {
        async replyOnce(id: string, post: { tid: number; content: string }) {
          if (!known.has(id)) known.set(id, posts.push(post));
          return { pid: known.get(id) };
        },
      },
    });
    expect((await plugin.refer({ tid: 7, uid: 2, consent: "member-agreed" })).status).toBe(403);
    const first = await plugin.refer({ tid: 7, uid: 1, consent: "member-agreed" });
    const again = await plugin.refer({ tid: 7, uid: 1, consent: "member-agreed" });
    expect([first.status, again.status]).toEqual([201, 200]);
    const { reference } = first.body as { reference: string };
    await world.as("person:sam.t", reference, "reroute", { pool: "uc", because: "It is theirs." });
    const calls: Parameters<typeof plugin.receive>[0][] = [];
    const board = createServer(async (request, response) => {
      const call = { headers: { "webhook-id": "", ...request.headers }, rawBody: await textOf(request) };
      if (call.rawBody.includes('"referral.replied"')) calls.push(call);
      const { status, body } = await plugin.receive(call);
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    });
    await new Promise<void>((resolve) => board.listen(0, "127.0.0.1", resolve));
    await callBack(`${address(board)}/callback`);
    expect(await answer(reference)).toBe("https://bb.example/post/1");
    await new Promise((resolve) => board.close(resolve));
    const [call] = calls;
    if (call === undefined) throw new Error("The forum was not called.");
    expect(await plugin.receive(call)).toMatchObject({
      status: 200,
      body: { url: "https://bb.example/post/1" },
    });
    expect(posts).toEqual([
      { tid: 7, uid: 9, content: expect.stringMatching(/^It comes on Friday\.\n\n\*Dep/) },
    ]);
    const nowSeconds = Number(call.headers["webhook-timestamp"]);
    const late = nowSeconds + (6 * minuteMs) / 1000;
    expect((await plugin.receive({ ...call, nowSeconds: late })).status).toBe(401);
    expect((await plugin.addThreadTool({ tools: [] })).tools).toHaveLength(1);
  });
});
