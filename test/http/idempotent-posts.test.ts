import { describe, expect, test } from "vitest";
import type { AppDeps } from "../../src/app.ts";
import { rooms } from "../../src/rooms.ts";
import { appDeps, testApp } from "./support.ts";

/** Every POST below `/v1` that takes a key of the API, and a kind of caller it takes. A forum's own are the webhook adapter's. */
async function postsOf(routes: AppDeps["routes"]) {
  const found: { url: string; kind: string }[] = [];
  const app = await testApp({
    // Work that is not asked about its key goes on to data, which there is none of.
    transaction: (work) => work(appDeps().db),
    routes: [
      (api) =>
        api.addHook("onRoute", (route) => {
          const access = route.config?.access;
          if (route.method !== "POST" || !route.url.startsWith("/v1/") || !Array.isArray(access)) return;
          found.push({ url: route.url, kind: String(access[0]) });
          // What the body has to be is for other tests: here any will do.
          const { body: _body, params: _params, ...rest } = route.schema ?? {};
          route.schema = rest;
        }),
      ...routes,
    ],
  });
  return { app, found };
}

/** The routes that take no notice of a key: one that is none is not refused. */
async function heedless(routes: AppDeps["routes"]): Promise<string[]> {
  const { app, found } = await postsOf(routes);
  const ignoring: string[] = [];
  for (const { url, kind } of found) {
    const answer = await app.inject({
      method: "POST",
      url: url.replace(/:\w+/g, "x"),
      headers: { authorization: `Bearer ${kind}`, "idempotency-key": "not a key" },
      payload: {},
    });
    const { errors = [] } = answer.json<{ errors?: { pointer: string }[] }>();
    if (errors[0]?.pointer !== "/headers/idempotency-key") ignoring.push(url);
  }
  await app.close();
  return ignoring;
}

describe("an Idempotency-Key", () => {
  test("is heeded by every POST", async () => {
    expect((await postsOf(rooms)).found.length).toBeGreaterThan(40);
    expect(await heedless(rooms)).toEqual([]);
  });

  test("a POST that forgets it is found", async () => {
    const mutant: AppDeps["routes"][number] = (api) =>
      api.post("/v1/everything", { config: { access: ["admin"] } }, async () => ({}));
    expect(await heedless([mutant])).toEqual(["/v1/everything"]);
  });
});
