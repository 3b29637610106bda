import { spawnSync } from "node:child_process";
import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createPlugin } from "../../examples/snippets/nodebb/library.mjs";
import { isGenuine, sign } from "../../examples/snippets/plain-html/fingerpost.mjs";
import { createForum } from "../../examples/snippets/plain-html/server.mjs";
import { issueSecret } from "../../src/forums/index.ts";
import { createWorld, minuteMs, type World } from "../support/world.ts";

const file = (name: string) => fileURLToPath(new URL(`../../examples/snippets/${name}`, import.meta.url));
const secret = `whsec_${Buffer.alloc(32, 5).toString("base64")}`;
const body = '{"excerpt":"Ŵyn a dŵr","url":"https://parents.example/1"}';
const expected = `v1,${createHmac("sha256", Buffer.alloc(32, 5)).update(`msg_1.1781514000.${body}`).digest("base64")}`;

/** The other languages' own runtimes sign where they are installed; elsewhere their source is held to the recipe. */
const others = [
  {
    name: "php",
    path: file("phpbb/fingerpost.php"),
    recipe: /hash_hmac\('sha256', "\$id\.\$timestamp\.\$body", \$key, true\)/,
  },
  {
    name: "ruby",
    path: file("discourse/fingerpost.rb"),
    recipe: /HMAC\.digest\("SHA256", key, "#\{id\}\.#\{timestamp\}\.#\{body\}"\)/,
  },
];

test("the signature is the one of Standard Webhooks, in Node", () => {
  expect(sign(secret, "msg_1", 1781514000, body)).toBe(expected);
});

test.each(others)("and in $name", ({ name, path, recipe }) => {
  expect(readFileSync(path, "utf8")).toMatch(recipe);
  const ran = spawnSync(name, [path, secret, "msg_1", "1781514000"], { input: body, encoding: "utf8" });
  const isMissing = ran.error !== undefined && "code" in ran.error && ran.error.code === "ENOENT";
  expect(isMissing ? expected : ran.stdout.trim()).toBe(expected);
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
    const { body: register } = await world.call("GET", "/v1/register", await world.keyFor("admin"));
    const [parents] = register.forums;
    const callbackUrl = `http://127.0.0.1:${(forum.address() as AddressInfo).port}/callback`;
    await world.apply({ forums: [{ ...parents, callbackUrl }] });
  });
  afterAll(async () => {
    await world.close();
    await new Promise((resolve) => forum.close(resolve));
  });
  const address = () => `http://127.0.0.1:${(forum.address() as AddressInfo).port}`;

  test("the plain form refers a post, and shows the answer that comes back", async () => {
    expect(await (await fetch(address())).text()).toContain('name="excerpt"');
    const form = {
      excerpt: "My advance has not come.",
      url: "https://parents.example/thread/1",
      moderator: "mo",
      consent: "member-agreed",
      topic: "universal-credit",
    };
    const answer = await fetch(`${address()}/refer`, { method: "POST", body: new URLSearchParams(form) });
    expect(answer.status).toBe(201);
    const { reference } = (await answer.json()) as { reference: string };
    await world.as("advisor:amal.h", reference, "claim");
    await world.as("advisor:amal.h", reference, "reply", { text: "It comes on Friday." });
    await world.settle();
    const reply = shown.find(({ type }) => type === "referral.replied");
    expect(reply?.data).toMatchObject({ reference, text: "It comes on Friday." });
    expect((await world.show(reference)).replies[0].url).toBe("https://parents.example/thread/1#post-2");
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
    const nowSeconds = Math.floor(world.clock.now().getTime() / 1000);
    const data = {
      externalId: "7",
      text: "On Friday.",
      from: { department: "DWP", pool: "UC" },
      verify: { url: "https://v.example" },
    };
    const rawBody = JSON.stringify({ type: "referral.replied", data });
    const headers = {
      "webhook-id": "d1",
      "webhook-timestamp": String(nowSeconds),
      "webhook-signature": sign(own, "d1", nowSeconds, rawBody),
    };
    for (let times = 0; times < 2; times += 1)
      expect(await plugin.receive({ headers, rawBody, nowSeconds })).toMatchObject({
        status: 200,
        body: { url: "https://bb.example/post/1" },
      });
    expect(posts).toHaveLength(1);
    const late = nowSeconds + (6 * minuteMs) / 1000;
    expect((await plugin.receive({ headers, rawBody, nowSeconds: late })).status).toBe(401);
    expect((await plugin.addThreadTool({ tools: [] })).tools).toHaveLength(1);
  });
});
