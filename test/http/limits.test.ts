import { connect } from "node:net";
import fc from "fast-check";
import type { FastifyInstance } from "fastify";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import type { AppDeps } from "../../src/app.ts";
import { testApp } from "./support.ts";

const echo: AppDeps["routes"][number] = (api) => {
  api.post(
    "/echo",
    { config: { access: "public" }, schema: { body: z.strictObject({ text: z.string() }) } },
    async ({ body, rawBody }) => ({ length: body.text.length, bytes: rawBody.length }),
  );
};
const json = { "content-type": "application/json" };

describe("limits", () => {
  let app: FastifyInstance;
  beforeAll(async () => {
    app = await testApp({
      routes: [echo],
      limits: { requestMs: 300, headersMs: 200, checkConnectionsMs: 50 },
    });
    await app.listen({ port: 0, host: "127.0.0.1" });
  });
  afterAll(() => app.close());

  const send = (payload: string | Buffer, headers: Record<string, string> = json) =>
    app.inject({ method: "POST", url: "/echo", payload, headers });

  /** Writes to a connection of its own and answers what came back before the server closed it. */
  const converse = (text: string) =>
    new Promise<string>((resolve, reject) => {
      const address = app.server.address();
      if (address === null || typeof address === "string") return reject(new Error("not listening"));
      const socket = connect(address.port, "127.0.0.1", () => socket.write(text));
      let heard = "";
      socket.on("data", (chunk) => {
        heard += chunk;
      });
      socket.on("error", () => {});
      socket.on("close", () => resolve(heard));
    });

  test("a body of 64 kB is taken, one byte more is 413", async () => {
    const text = "x".repeat(64 * 1024 - '{"text":""}'.length);
    expect((await send(JSON.stringify({ text }))).json()).toEqual({ length: text.length, bytes: 65_536 });
    const response = await send(JSON.stringify({ text: `${text}x` }));
    expect(response.statusCode).toBe(413);
    expect(response.json().code).toBe("request/too-large");
  });

  test("a chunked body without a length is cut at the same limit", async () => {
    const chunk = `${(8192).toString(16)}\r\n${"x".repeat(8192)}\r\n`;
    const answer = await converse(
      `POST /echo HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n${chunk.repeat(9)}`,
    );
    expect(answer).toContain("HTTP/1.1 413 ");
  });

  test("a body that dribbles in is ended with 408", async () => {
    const answer = await converse(
      'POST /echo HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 20\r\n\r\n{"te',
    );
    expect(answer).toMatch(/^HTTP\/1\.1 408 .*application\/problem\+json.*request\/timed-out/s);
  });

  test("headers that never end are ended with 408", async () => {
    expect(await converse("POST /echo HTTP/1.1\r\nhost: x\r\nx-a: ")).toContain("HTTP/1.1 408 ");
  });

  test("what is not HTTP is 400, and headers beyond all measure 413", async () => {
    expect(await converse("nonsense\r\n\r\n")).toMatch(/^HTTP\/1\.1 400 .*request\/malformed/s);
    const answer = await converse(`GET /livez HTTP/1.1\r\nhost: x\r\nx-a: ${"a".repeat(20_000)}\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 413 .*request\/too-large/s);
  });

  test.each(["text/plain", "application/x-www-form-urlencoded", "application/xml", "text/json"])(
    "a body of %s is 415",
    async (type) => {
      const response = await send("{}", { "content-type": type });
      expect(response.statusCode).toBe(415);
      expect(response.json().code).toBe("request/unsupported-media-type");
    },
  );

  test("a body that means two things is 400 and says where", async () => {
    const response = await send('{"text":"a","\\u0074ext":"b"}');
    expect(response.statusCode).toBe(400);
    expect(response.json()).toMatchObject({ code: "request/malformed", errors: [{ pointer: "/text" }] });
  });

  test("whatever the bytes, the answer is 2xx or 4xx", async () => {
    const bodies = fc.oneof(fc.uint8Array({ maxLength: 300 }), fc.json().map(Buffer.from));
    await fc.assert(
      fc.asyncProperty(bodies, async (body) => {
        expect((await send(Buffer.from(body))).statusCode).toBeLessThan(500);
      }),
      { numRuns: 500 },
    );
  });
});

describe("failed proofs", () => {
  const app = testApp({
    routes: [(api) => api.get("/mine", { config: { access: ["advisor"] } }, async () => ({}))],
    limits: { failedAttemptsPerMinute: 3 },
    trustProxy: ["127.0.0.1"],
  });
  const from = async (address: string, bearer: string) =>
    (await app).inject({
      url: "/mine",
      headers: { authorization: `Bearer ${bearer}`, "x-forwarded-for": address },
    });

  test("the fourth in a minute from one address is told to wait, and nobody else is", async () => {
    const statuses: number[] = [];
    for (let attempt = 0; attempt < 4; attempt++)
      statuses.push((await from("192.0.2.1", "wrong")).statusCode);
    expect(statuses).toEqual([401, 401, 401, 429]);
    const limited = await from("192.0.2.1", "wrong");
    expect(limited.json().code).toBe("request/rate-limited");
    expect(Number(limited.headers["retry-after"])).toBeGreaterThan(0);
    expect((await from("192.0.2.1", "advisor")).statusCode).toBe(200);
    expect((await from("192.0.2.2", "wrong")).statusCode).toBe(401);
  });
});
