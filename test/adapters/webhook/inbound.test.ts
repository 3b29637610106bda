import { randomBytes } from "node:crypto";
import rateLimit from "@fastify/rate-limit";
import { fastify } from "fastify";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createInbound } from "../../../adapters/webhook/inbound.ts";
import { sign } from "../../../adapters/webhook/signature.ts";
import type { Actor } from "../../../src/contract/actor.ts";
import type { ForumEvent, QuestionBody, ReferralBody } from "../../../src/contract/bodies.ts";
import type { Inbound, ReferralView } from "../../../src/contract/core-api.ts";
import { DomainError } from "../../../src/contract/errors.ts";
import { installAnswers } from "../../../src/http/answers.ts";
import { installAuth } from "../../../src/http/auth.ts";
import { installBodies } from "../../../src/http/body.ts";
import { stubCore } from "./stub-core.ts";

const newSecret = () => `whsec_${randomBytes(32).toString("base64")}`;
const [current, previous, others] = [newSecret(), newSecret(), newSecret()];
let live = [current, previous];
const now = new Date("2026-11-02T09:00:00Z");
const referral: ReferralView = {
  reference: "FP-7K4M-2QXD",
  state: "offered",
  version: 1,
  forum: { slug: "example-parents", name: "Example parents' forum" },
  pool: null,
  externalId: null,
  routing: { rule: 1, because: "", guessed: false },
  next: { owner: "pool", clock: null, dueAt: null },
  replies: [],
  outcome: null,
  history: [],
  masked: [],
  links: {},
};
const body = {
  excerpt: "Can I get an advance?",
  url: "https://parents.example/thread/1",
  moderator: "mod-1",
  consent: "member-agreed",
};

const asked = {
  state: "waiting",
  id: "019a0000-0000-7000-8000-000000000001",
  session: "2026-12-02T19:00:00.000Z",
  link: "https://fingerpost.example/q/abc",
} as const;

const actors: Record<string, Actor> = {
  "fp_forum-key": { kind: "forum", forum: "example-parents", voice: "moderator" },
  "fp_other-forums-key": { kind: "forum", forum: "students", voice: "moderator" },
  "fp_operator-key": { kind: "operator", forum: "example-parents" },
  "fp_advisor-key": { kind: "advisor", id: "amal.h" },
  "fp_admin-key": { kind: "admin", keyId: "k1" },
};

interface Call {
  forum: string;
  body: ReferralBody | ForumEvent | QuestionBody | string;
  from: Inbound;
}

let app: ReturnType<typeof fastify>;
let calls: Call[];
let wishes: (string | undefined)[];
beforeEach(async () => {
  calls = [];
  wishes = [];
  live = [current, previous];
  const core = stubCore({
    submitReferral: async (forum, given, from) => {
      const created = !calls.some((call) => call.from.eventId === from.eventId);
      calls.push({ forum, body: given, from });
      return { created, referral };
    },
    reportEvent: async (forum, given, from) => {
      calls.push({ forum, body: given, from });
      return { referral };
    },
    askQuestion: async (forum, given, from) => {
      calls.push({ forum, body: given, from });
      return asked;
    },
    withdrawQuestion: async (forum, id, from) => {
      calls.push({ forum, body: id, from });
      return { id, state: "withdrawn" };
    },
    forumSecrets: async (forum) =>
      forum === "example-parents" ? live : forum === "students" ? [others] : [],
    authenticate: async (bearer, as) => {
      wishes.push(as);
      const actor = actors[bearer];
      if (!actor) throw new DomainError("access/unauthenticated");
      return actor.kind === "admin" && as
        ? { kind: "forum", forum: as.slice("forum:".length), voice: "moderator" }
        : actor;
    },
  });
  app = fastify();
  await app.register(rateLimit, { global: false });
  const logger = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
  installAnswers(app, logger, 10_000, () => null);
  installAuth(app, {
    authenticate: async () => {
      throw new DomainError("access/unauthenticated");
    },
    session: async () => null,
    baseUrl: "http://127.0.0.1:3000",
  });
  installBodies(app);
  await app.register(createInbound({ core, now: () => now }));
  await app.ready();
});
afterEach(() => app.close());

interface Wish {
  slug?: string;
  path?: "referrals" | "events" | "questions" | `questions/${string}/withdraw`;
  payload?: unknown;
  text?: string;
  secrets?: string[];
  id?: string;
  seconds?: number;
  headers?: Record<string, string>;
}

async function signed(wish: Wish = {}) {
  const {
    slug = "example-parents",
    path = "referrals",
    secrets = [current],
    id = "evt_1",
    seconds = 0,
    headers = {},
  } = wish;
  const text = wish.text ?? JSON.stringify(wish.payload ?? body);
  const timestamp = Math.floor(now.getTime() / 1000) + seconds;
  return app.inject({
    method: "POST",
    url: `/v1/forums/${slug}/${path}`,
    headers: {
      "content-type": "application/json",
      "webhook-id": id,
      "webhook-timestamp": String(timestamp),
      "webhook-signature": sign(secrets, { id, timestamp, body: text }),
      ...headers,
    },
    payload: text,
  });
}

async function keyed(bearer: string, wish: Wish = {}) {
  const {
    slug = "example-parents",
    path = "referrals",
    payload = body,
    headers = { "idempotency-key": "key-1" },
  } = wish;
  return app.inject({
    method: "POST",
    url: `/v1/forums/${slug}/${path}`,
    headers: { "content-type": "application/json", authorization: `Bearer ${bearer}`, ...headers },
    payload: JSON.stringify(payload),
  });
}

const outcome = (answer: { statusCode: number; json(): { code?: string } }) => [
  answer.statusCode,
  answer.json().code,
];

describe("a signed request", () => {
  test("reaches the core as the forum, in the member's voice, under the id it was sent with", async () => {
    const answer = await signed();
    expect(answer.statusCode).toBe(201);
    expect(answer.json()).toEqual(referral);
    expect(calls).toEqual([
      {
        forum: "example-parents",
        body: { ...body, urgency: "normal", concern: false, audience: [] },
        from: {
          actor: { kind: "forum", forum: "example-parents", voice: "member" },
          eventId: "evt_1",
          renew: expect.any(Function),
        },
      },
    ]);
  });

  test("puts a question down for a clinic, and takes it back, in the member's voice", async () => {
    const question = { ...body, clinic: "evening" };
    const put = await signed({ path: "questions", payload: question });
    expect([put.statusCode, put.json()]).toEqual([201, asked]);
    const path = `questions/${asked.id}/withdraw` as const;
    const back = await signed({ path, payload: {}, id: "evt_2" });
    expect([back.statusCode, back.json().state]).toEqual([200, "withdrawn"]);
    expect(calls.map(({ body: given, from }) => [given, from.actor, from.eventId])).toEqual([
      [
        { ...question, urgency: "normal", concern: false, audience: [] },
        { kind: "forum", forum: "example-parents", voice: "member" },
        "evt_1",
      ],
      [asked.id, { kind: "forum", forum: "example-parents", voice: "member" }, "evt_2"],
    ]);
    for (const faulty of [
      await signed({ path: "questions", payload: question, secrets: [others] }),
      await signed({ path, payload: {}, seconds: 400 }),
      await keyed("fp_other-forums-key", { path: "questions", payload: question }),
      await keyed("fp_advisor-key", { path: "questions", payload: question }),
    ])
      expect([401, 403]).toContain(faulty.statusCode);
    expect((await signed({ path: "questions", payload: body })).statusCode).toBe(422);
    expect(calls.length).toBe(2);
  });

  test("about a question may also come with the operator's key, and without an id, as it always could", async () => {
    const payload = { ...body, clinic: "evening" };
    expect((await keyed("fp_operator-key", { path: "questions", payload, headers: {} })).statusCode).toBe(
      201,
    );
    expect((await keyed("fp_operator-key")).statusCode).toBe(403);
  });

  test("that held by a secret in memory no longer does once that secret is gone", async () => {
    await signed();
    const { renew } = calls[0]?.from ?? {};
    await expect(renew?.()).resolves.toBeUndefined();
    live = [others];
    await expect(renew?.()).rejects.toMatchObject({ code: "signature/invalid" });
  });

  test("sent again is answered 200 with the same body", async () => {
    await signed();
    const again = await signed();
    expect([again.statusCode, again.json()]).toEqual([200, referral]);
  });

  test("may be signed with the secret before, while that is live", async () => {
    expect((await signed({ secrets: [previous] })).statusCode).toBe(201);
  });

  test("brings an event", async () => {
    const payload = { type: "reply.posted", reference: "FP-7K4M-2QXD", url: "https://parents.example/t/1#9" };
    expect((await signed({ path: "events", payload })).statusCode).toBe(200);
    expect(calls[0]?.body).toEqual(payload);
  });

  test("is refused when the forum's secret is another forum's, and the core hears nothing", async () => {
    expect(outcome(await signed({ secrets: [others] }))).toEqual([401, "signature/invalid"]);
    expect(outcome(await signed({ slug: "students", secrets: [current] }))).toEqual([
      401,
      "signature/invalid",
    ]);
    expect(calls).toEqual([]);
  });

  test("for a forum that does not exist looks like a wrong signature", async () => {
    expect(outcome(await signed({ slug: "nowhere" }))).toEqual([401, "signature/invalid"]);
  });

  test.each([-301, 301])("made %d seconds away is stale", async (seconds) => {
    expect(outcome(await signed({ seconds }))).toEqual([401, "signature/stale"]);
  });

  test("whose body was changed on the way is refused before it is read", async () => {
    const answer = await signed({
      headers: {
        "webhook-signature": sign([current], { id: "evt_1", timestamp: now.getTime() / 1000, body: "{}" }),
      },
    });
    expect(outcome(answer)).toEqual([401, "signature/invalid"]);
  });

  test("without all three headers is refused, whatever key comes with it", async () => {
    const answer = await keyed("fp_forum-key", {
      headers: { "idempotency-key": "k", "webhook-id": "evt_1" },
    });
    expect(outcome(answer)).toEqual([401, "signature/invalid"]);
  });

  test("whose body is not a referral is told every mistake", async () => {
    const answer = await signed({ payload: { excerpt: "", consent: "maybe", colour: "red" } });
    expect(outcome(answer)).toEqual([422, "request/invalid"]);
    const pointers = answer.json().errors.map((error: { pointer: string }) => error.pointer);
    expect(pointers.sort()).toEqual(["/colour", "/consent", "/excerpt", "/moderator", "/url"]);
  });

  test("takes no wish to act for somebody", async () => {
    expect(outcome(await signed({ payload: { ...body, as: "forum:students" } }))).toEqual([
      422,
      "request/invalid",
    ]);
  });
});

describe("a request with a key", () => {
  test("reaches the core as the key's own actor, under the Idempotency-Key", async () => {
    expect((await keyed("fp_forum-key")).statusCode).toBe(201);
    expect(calls[0]?.from).toEqual({ actor: actors["fp_forum-key"], eventId: "key-1" });
  });

  test("needs an Idempotency-Key", async () => {
    const [status, code] = outcome(await keyed("fp_forum-key", { headers: {} }));
    expect(code).toBe("request/idempotency-key-missing");
    expect(status).toBeGreaterThanOrEqual(400);
    expect(calls).toEqual([]);
  });

  test.each(["fp_other-forums-key", "fp_operator-key", "fp_advisor-key", "fp_admin-key"])(
    "%s is refused",
    async (key) => {
      expect(outcome(await keyed(key))).toEqual([403, "access/forbidden"]);
      expect(calls).toEqual([]);
    },
  );

  test("that nobody has is refused, as is none", async () => {
    expect(outcome(await keyed("fp_nobodys"))).toEqual([401, "access/unauthenticated"]);
    expect(outcome(await keyed(""))).toEqual([401, "access/unauthenticated"]);
  });

  test("of an administrator may act as the forum", async () => {
    const answer = await keyed("fp_admin-key", { payload: { ...body, as: "forum:example-parents" } });
    expect(answer.statusCode).toBe(201);
    expect(wishes).toEqual(["forum:example-parents"]);
    expect(outcome(await keyed("fp_admin-key", { payload: { ...body, as: "forum:students" } }))).toEqual([
      403,
      "access/forbidden",
    ]);
  });
});
