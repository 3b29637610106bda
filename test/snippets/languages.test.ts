import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { createHmac } from "node:crypto";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { sign } from "../../examples/snippets/plain-html/fingerpost.mjs";
import { issueSecret } from "../../src/forums/index.ts";
import { sendTestReferral, showTestReferral } from "../../src/joining/index.ts";
import { createWorld, type World } from "../support/world.ts";

const at = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const snippet = (name: string) => at(`../../examples/snippets/${name}`);
const excerpt = "Nid yw fy nhaliad wedi dod: ŵyn, £5 & “dyfyniadau”.";

const languages = [
  {
    name: "PHP",
    signs: ["php", snippet("phpbb/fingerpost.php")],
    snippet: snippet("phpbb/fingerpost.php"),
    serves: ["php", "-S", "127.0.0.1:0", at("forums/phpbb.php")],
    callback: "/",
    post: 41,
  },
  {
    name: "Ruby",
    signs: ["ruby", snippet("discourse/fingerpost.rb")],
    snippet: snippet("discourse/plugin.rb"),
    serves: ["ruby", at("forums/discourse.rb")],
    callback: "/fingerpost/callback",
    post: 42,
  },
] as const;

interface Posted {
  under: number;
  text: string;
}

let world: World;
let secret: string;

beforeAll(async () => {
  // The snippets read the machine's clock, so that the instance has to have it too.
  world = await createWorld({ start: new Date() });
  const { deps } = world.instance;
  const admin = { kind: "admin", keyId: "t" } as const;
  ({ secret } = await deps.transaction((tx) => issueSecret(deps, tx, { forum: "parents" }, admin)));
});
afterAll(() => world.close());

describe.each(languages)("the snippet in $name", ({ signs, snippet, serves, callback, post }) => {
  let posts: string;
  let forum: ChildProcess;
  let address: string;

  beforeAll(async () => {
    posts = await mkdtemp(path.join(tmpdir(), "fp-snippets-"));
    const [program, ...rest] = serves;
    const environment = {
      SNIPPET: snippet,
      POSTS: posts,
      EXCERPT: excerpt,
      FINGERPOST_URL: world.instance.address,
      FINGERPOST_FORUM: "parents",
      FINGERPOST_SECRET: secret,
    };
    forum = spawn(program, rest, {
      env: { ...process.env, LC_ALL: "C.UTF-8", ...environment },
      stdio: ["ignore", "ignore", "pipe"],
    });
    address = await addressOf(forum);
    const { body: register } = await world.call("GET", "/v1/register", await world.keyFor("admin"));
    const parents = register.forums.find(({ slug }: { slug: string }) => slug === "parents");
    const applied = await world.apply({ forums: [{ ...parents, callbackUrl: `${address}${callback}` }] });
    expect(applied.status).toBe(200);
  });
  afterAll(async () => {
    forum.kill();
    await rm(posts, { recursive: true });
  });

  const refer = (number: number, as = "1") =>
    fetch(`${address}/?refer=${number}&as=${as}`, {
      method: "POST",
      body: JSON.stringify({
        excerpt,
        url: "https://parents.example/1",
        externalId: String(number),
        moderator: "mo",
        consent: "member-agreed",
      }),
    });
  const posted = async () => {
    const files = await readdir(posts);
    return Promise.all(
      files.map(async (file) => JSON.parse(await readFile(path.join(posts, file), "utf8")) as Posted),
    );
  };

  test("signs as Standard Webhooks has it", () => {
    const own = `whsec_${Buffer.alloc(32, 5).toString("base64")}`;
    const body = '{"excerpt":"Ŵyn a dŵr","url":"https://parents.example/1"}';
    const [program, file] = signs;
    const ran = spawnSync(program, [file, own, "msg_1", "1781514000"], { input: body, encoding: "utf8" });
    const hmac = createHmac("sha256", Buffer.alloc(32, 5)).update(`msg_1.1781514000.${body}`);
    expect(ran.stdout.trim()).toBe(`v1,${hmac.digest("base64")}`);
  });

  test("refers a post once, posts the answer under it, and tells where it stands", async () => {
    const first = await refer(post);
    expect(first.status).toBe(201);
    const { reference } = (await first.json()) as { reference: string };
    expect((await refer(post)).status).toBe(200);
    await world.as("person:sam.t", reference, "reroute", { pool: "uc", because: "It is theirs." });
    const claimed = await world.as("advisor:amal.h", reference, "claim");
    expect([claimed.status, claimed.body.post?.excerpt ?? claimed.body]).toEqual([200, excerpt]);
    await world.as("advisor:amal.h", reference, "reply", { text: "It comes on **Friday**, £5 – dŵr." });
    await world.settle();
    const { replies, state } = await world.show(reference);
    expect([state, replies[0].url]).toEqual(["replied", `https://parents.example/reply-to/${post}`]);
    const [only, ...more] = await posted();
    expect([only?.under, more]).toEqual([post, []]);
    expect(only?.text).toMatch(/^It comes on \*\*Friday\*\*, £5 – dŵr\.\n\n.*Universal Credit/);
    expect(only?.text).toMatch(/\/verify\/[0-9A-Z-]{10,}/);
  });

  test("takes a whole test referral and shows nobody anything of it", async () => {
    const before = await posted();
    const actor = { kind: "operator", forum: "parents" } as const;
    await sendTestReferral(world.instance.deps, { forum: "parents" }, actor);
    await world.settle();
    expect(await showTestReferral(world.instance.deps, "parents")).toMatchObject({ isOver: true });
    expect(await posted()).toEqual(before);
  });

  test("answers the same callback twice with one post, and no forged, altered or late one", async () => {
    const now = Math.floor(Date.now() / 1000);
    const data = {
      externalId: "7",
      text: "On Friday.",
      from: { department: "D", pool: "P" },
      verify: { url: "https://v.example" },
    };
    const body = JSON.stringify({ type: "referral.replied", data });
    const call = (changed: Record<string, string> = {}, text = body) =>
      fetch(`${address}${callback}`, {
        method: "POST",
        body: text,
        headers: {
          "content-type": "application/json",
          "webhook-id": "again",
          "webhook-timestamp": String(now),
          "webhook-signature": `v1,x ${sign(secret, "again", now, body)}`,
          ...changed,
        },
      });
    const before = (await posted()).length;
    for (let times = 0; times < 2; times += 1) {
      const answer = await call();
      expect([answer.status, await answer.json()]).toEqual([
        200,
        { url: "https://parents.example/reply-to/7" },
      ]);
    }
    const late = String(now - 400);
    const refused = [
      await call({}, `${body} `),
      await call({ "webhook-id": "another" }),
      await call({
        "webhook-timestamp": late,
        "webhook-signature": sign(secret, "again", Number(late), body),
      }),
      await call({ "webhook-timestamp": "soon" }),
      await call({ "webhook-signature": "v1," }),
    ];
    expect(refused.map(({ status }) => status)).toEqual([401, 401, 401, 401, 401]);
    expect(await posted()).toHaveLength(before + 1);
  });
});

/** Where a server listens, as it says on its standard error. */
async function addressOf(server: ChildProcess): Promise<string> {
  const said: string[] = [];
  if (server.stderr)
    for await (const line of createInterface(server.stderr)) {
      const found = /\((http:\/\/127\.0\.0\.1:\d+)\) started/.exec(line)?.[1];
      if (found) {
        // What it says later is not read, but must not fill its pipe.
        server.stderr.resume();
        return found;
      }
      said.push(line);
    }
  throw new Error(`The forum's server did not start: ${said.join("\n")}`);
}
