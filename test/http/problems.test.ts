import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { DomainError, type ErrorCode, errorCodes } from "../../src/contract/errors.ts";
import { statusOf, toProblem } from "../../src/http/problems.ts";
import { testApp } from "./support.ts";

const codes = Object.keys(errorCodes) as ErrorCode[];

describe("problems", () => {
  test("codes, statuses and docs/errors.md say the same", () => {
    const page = readFileSync(new URL("../../docs/errors.md", import.meta.url), "utf8");
    const rows = [...page.matchAll(/^\| `([a-z-]+\/[a-z-]+)` \| (\d{3}) \| (.+?) \| (.+?) \|$/gm)];
    const documented = rows.map(([, code, status, meaning]) => [code, Number(status), meaning]);
    expect(documented).toEqual(codes.map((code) => [code, statusOf[code], errorCodes[code]]));
  });

  test("every status is one of a refusal", () => {
    expect(codes.filter((code) => statusOf[code] < 400 || statusOf[code] > 503)).toEqual([]);
  });

  test("a refusal is a problem of RFC 9457 with its code, its fields and no stack", () => {
    const error = new DomainError("referral/not-possible", { fields: { state: "closed", status: 200 } });
    expect(toProblem(error, "0b51cd2e-0000-4000-8000-000000000000")).toEqual({
      type: "urn:fingerpost:error:referral/not-possible",
      title: errorCodes["referral/not-possible"],
      status: 409,
      detail: errorCodes["referral/not-possible"],
      code: "referral/not-possible",
      instance: "urn:uuid:0b51cd2e-0000-4000-8000-000000000000",
      state: "closed",
    });
  });

  test("what nobody foresaw is a fault without a word of its own", () => {
    const problem = toProblem(new Error("password=hunter2"));
    expect(problem).toMatchObject({ status: 500, code: "service/fault" });
    expect(JSON.stringify(problem)).not.toContain("hunter2");
  });

  test("a database that does not answer is unavailable, however it is wrapped", () => {
    const refused = Object.assign(new Error("connect"), { code: "ECONNREFUSED" });
    expect(toProblem(refused)).toMatchObject({ status: 503, code: "service/unavailable" });
    expect(toProblem(new Error("outer", { cause: refused }))).toMatchObject({ status: 503 });
  });
});

describe("answers", () => {
  const throwing = (error: unknown) =>
    testApp({
      routes: [
        (api) =>
          api.get("/it", { config: { access: "public" } }, async () => {
            throw error;
          }),
      ],
    });

  test("a refusal is sent as application/problem+json with the request's id in body and header", async () => {
    const app = await throwing(new DomainError("pool/not-found"));
    const response = await app.inject("/it");
    expect(response.statusCode).toBe(404);
    expect(response.headers["content-type"]).toBe("application/problem+json; charset=utf-8");
    expect(response.json().instance).toBe(`urn:uuid:${response.headers["x-request-id"]}`);
  });

  test("a caller who must wait is told how long", async () => {
    const unavailable = await throwing(new DomainError("service/unavailable"));
    expect((await unavailable.inject("/it")).headers["retry-after"]).toBe("2");
    const limited = await throwing(
      new DomainError("request/rate-limited", { fields: { retryAfterSeconds: 17 } }),
    );
    const response = await limited.inject("/it");
    expect(response.statusCode).toBe(429);
    expect(response.headers["retry-after"]).toBe("17");
  });

  test("a fault is logged with route and request, without its message", async () => {
    const lines: unknown[] = [];
    const app = await testApp({
      logger: { debug: () => {}, info: () => {}, warn: () => {}, error: (...line) => lines.push(line) },
      routes: [
        (api) =>
          api.get("/v1/:id", { config: { access: "public" } }, async () => {
            throw new Error("secret");
          }),
      ],
    });
    const response = await app.inject("/v1/7");
    expect(response.statusCode).toBe(500);
    expect(lines).toEqual([
      [
        "a request met a fault",
        {
          requestId: response.headers["x-request-id"],
          method: "GET",
          route: "/v1/:id",
          code: "service/fault",
        },
        expect.any(Error),
      ],
    ]);
  });

  test("an unknown address is 404, a known one with another method 405 with Allow", async () => {
    const app = await testApp({
      routes: [
        (api) => {
          api.post("/v1/a/:b/c", { config: { access: "public" } }, async () => ({}));
          api.delete("/v1/a/:b/c", { config: { access: "public" } }, async () => ({}));
        },
      ],
    });
    expect((await app.inject("/v1/nothing")).json()).toMatchObject({
      status: 404,
      code: "request/not-found",
    });
    const response = await app.inject({ method: "PATCH", url: "/v1/a/x.y/c?d=1" });
    expect(response.headers.allow).toBe("DELETE, POST");
    expect(response.json()).toMatchObject({ status: 405, code: "request/method-not-allowed" });
  });

  test("every mistake of a body, a path and a query is told with its pointer and a hint", async () => {
    const app = await testApp({
      routes: [
        (api) => {
          const body = z.strictObject({ name: z.string().max(3), tags: z.array(z.enum(["a", "b"])) });
          const querystring = z.strictObject({ limit: z.coerce.number().max(9).optional() });
          api.post("/x", { config: { access: "public" }, schema: { body, querystring } }, async () => ({}));
        },
      ],
    });
    const post = (url: string, payload: object) => app.inject({ method: "POST", url, payload });
    const response = await post("/x", { name: "long", tags: ["a", "c"], "o/k": 1 });
    expect(response.json()).toMatchObject({
      status: 422,
      code: "request/invalid",
      errors: [
        { pointer: "/name", hint: "At most 3 characters." },
        { pointer: "/tags/1", hint: "One of: a, b." },
        { pointer: "/o~1k", hint: "Remove it, or check its spelling." },
      ],
    });
    expect((await post("/x?limit=10", { name: "n", tags: [] })).json().errors).toMatchObject([
      { pointer: "/query/limit", hint: "At most 9." },
    ]);
    expect((await app.inject({ method: "POST", url: "/x" })).json().errors).toMatchObject([
      { pointer: "/name" },
      { pointer: "/tags" },
    ]);
  });
});
