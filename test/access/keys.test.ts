import { createHash } from "node:crypto";
import type { FastifyInstance } from "fastify";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { authenticateKey } from "../../src/access/index.ts";
import { accessRoutes } from "../../src/access/routes.ts";
import { buildApp } from "../../src/app.ts";
import { createManualClock } from "../../src/db/index.ts";
import { appDeps } from "../http/support.ts";
import { createTestDatabase, type TestDatabase } from "../support/database.ts";
import { depsOver, smallRegister } from "./support.ts";

const adminApiKey = "an-administrators-key-of-some-length";
const clock = createManualClock(new Date("2026-12-01T09:00:00Z"));
let register = smallRegister();
let database: TestDatabase;
let app: FastifyInstance;

beforeAll(async () => {
  database = await createTestDatabase();
  await database.prisma.advisor.create({ data: { id: "amal.h", position: 1, document: {} } });
  const deps = { ...depsOver(database, { register, now: clock.now }), register: async () => register };
  const authenticate = (bearer: string) => authenticateKey({ ...deps, adminApiKey }, bearer);
  app = await buildApp({ ...appDeps(deps), authenticate, routes: [accessRoutes] });
});
afterAll(async () => {
  await app.close();
  await database.drop();
});
beforeEach(() => {
  register = smallRegister();
  clock.set(new Date("2026-12-01T09:00:00Z"));
});

interface Call {
  method?: "GET" | "POST" | "DELETE";
  url: string;
  body?: object;
  bearer?: string;
  idempotencyKey?: string;
}

const call = ({ method = "GET", url, body, bearer = adminApiKey, idempotencyKey }: Call) =>
  app.inject({
    method,
    url,
    headers: {
      authorization: `Bearer ${bearer}`,
      ...(idempotencyKey === undefined ? {} : { "idempotency-key": idempotencyKey }),
    },
    ...(body === undefined ? {} : { payload: body }),
  });

const make = (body: object, idempotencyKey?: string) =>
  call({
    method: "POST",
    url: "/v1/keys",
    body,
    ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
  });

const advisorKey = async () => (await make({ name: "Amal", scopes: ["advisor:amal.h"] })).json();
const statusWith = async (bearer: string) => (await call({ url: "/v1/guidance", bearer })).statusCode;

describe("keys", () => {
  test("a key is shown once, begins with fp_, and is kept only as its SHA-256", async () => {
    const response = await make({
      name: "Forum",
      scopes: ["forum:example-parents"],
      expiresAt: "2027-01-01T00:00:00+01:00",
    });
    expect(response.statusCode).toBe(201);
    expect(response.headers["cache-control"]).toBe("no-store");
    const made = response.json();
    expect(made).toEqual({
      id: expect.any(String),
      name: "Forum",
      scopes: ["forum:example-parents"],
      key: expect.stringMatching(/^fp_[A-Za-z0-9_-]{43}$/),
      expiresAt: "2026-12-31T23:00:00.000Z",
    });
    const row = await database.prisma.apiKey.findUniqueOrThrow({ where: { id: made.id } });
    expect(Buffer.from(row.hash)).toEqual(createHash("sha256").update(made.key).digest());
    expect(JSON.stringify((await call({ url: "/v1/keys" })).json())).not.toContain(made.key);
  });

  test("a key works until the moment it ends", async () => {
    const made = (
      await make({ name: "Short", scopes: ["advisor:amal.h"], expiresAt: "2026-12-01T10:00:00Z" })
    ).json();
    clock.set(new Date("2026-12-01T09:59:59.999Z"));
    expect(await statusWith(made.key)).toBe(200);
    clock.set(new Date("2026-12-01T10:00:00Z"));
    expect(await statusWith(made.key)).toBe(401);
  });

  test("an end that is past is refused", async () => {
    const response = await make({ name: "Late", scopes: ["admin"], expiresAt: "2026-12-01T09:00:00Z" });
    expect(response.json()).toMatchObject({ code: "request/invalid", errors: [{ pointer: "/expiresAt" }] });
  });

  test("a key whose advisor has left the register is dead, and lives when they are back", async () => {
    const { key } = await advisorKey();
    expect(await statusWith(key)).toBe(200);
    register.advisors.clear();
    expect(await statusWith(key)).toBe(401);
    register = smallRegister();
    expect(await statusWith(key)).toBe(200);
  });

  test("a revoked key is dead at once, and revoking tells what was done with it", async () => {
    const { id, key } = await advisorKey();
    const at = new Date("2026-12-01T09:30:00Z");
    const event = { type: "referral.claimed", at, actorRole: "advisor", actorId: "amal.h" };
    await database.prisma.event.createMany({ data: [event, event, { ...event, actorId: "somebody" }] });
    clock.set(new Date("2026-12-01T11:00:00Z"));
    const revoked = await call({ method: "DELETE", url: `/v1/keys/${id}` });
    expect(revoked.json()).toEqual({
      id,
      name: "Amal",
      scopes: ["advisor:amal.h"],
      revokedAt: "2026-12-01T11:00:00.000Z",
      usedFor: { events: 2, lastAt: at.toISOString(), counted: "owner" },
    });
    expect(await statusWith(key)).toBe(401);
    clock.set(new Date("2026-12-01T12:00:00Z"));
    expect((await call({ method: "DELETE", url: `/v1/keys/${id}` })).json()).toEqual(revoked.json());
  });

  test("an administrator's key is known in the audit by its id, whoever it acted for", async () => {
    const made = (await make({ name: "Second admin", scopes: ["admin", "manager"] })).json();
    const acknowledged = await call({
      method: "POST",
      url: "/v1/guidance/acknowledgements",
      body: { as: "advisor:amal.h" },
      bearer: made.key,
    });
    expect(acknowledged.json()).toMatchObject({ advisor: "amal.h" });
    const other = await call({
      method: "POST",
      url: "/v1/keys",
      body: { name: "x", scopes: ["admin"] },
      bearer: made.key,
    });
    expect(other.statusCode).toBe(201);
    const revoked = await call({ method: "DELETE", url: `/v1/keys/${made.id}` });
    expect(revoked.json().usedFor).toMatchObject({ events: 2, counted: "key" });
  });

  test("an unknown id, or what is no id, is not found", async () => {
    for (const id of ["0192f0c1-7c1e-7a63-9b1e-3f0d8a1c2b4d", "x", "%00"]) {
      const response = await call({ method: "DELETE", url: `/v1/keys/${id}` });
      expect([id, response.json().code]).toEqual([id, "access/key-not-found"]);
    }
  });

  test.each([
    ["nothing", {}],
    ["no scope", { name: "x", scopes: [] }],
    ["an unknown key", { name: "x", scopes: ["admin"], admin: true }],
    ["a time without zone", { name: "x", scopes: ["admin"], expiresAt: "2027-01-01T00:00:00" }],
  ])("a body with %s is 422", async (_what, body) => {
    expect((await make(body)).statusCode).toBe(422);
  });

  test("a scope that names nobody is 422 access/scope-unknown", async () => {
    const response = await make({ name: "x", scopes: ["advisor:nobody"] });
    expect(response.statusCode).toBe(422);
    expect(response.json().code).toBe("access/scope-unknown");
  });

  test("making and revoking stand in the audit, without the key", async () => {
    const { id, key } = await advisorKey();
    await call({ method: "DELETE", url: `/v1/keys/${id}` });
    const events = await database.prisma.event.findMany({
      where: { type: { startsWith: "key." }, data: { path: ["key"], equals: id } },
      orderBy: { id: "asc" },
    });
    expect(events.map(({ type, actorRole, actorId }) => [type, actorRole, actorId])).toEqual([
      ["key.created", "administrator", "environment"],
      ["key.revoked", "administrator", "environment"],
    ]);
    expect(JSON.stringify(events.map(({ data }) => data))).not.toContain(key);
  });
});

describe("Idempotency-Key", () => {
  const body = { name: "Once", scopes: ["admin"] };
  const count = () => database.prisma.apiKey.count({ where: { name: "Once" } });

  test("a repeat gives the first answer without the key, and makes nothing", async () => {
    const first = await make(body, "make-1");
    const again = await make(body, "make-1");
    expect(again.statusCode).toBe(201);
    expect(again.json()).toEqual({ ...first.json(), key: null });
    expect(await count()).toBe(1);
  });

  test("another body under the same id is 409", async () => {
    const response = await make({ ...body, name: "Other" }, "make-1");
    expect(response.statusCode).toBe(409);
    expect(response.json().code).toBe("request/idempotency-key-reused");
  });

  test("ten at once make one key and tell it once", async () => {
    const before = await count();
    const answers = await Promise.all(Array.from({ length: 10 }, () => make(body, "make-2")));
    expect(answers.map(({ statusCode }) => statusCode)).toEqual(Array(10).fill(201));
    expect(new Set(answers.map((answer) => answer.json().id)).size).toBe(1);
    expect(answers.filter((answer) => answer.json().key !== null)).toHaveLength(1);
    expect(await count()).toBe(before + 1);
  });

  test("what was refused leaves the id free", async () => {
    const later = { name: "Later", scopes: ["advisor:new.one"] };
    expect((await make(later, "make-3")).statusCode).toBe(422);
    const amal = register.advisors.get("amal.h");
    if (amal) register.advisors.set("new.one", amal);
    expect((await make(later, "make-3")).statusCode).toBe(201);
  });

  test("callers do not meet each other's ids, nor does another address", async () => {
    const second = (await make({ name: "Second", scopes: ["admin"] })).json();
    const answers = await Promise.all([
      make({ name: "Mine", scopes: ["admin"] }, "shared"),
      call({
        method: "POST",
        url: "/v1/keys",
        body: { name: "Theirs", scopes: ["admin"] },
        bearer: second.key,
        idempotencyKey: "shared",
      }),
    ]);
    expect(answers.map((answer) => answer.json().name)).toEqual(["Mine", "Theirs"]);
  });

  test("what is kept is sealed", async () => {
    await make({ name: "Sealed name", scopes: ["admin"] }, "make-4");
    const rows = await database.prisma.idempotency.findMany();
    expect(rows.length).toBeGreaterThan(0);
    const kept = rows
      .map((row) => `${row.key} ${Buffer.from(row.response ?? []).toString("latin1")}`)
      .join("\n");
    expect(kept).not.toMatch(/Sealed name|make-4/);
  });

  test("an id that is empty or too long is 422", async () => {
    for (const id of ["", "x".repeat(201), "with space"]) {
      expect((await make(body, id)).json().errors).toMatchObject([{ pointer: "/headers/idempotency-key" }]);
    }
  });
});
