import type { FastifyInstance } from "fastify";
import { describe, expect, test } from "vitest";
import { buildApp } from "../../src/app.ts";
import type { Actor } from "../../src/contract/actor.ts";
import { DomainError } from "../../src/contract/errors.ts";
import { actorOf } from "../../src/http/api.ts";
import { bearerOf } from "../../src/http/auth.ts";
import { appDeps, callers, testApp } from "./support.ts";

describe("who may call a route", () => {
  test("an app with a route that does not say so does not start", async () => {
    const building = buildApp(appDeps({ routes: [(api) => api.get("/open", async () => ({}))] }));
    await expect(building).rejects.toThrow("/open does not say who may call it");
  });

  test("nor does one whose adapter has such a route", async () => {
    const inbound = async (scope: { get: (url: string, handler: () => Promise<object>) => unknown }) => {
      scope.get("/hook", async () => ({}));
    };
    await expect(testApp({ inbound: [inbound] })).rejects.toThrow("/hook does not say who may call it");
  });

  const app = testApp({
    routes: [
      (api) => {
        const config = { access: ["admin", "manager"] } as const;
        api.get("/them", { config }, async (request) => actorOf(request));
        api.post("/them", { config }, async () => ({}));
        api.get("/all", { config: { access: "public" } }, async (request) => ({ actor: request.actor }));
      },
    ],
  });
  const ask = async (url: string, authorization?: string) =>
    (await app).inject({ url, ...(authorization === undefined ? {} : { headers: { authorization } }) });

  test("a key of a kind that is listed passes as its actor", async () => {
    expect((await ask("/them", "Bearer manager")).json()).toEqual(callers.manager);
    expect((await ask("/them", "bearer  admin")).json()).toEqual(callers.admin);
  });

  test("another kind of key is forbidden", async () => {
    const response = await ask("/them", "Bearer advisor");
    expect(response.statusCode).toBe(403);
    expect(response.json().code).toBe("access/forbidden");
  });

  test.each([
    undefined,
    "Bearer",
    "Bearer ",
    "Bearer wrong",
    "Basic YTpi",
    "admin",
    "Bearer admin x",
    "Bearer ädmin",
  ])("the header %s proves nobody", async (authorization) => {
    const response = await ask("/them", authorization);
    expect(response.statusCode).toBe(401);
    expect(response.headers["www-authenticate"]).toMatch(/^Bearer/);
    expect(response.json().code).toBe("access/unauthenticated");
  });

  test("a public route asks nobody, and a wrong key does not stop it", async () => {
    expect((await ask("/all", "Bearer wrong")).json()).toEqual({ actor: null });
  });

  test("nobody learns from a body: the key is asked for first", async () => {
    const response = await (await app).inject({
      method: "POST",
      url: "/them",
      payload: "{",
      headers: { "content-type": "application/json" },
    });
    expect(response.statusCode).toBe(401);
  });

  test("a body that is no JSON is refused only after its signature has been looked at", async () => {
    const inbound = async (scope: FastifyInstance) => {
      scope.addHook("preValidation", async (request) => {
        if (request.headers["webhook-signature"] !== "good") throw new DomainError("signature/invalid");
      });
      const config = { access: "signature" } as const;
      scope.post("/in", { config }, async ({ rawBody }) => ({ bytes: rawBody.length }));
    };
    const signed = await testApp({ inbound: [inbound] });
    const send = async (payload: string, signature: string) => {
      const headers = { "content-type": "application/json", "webhook-signature": signature };
      return (await signed.inject({ method: "POST", url: "/in", payload, headers })).json();
    };
    expect(await send('{"a":', "forged")).toMatchObject({ code: "signature/invalid" });
    expect(await send('{"a":', "good")).toMatchObject({ code: "request/malformed" });
    expect(await send('{"a":1}', "good")).toEqual({ bytes: 7 });
  });

  test("somebody signed in who runs several forums is the operator of the one that is asked about", async () => {
    const actors: Actor[] = [
      { kind: "operator", forum: "parents" },
      { kind: "operator", forum: "quiet" },
    ];
    const admin: Actor = { kind: "admin", keyId: "session:s" };
    const who = { sessionId: "s", handle: null, formToken: "t" };
    const app = await testApp({
      session: async (token) => ({ ...who, actors: token === "two" ? actors : [...actors, admin] }),
      routes: [
        (api) => {
          const config = { access: ["admin", "operator"] } as const;
          api.get("/v1/forums/:slug/who", { config }, async (request) => actorOf(request));
          api.get("/v1/other/:slug", { config }, async (request) => actorOf(request));
        },
      ],
    });
    const ask = async (url: string, token: string) =>
      (await app.inject({ url, headers: { cookie: `fingerpost=${token}` } })).json();
    expect(await ask("/v1/forums/parents/who", "two")).toEqual(actors[0]);
    expect(await ask("/v1/forums/quiet/who", "two")).toEqual(actors[1]);
    expect(await ask("/v1/forums/third/who", "two")).toEqual(actors[0]);
    expect(await ask("/v1/forums/third/who", "three")).toEqual(admin);
    expect(await ask("/v1/other/quiet", "two")).toEqual(actors[0]);
  });

  test("a header is read to its end", () => {
    expect(bearerOf("Bearer fp_abc")).toBe("fp_abc");
    expect(() => bearerOf(`Bearer ${"a".repeat(513)}`)).toThrow();
  });
});
