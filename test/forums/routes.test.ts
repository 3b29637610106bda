import type { FastifyInstance } from "fastify";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { forumRoutes } from "../../src/forums/routes.ts";
import { registerRoutes } from "../../src/register/routes.ts";
import { testApp } from "../http/support.ts";
import { applyDepsOver, small } from "../register/support.ts";
import { createTestDatabase, type TestDatabase } from "../support/database.ts";

let db: TestDatabase;
let app: FastifyInstance;
beforeAll(async () => {
  db = await createTestDatabase();
  app = await testApp({ ...applyDepsOver(db), routes: [registerRoutes, forumRoutes] });
});
afterAll(async () => {
  await app.close();
  await db.drop();
});

function call(
  method: "GET" | "PUT" | "POST",
  url: string,
  payload?: object | string,
  headers: Record<string, string> = {},
) {
  return app.inject({
    method,
    url,
    headers: { authorization: "Bearer admin", ...headers },
    ...(payload === undefined ? {} : { payload }),
  });
}

describe("the register", () => {
  test("is put as JSON, dry first, and read back as what changes nothing", async () => {
    const dry = await call("PUT", "/v1/register?dryRun=true", small);
    expect([dry.statusCode, dry.json().applied, dry.json().version]).toEqual([200, false, 0]);
    const put = await call("PUT", "/v1/register", small);
    expect(put.json()).toMatchObject({ applied: true, version: 1 });
    const got = await call("GET", "/v1/register");
    expect(got.headers.etag).toBe('"1"');
    expect((await call("PUT", "/v1/register", got.json())).json()).toMatchObject({
      applied: false,
      version: 1,
      changes: [],
    });
  });

  test("is put and read as YAML", async () => {
    const yaml = { "content-type": "application/yaml" };
    const got = await call("GET", "/v1/register", undefined, { accept: "application/yaml" });
    expect(got.headers["content-type"]).toContain("application/yaml");
    expect((await call("PUT", "/v1/register", got.body, yaml)).json()).toMatchObject({
      applied: false,
      changes: [],
    });
    const twice = await call("PUT", "/v1/register", "prune: false\nprune: true", yaml);
    expect(twice.json()).toMatchObject({
      status: 422,
      code: "register/invalid",
      errors: [{ detail: expect.stringContaining("Line 2") }],
    });
  });

  test("says every mistake with its place", async () => {
    const answer = await call("PUT", "/v1/register", { pols: [], settings: { nudge: "P1W" } });
    expect(answer.statusCode).toBe(422);
    expect(answer.json()).toMatchObject({ code: "register/invalid" });
    expect(
      answer
        .json()
        .errors.map(({ pointer }: { pointer: string }) => pointer)
        .sort(),
    ).toEqual(["/pols", "/settings/nudge"]);
    expect((await call("PUT", "/v1/register?dry=1", small)).statusCode).toBe(422);
  });

  test("takes a document of some megabytes, which no other call does", async () => {
    const topics = Array.from({ length: 4000 }, (_, i) => ({
      code: `t${i}`,
      title: "T",
      examples: ["x".repeat(500)],
    }));
    const put = await call("PUT", "/v1/register?dryRun=true", { topics });
    expect([put.statusCode, put.json().changes?.length]).toEqual([200, 4000]);
  });

  test.each(["manager", "advisor", "operator", "forum"])(
    "is nothing for a key of kind %s",
    async (bearer) => {
      for (const method of ["GET", "PUT"] as const) {
        const answer = await call(method, "/v1/register", method === "PUT" ? small : undefined, {
          authorization: `Bearer ${bearer}`,
        });
        expect(answer.statusCode).toBe(403);
      }
    },
  );
});

describe("secrets and links", () => {
  test("a secret is shown once: a repeat of the call is answered without it", async () => {
    const headers = { "idempotency-key": "k1" };
    const first = await call("POST", "/v1/forums/parents/secrets", { revokeOld: true }, headers);
    expect(first.statusCode).toBe(201);
    expect(first.json()).toEqual({ secret: expect.stringMatching(/^whsec_/), previousValidUntil: null });
    const again = await call("POST", "/v1/forums/parents/secrets", { revokeOld: true }, headers);
    expect(again.json()).toEqual({ secret: null, previousValidUntil: null });
    expect(await db.prisma.forumSecret.count()).toBe(1);
    expect((await call("POST", "/v1/forums/parents/secrets", {}, headers)).statusCode).toBe(409);
  });

  test("needs no body; unknown keys, unknown forums and other forums' operators are refused", async () => {
    expect((await call("POST", "/v1/forums/parents/secrets")).statusCode).toBe(201);
    expect((await call("POST", "/v1/forums/parents/secrets", { revoke: true })).statusCode).toBe(422);
    expect((await call("POST", "/v1/forums/nowhere/secrets")).json()).toMatchObject({
      status: 404,
      code: "forum/not-found",
    });
    const operator = { authorization: "Bearer operator" };
    expect((await call("POST", "/v1/forums/parents/secrets", undefined, operator)).statusCode).toBe(403);
    expect((await call("POST", "/v1/forums/parents/links", undefined, operator)).statusCode).toBe(403);
  });

  test("a link is a code and its end", async () => {
    const made = await call("POST", "/v1/forums/parents/links");
    expect(made.statusCode).toBe(201);
    expect(made.json()).toEqual({
      code: expect.stringMatching(/^.{4}-.{4}-.{4}$/),
      expiresAt: "2026-11-24T12:00:00.000Z",
    });
  });
});
