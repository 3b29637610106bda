import { createHmac, randomBytes, randomUUID } from "node:crypto";
import { createServer, type Server } from "node:http";
import { type Config, readConfig } from "../../src/config.ts";
import { createManualClock, type ManualClock } from "../../src/db/index.ts";
import { createLogger } from "../../src/http/logger.ts";
import { type Instance, startInstance } from "../../src/main.ts";
import { isOpen, parseHours, ukHolidays } from "../../src/pools/index.ts";
import { createTestDatabase, type TestDatabase } from "./database.ts";
import { exampleRegister } from "./example-register.ts";

export const adminKey = "an-administrators-key-for-tests-only-0123456789";

/** What a callback was, once its signature was found to hold. */
export interface Callback {
  forum: string;
  id: string;
  type: string;
  data: Record<string, unknown> & { reference: string; sequence: number };
}

// biome-ignore-start lint/suspicious/noExplicitAny: answers are looked into by the tests that ask for them
export interface Answer {
  status: number;
  headers: Headers;
  body: any;
}
// biome-ignore-end lint/suspicious/noExplicitAny: until here

/** How the forum's server answers the next callbacks. */
/** `after`: only when that has happened. */
export type Mood = { status: number; body?: unknown; after?: Promise<unknown> } | "reset";

/**
 * A whole instance over HTTP with a clock moved by hand, a forum's server that verifies every callback, and short words
 * for what people do. Nothing happens by itself: `settle` delivers, `pass` moves the clock and fires what is due.
 */
export interface World {
  db: TestDatabase;
  /** The instance's, as 64 hex digits. */
  encryptionKey: string;
  clock: ManualClock;
  instance: Instance;
  config: Config;
  callbacks: Callback[];
  /** Every genuine request that reached a forum's server, answered or not, in the order of arrival. */
  arrived: Callback[];
  /** Log lines so far. */
  log: string[];
  setMood(mood: Mood | null): void;
  call(
    method: string,
    path: string,
    key: string | null,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<Answer>;
  /** A verb by an advisor, person, forum or operator, such as `advisor:amal.h`. */
  as(who: string, reference: string, verb: string, body?: unknown): Promise<Answer>;
  keyFor(scope: string): Promise<string>;
  signed(forum: string, path: string, body: unknown, id?: string): Promise<Answer>;
  refer(forum: string, body?: Record<string, unknown>, id?: string): Promise<Answer>;
  event(forum: string, body: Record<string, unknown>): Promise<Answer>;
  show(reference: string): Promise<Answer["body"]>;
  settle(): Promise<void>;
  pass(ms: number): Promise<void>;
  /** Moves the clock forward to the morning of the next Monday that is no holiday; a clock never goes back. */
  nextMonday(): Promise<void>;
  apply(document: unknown): Promise<Answer>;
  close(): Promise<void>;
}

const officeHours = parseHours({
  timezone: "Europe/London",
  division: "england-and-wales",
  weekly: { "mon-fri": "09:00-17:00" },
});

/** Monday in service hours, far from a bank holiday and a clock change. */
export const monday = new Date("2026-06-15T09:00:00Z");
export const minuteMs = 60_000;
export const hourMs = 60 * minuteMs;
export const dayMs = 24 * hourMs;

function sign(secret: string, id: string, timestamp: number, body: string): string {
  const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
  return `v1,${createHmac("sha256", key).update(`${id}.${timestamp}.${body}`).digest("base64")}`;
}

export async function createWorld(
  options: {
    start?: Date;
    register?: object /** Variables beside those of every test. */;
    env?: Record<string, string>;
  } = {},
): Promise<World> {
  const db = await createTestDatabase();
  const clock = createManualClock(options.start ?? monday);
  const callbacks: Callback[] = [];
  const arrived: Callback[] = [];
  const secrets = new Map<string, string>();
  const keys = new Map<string, string>([["admin", adminKey]]);
  const log: string[] = [];
  let mood: Mood | null = null;

  const forums: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk) => chunks.push(chunk));
    request.on("end", async () => {
      const body = Buffer.concat(chunks).toString("utf8");
      const slug = (request.url ?? "").slice(1);
      const id = String(request.headers["webhook-id"]);
      const expected = sign(secrets.get(slug) ?? "", id, Number(request.headers["webhook-timestamp"]), body);
      if (!String(request.headers["webhook-signature"]).split(" ").includes(expected)) {
        response.writeHead(401).end();
        return;
      }
      const callback: Callback = { forum: slug, id, ...JSON.parse(body) };
      arrived.push(callback);
      if (mood === "reset") {
        request.socket.destroy();
        return;
      }
      const { status, body: answer, after }: Exclude<Mood, "reset"> = mood ?? { status: 200 };
      if (after) await after;
      if (status < 300 && !callbacks.some((known) => known.id === id)) callbacks.push(callback);
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(answer ?? {}));
    });
  });
  await new Promise<void>((resolve) => forums.listen(0, "127.0.0.1", resolve));
  const at = forums.address();
  const forumsUrl = `http://127.0.0.1:${typeof at === "object" && at ? at.port : 0}`;

  const encryptionKey = randomBytes(32).toString("hex");
  const config = readConfig({
    DATABASE_URL: db.url,
    PORT: "0",
    LOG_LEVEL: "debug",
    NODE_ENV: "test",
    ADMIN_API_KEY: adminKey,
    ENCRYPTION_KEY: encryptionKey,
    EGRESS_ALLOW_PRIVATE: "1",
    ...options.env,
  });
  const logger = createLogger("debug", { write: (line: string) => void log.push(line) });
  const instance = await startInstance({ config, logger, clock, random: () => 0.5, background: false });

  const world: World = {
    db,
    encryptionKey,
    clock,
    instance,
    config,
    callbacks,
    arrived,
    log,
    setMood: (next) => {
      mood = next;
    },
    async call(method, path, key, body, headers = {}) {
      const response = await fetch(`${instance.address}${path}`, {
        method,
        headers: {
          ...(key === null ? {} : { authorization: `Bearer ${key}` }),
          ...(body === undefined ? {} : { "content-type": "application/json" }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
      });
      const text = await response.text();
      const json = /json/.test(response.headers.get("content-type") ?? "");
      return {
        status: response.status,
        headers: response.headers,
        body: json && text !== "" ? JSON.parse(text) : text,
      };
    },
    async keyFor(scope) {
      const known = keys.get(scope);
      if (known) return known;
      const made = await world.call("POST", "/v1/keys", adminKey, { name: scope, scopes: [scope] });
      if (made.status !== 201) throw new Error(`No key for ${scope}: ${JSON.stringify(made.body)}`);
      keys.set(scope, made.body.key);
      if (scope.startsWith("advisor:"))
        await world.call("POST", "/v1/guidance/acknowledgements", made.body.key, {});
      return made.body.key;
    },
    async as(who, reference, verb, body = {}) {
      return world.call("POST", `/v1/referrals/${reference}/${verb}`, await world.keyFor(who), body);
    },
    async signed(forum, path, body, id = `evt_${randomUUID()}`) {
      const text = typeof body === "string" ? body : JSON.stringify(body);
      const timestamp = Math.floor(clock.now().getTime() / 1000);
      return world.call("POST", `/v1/forums/${forum}/${path}`, null, text, {
        "webhook-id": id,
        "webhook-timestamp": String(timestamp),
        "webhook-signature": sign(secrets.get(forum) ?? "", id, timestamp, text),
      });
    },
    refer: (forum, body = {}, id) =>
      world.signed(
        forum,
        "referrals",
        {
          excerpt: "My Universal Credit advance payment has not come and my work coach does not answer.",
          url: "https://parents.example/thread/1#post-2",
          moderator: "mod-1",
          member: "member-1",
          consent: "member-agreed",
          topic: "universal-credit",
          nation: "england",
          ...body,
        },
        id,
      ),
    event: (forum, body) => world.signed(forum, "events", body),
    async show(reference) {
      const { body } = await world.call("GET", `/v1/referrals/${reference}`, adminKey);
      return body;
    },
    async settle() {
      for (let round = 0; round < 50; round += 1) if ((await instance.worker.tick()) === 0) return;
      throw new Error("Deliveries do not settle.");
    },
    async pass(ms) {
      clock.advance(ms);
      await instance.turnClock();
      await world.settle();
    },
    async nextMonday() {
      const days = Math.floor((clock.now().getTime() - monday.getTime()) / (7 * dayMs)) + 1;
      clock.set(new Date(monday.getTime() + days * 7 * dayMs));
      while (!isOpen(clock.now(), officeHours, ukHolidays)) clock.advance(7 * dayMs);
      await instance.turnClock();
      await world.settle();
    },
    apply: (document) => world.call("PUT", "/v1/register", adminKey, document),
    async close() {
      await instance.stop();
      await new Promise((resolve) => forums.close(resolve));
      await db.drop();
    },
  };

  const applied = await world.apply(options.register ?? exampleRegister(forumsUrl));
  if (applied.status !== 200) throw new Error(`The register was refused: ${JSON.stringify(applied.body)}`);
  for (const forum of ["parents", "quiet", "young"]) {
    const issued = await world.call("POST", `/v1/forums/${forum}/secrets`, adminKey, {});
    secrets.set(forum, issued.body.secret);
  }
  return world;
}
