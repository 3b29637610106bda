import { Webhook } from "standardwebhooks";
import { z } from "zod";
import type { ManualClock } from "../db/index.ts";
import type { Instance } from "../main.ts";
import { type Answer, bodyOf } from "./answers.ts";
import type { ForumServer } from "./forum-server.ts";
import type { Sample } from "./sample.ts";

/** A call to the instance: everything the demo does goes through its address, as anybody's program would. */
export interface Call {
  method?: "GET" | "POST" | "PUT";
  path: string;
  key?: string;
  body?: unknown;
  headers?: Record<string, string>;
}

export interface Signing {
  /** The id of the event; a repeat has the same. */
  id?: string;
  /** Whose secret signs; the forum's own where nothing is said. */
  secretOf?: string;
}

/** What the acts have in their hands: people with keys, forums with secrets, and the clock. */
export interface Stage {
  address: string;
  adminKey: string;
  sample: Sample;
  forums: ForumServer;
  now(): Date;
  call(call: Call): Promise<Answer>;
  /** Makes a signing secret for a forum, which its server learns too. */
  issueSecret(forum: string): Promise<Answer>;
  /** A key of its own for a scope such as `advisor:amal.h`, made at first use. */
  keyOf(scope: string): Promise<string>;
  /** A verb by whoever holds a scope. What it causes is delivered before this answers. */
  verb(scope: string, reference: string, verb: string, body?: unknown): Promise<Answer>;
  /** A signed request of a forum. What it causes is delivered before this answers. */
  signed(forum: string, to: "referrals" | "events", body: unknown, signing?: Signing): Promise<Answer>;
  /** What only the key of a forum that has no server sends. */
  keyed(forum: string, to: "referrals" | "events", body: unknown): Promise<Answer>;
  /** Delivers whatever can be delivered now. */
  settle(): Promise<void>;
  /** Moves the clock to a time, doing on the way what falls due. Does nothing when it is later already. */
  passTo(time: Date): Promise<void>;
  /** The first name of an advisor or another person. */
  nameOf(id: string): string;
}

export interface StageParts {
  instance: Instance;
  clock: ManualClock;
  forums: ForumServer;
  sample: Sample;
  adminKey: string;
  fetch: typeof fetch;
}

const minuteMs = 60_000;
/** While something waits to be sent again the clock goes minute by minute, so that each attempt has its own time. */
const hopsMs = { quiet: 60 * minuteMs, waiting: minuteMs };
const mostRounds = 50;

const Secret = z.object({ secret: z.string() });
const Key = z.object({ key: z.string() });
const Waiting = z.object({ items: z.array(z.unknown()) });

/** Puts up the stage over a running instance whose clock nobody else moves. */
export function createStage(parts: StageParts): Stage {
  const { instance, clock, forums, sample, adminKey } = parts;
  const { address } = instance;
  const secrets = new Map<string, string>();
  const keys = new Map<string, string>();
  let events = 0;
  const nextId = () => `demo-event-${String(++events).padStart(3, "0")}`;
  const people = new Map([...sample.advisors, ...sample.people].map(({ id, name }) => [id, name]));

  async function call({ method = "GET", path, key, body, headers = {} }: Call): Promise<Answer> {
    const response = await parts.fetch(`${address}${path}`, {
      method,
      headers: {
        ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = /json/.test(response.headers.get("content-type") ?? "") && text !== "";
    return { status: response.status, body: isJson ? JSON.parse(text) : text };
  }

  async function settle(): Promise<void> {
    for (let round = 0; round < mostRounds; round += 1) if ((await instance.worker.tick()) === 0) return;
    throw new Error("What leaves the instance does not come to rest.");
  }

  async function settled(answer: Promise<Answer>): Promise<Answer> {
    const given = await answer;
    await settle();
    return given;
  }

  async function keyOf(scope: string): Promise<string> {
    const known = keys.get(scope);
    if (known !== undefined) return known;
    const body = { name: `Demo, ${scope}`, scopes: [scope] };
    const made = await call({ method: "POST", path: "/v1/keys", key: adminKey, body });
    const { key } = bodyOf(made, 201, Key);
    keys.set(scope, key);
    return key;
  }

  async function issueSecret(forum: string): Promise<Answer> {
    const path = `/v1/forums/${forum}/secrets`;
    const answer = await call({ method: "POST", path, key: adminKey, body: {} });
    const { secret } = bodyOf(answer, 201, Secret);
    secrets.set(forum, secret);
    forums.learnSecret(forum, secret);
    return answer;
  }

  async function sign(forum: string, body: string, signing: Signing): Promise<Record<string, string>> {
    const { id = nextId(), secretOf = forum } = signing;
    const time = clock.now();
    return {
      "webhook-id": id,
      "webhook-timestamp": String(Math.floor(time.getTime() / 1000)),
      "webhook-signature": new Webhook(secrets.get(secretOf) ?? "").sign(id, time, body),
    };
  }

  async function hasWaiting(): Promise<boolean> {
    const answer = await call({ path: "/v1/deliveries?state=waiting&limit=1", key: adminKey });
    return bodyOf(answer, 200, Waiting).items.length > 0;
  }

  return {
    address,
    adminKey,
    sample,
    forums,
    now: () => clock.now(),
    call,
    issueSecret,
    keyOf,
    settle,
    verb: async (scope, reference, verb, body = {}) =>
      settled(
        call({
          method: "POST",
          path: `/v1/referrals/${reference}/${verb}`,
          key: await keyOf(scope),
          body,
        }),
      ),
    async signed(forum, to, body, signing = {}) {
      const text = JSON.stringify(body);
      const headers = await sign(forum, text, signing);
      return settled(call({ method: "POST", path: `/v1/forums/${forum}/${to}`, body: text, headers }));
    },
    async keyed(forum, to, body) {
      const headers = { "idempotency-key": nextId() };
      const key = await keyOf(`forum:${forum}`);
      return settled(call({ method: "POST", path: `/v1/forums/${forum}/${to}`, key, body, headers }));
    },
    async passTo(time) {
      while (clock.now() < time) {
        const hopMs = (await hasWaiting()) ? hopsMs.waiting : hopsMs.quiet;
        clock.set(new Date(Math.min(time.getTime(), clock.now().getTime() + hopMs)));
        await instance.turnClock();
        await settle();
      }
    },
    nameOf: (id) => (people.get(id) ?? id).split(" ")[0] ?? id,
  };
}
