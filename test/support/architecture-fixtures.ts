/** Trees of a few files. Each of `violations` breaks the rule it is filed under, and no other; `clean` breaks none. */
export type Tree = Record<string, string>;

export const clean: Tree = {
  "src/contract/vocabulary.ts": `import { z } from "zod"; export const Word = z.string();`,
  "src/contract/adapter.ts": `import type { FastifyInstance } from "fastify"; export type Inbound = (app: FastifyInstance) => void;`,
  "src/db/index.ts": `import { Client } from "pg"; import { PrismaClient } from "./generated/client.ts"; export const db = [Client, PrismaClient];`,
  "src/db/generated/client.ts": `export class PrismaClient {}`,
  "src/pools/zone.ts": `import { z } from "zod"; import { Temporal } from "temporal-polyfill"; export const zone = [z, Temporal];`,
  "src/pools/hours.ts": `import { zone } from "./zone.ts"; import { Word } from "../contract/vocabulary.ts"; export const hours = [zone, Word];`,
  "src/access/store.ts": `import { db } from "../db/index.ts"; import type { PrismaClient } from "../db/generated/client.ts"; export const store = db; export type P = PrismaClient;`,
  "src/access/open-door.ts": `import { store } from "./store.ts"; import { hours } from "../pools/hours.ts"; export const openDoor = [store, hours];`,
  "src/access/index.ts": `export { openDoor } from "./open-door.ts";`,
  "src/stats/count-pools.ts": `import { openDoor } from "../access/index.ts"; import { hours } from "../pools/hours.ts"; export const countPools = [openDoor, hours];`,
  "src/stats/routes.ts": `import fastify from "fastify"; import { auth } from "../http/auth.ts"; import { countPools } from "./count-pools.ts"; export const routes = [fastify, auth, countPools];`,
  "src/http/auth.ts": `import { fastify } from "fastify"; import type { Config } from "../config.ts"; export const auth = fastify; export type C = Config;`,
  "src/config.ts": `import { z } from "zod"; export type Config = typeof z;`,
  "src/app.ts": `import { fastify } from "fastify"; import { routes } from "./stats/routes.ts"; export const app = [fastify, routes];`,
  "src/main.ts": `import { app } from "./app.ts"; import { adapters } from "../adapters/index.ts"; export const main = [app, adapters];`,
  "src/demo/index.ts": `import { main } from "../main.ts"; export const demo = main;`,
  "adapters/index.ts": `import type { Webhook } from "./webhook/index.ts"; export const adapters = { webhook: (): Promise<Webhook> => import("./webhook/index.ts") };`,
  "adapters/webhook/index.ts": `import { createHmac } from "node:crypto"; import type { FastifyInstance } from "fastify"; import { Webhook as W } from "standardwebhooks"; import { z } from "zod"; import { Word } from "../../src/contract/vocabulary.ts"; export const parts = [createHmac, W, z, Word]; export type Webhook = FastifyInstance;`,
};

const nothing = "export const nothing = 0;";

export const violations: Record<string, Tree[]> = {
  "models-are-pure": [
    { "src/pools/hours.ts": `import { readFileSync } from "node:fs"; export const hours = readFileSync;` },
    {
      "src/pools/hours.ts": `import { store } from "./store.ts"; export const hours = store;`,
      "src/pools/store.ts": nothing,
    },
    {
      "src/pools/hours.ts": `import type { A } from "../contract/adapter.ts"; export type H = A;`,
      "src/contract/adapter.ts": "export type A = 1;",
    },
    { "src/pools/hours.ts": `import pino from "pino"; export const hours = pino;` },
  ],
  "database-stays-in-stores": [
    { "src/pools/open-pool.ts": `import { Client } from "pg"; export const openPool = Client;` },
    { "src/pools/open-pool.ts": `import type { Prisma } from "@prisma/client"; export type P = Prisma;` },
    {
      "src/pools/open-pool.ts": `import type { P } from "../db/generated/client.ts"; export type Q = P;`,
      "src/db/generated/client.ts": "export type P = 1;",
    },
  ],
  "fastify-stays-at-the-edge": [
    { "src/pools/open-pool.ts": `import { fastify } from "fastify"; export const openPool = fastify;` },
    { "src/cli.ts": `import cookie from "@fastify/cookie"; export const cli = cookie;` },
  ],
  "contract-imports-only-zod": [
    {
      "src/contract/adapter.ts": `import { Client } from "../config.ts"; export const c = Client;`,
      "src/config.ts": nothing,
    },
    { "src/contract/adapter.ts": `import { createHmac } from "node:crypto"; export const c = createHmac;` },
  ],
  "adapters-know-only-the-contract": [
    {
      "adapters/webhook/index.ts": `import { desk } from "../desk/index.ts"; export const w = desk;`,
      "adapters/desk/index.ts": nothing,
    },
    {
      "adapters/desk/index.ts": `import { webhook } from "../webhook/index.ts"; export const d = webhook;`,
      "adapters/webhook/index.ts": nothing,
    },
    {
      "adapters/desk/index.ts": `import { pools } from "../../src/pools/index.ts"; export const d = pools;`,
      "src/pools/index.ts": nothing,
    },
    { "adapters/webhook/index.ts": `import { request } from "node:https"; export const w = request;` },
    {
      "adapters/webhook/index.ts": `import { WebClient } from "@slack/web-api"; export const w = WebClient;`,
    },
    { "adapters/webhook/index.ts": `import { fastify } from "fastify"; export const w = fastify;` },
    {
      "adapters/webhook/inbound.ts": `import { readFile } from "node:fs/promises"; export const w = readFile;`,
    },
    {
      "adapters/webhook/inbound.ts": `import { fork } from "node:child_process"; export const w = fork;`,
    },
  ],
  "only-the-entrance-knows-adapters": [
    {
      "src/delivery/work.ts": `import { adapters } from "../../adapters/index.ts"; export const w = adapters;`,
      "adapters/index.ts": nothing,
    },
    {
      "src/main.ts": `import { w } from "../adapters/webhook/index.ts"; export const m = w;`,
      "adapters/webhook/index.ts": nothing,
    },
  ],
  "adapters-load-on-demand": [
    {
      "adapters/index.ts": `import { w } from "./webhook/index.ts"; export const a = w;`,
      "adapters/webhook/index.ts": nothing,
    },
  ],
  "no-cycles": [
    {
      "src/pools/a.ts": `import { b } from "./b.ts"; export const a = b;`,
      "src/pools/b.ts": `import { a } from "./a.ts"; export const b = a;`,
    },
    {
      "src/pools/a.ts": `import type { B } from "./b.ts"; export type A = B;`,
      "src/pools/b.ts": `import type { A } from "./a.ts"; export type B = A | 1;`,
    },
  ],
  "rooms-open-by-their-front-door": [
    {
      "src/stats/count.ts": `import { openPool } from "../pools/open-pool.ts"; export const count = openPool;`,
      "src/pools/open-pool.ts": nothing,
    },
    {
      "src/stats/count.ts": `import { store } from "../pools/store.ts"; export const count = store;`,
      "src/pools/store.ts": nothing,
    },
    {
      "src/stats/store.ts": `import { client } from "../db/client.ts"; export const store = client;`,
      "src/db/client.ts": nothing,
    },
    {
      "src/http/auth.ts": `import type { Key } from "../access/check-key.ts"; export type K = Key;`,
      "src/access/check-key.ts": "export type Key = 1;",
    },
  ],
  "http-stays-at-the-edge": [
    {
      "src/pools/open-pool.ts": `import { problem } from "../http/problems.ts"; export const openPool = problem;`,
      "src/http/problems.ts": nothing,
    },
  ],
  "routes-call-use-cases": [
    {
      "src/pools/routes.ts": `import { store } from "./store.ts"; export const routes = store;`,
      "src/pools/store.ts": nothing,
    },
    {
      "src/pools/routes.ts": `import { db } from "../db/index.ts"; export const routes = db;`,
      "src/db/index.ts": nothing,
    },
  ],
  "rooms-do-not-know-the-entrance": [
    {
      "src/pools/open-pool.ts": `import { app } from "../app.ts"; export const openPool = app;`,
      "src/app.ts": nothing,
    },
    {
      "src/demo/index.ts": `import { cli } from "../cli.ts"; export const demo = cli;`,
      "src/cli.ts": nothing,
    },
  ],
  "the-product-knows-no-tests": [
    {
      "src/pools/open-pool.ts": `import { clock } from "../../test/support/clock.ts"; export const openPool = clock;`,
      "test/support/clock.ts": nothing,
    },
  ],
};

export const textViolations: Record<string, Tree[]> = {
  "files-stay-short": [{ "src/pools/long.ts": "// a line\n".repeat(301) }],
  "environment-only-at-the-door": [
    { "src/pools/a.ts": "export const port = process.env.PORT;" },
    { "adapters/desk/a.ts": `export const port = process["env"].PORT;` },
    { "src/config.ts": "export const { env } = process;" },
    { "src/pools/a.ts": `import { env } from "node:process"; export const port = env.PORT;` },
  ],
  "statements-stay-in-stores": [
    { "src/pools/open-pool.ts": `import { Prisma } from "../db/index.ts"; export const p = Prisma;` },
  ],
  "time-is-a-parameter": [
    { "src/pools/a.ts": "export const now = () => Date.now();" },
    { "src/pools/a.ts": "export const now = () => new Date();" },
    { "adapters/desk/a.ts": "export const now = () => Date();" },
    { "src/pools/a.ts": "export const now = () => Temporal.Now.instant();" },
  ],
  "sql-takes-the-time": [
    {
      "src/pools/store.ts":
        "export const query = (id: string) => `UPDATE pool SET at = now() WHERE id = ${" + "id}`;",
    },
    { "src/pools/store.ts": "export const query = `SELECT CURRENT_TIMESTAMP`;" },
    { "src/pools/store.ts": `export const query = "SELECT clock_timestamp()";` },
    { "prisma/migrations/1/migration.sql": `CREATE TABLE "A" ("at" TIMESTAMP DEFAULT CURRENT_TIMESTAMP);` },
    { "prisma/schema.prisma": "model A { at DateTime @default(now()) }" },
  ],
  "plain-words": [
    { "src/pools/a.ts": "export const supportTicket = 1;" },
    { "docs/guide.md": "Our customers come first." },
    { "adapters/slack/README.md": "An agent answers." },
    { "src/pools/a.ts": "export const humanAgentId = 1;" },
    { "README.md": "Each queue item has an owner." },
  ],
  "nothing-is-skipped": [
    { "test/a.test.ts": `test.skip("it holds", () => {});` },
    { "test/a.test.ts": `describe.only("it", () => {});` },
    { "test/a.test.ts": `test.each([1]).todo("it holds");` },
    { "test/a.test.ts": `it.skipIf(process.platform === "linux")("it holds", () => {});` },
    { "test/a.test.ts": `test("it holds", (context) => context.skip());` },
  ],
  "nothing-of-ours-is-mocked": [
    { "test/a.test.ts": `vi.mock("../src/config.ts");` },
    { "test/a.test.ts": `vi.doMock(import("../src/config.ts"));` },
  ],
};
