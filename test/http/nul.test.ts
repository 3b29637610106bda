import type { FastifyInstance } from "fastify";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import type { AppDeps } from "../../src/app.ts";
import { takeForms } from "../../src/web/forms.ts";
import { testApp } from "./support.ts";

/** Answers whatever was asked with, as each part of a request has it. */
const echo: AppDeps["routes"][number] = (api) => {
  const config = { access: "public" } as const;
  api.get("/told/:name", { config }, async ({ params }) => params);
  api.get(
    "/checked/:name/*",
    { config, schema: { params: z.object({ name: z.string().max(9), "*": z.string() }) } },
    async ({ params }) => params,
  );
  api.register(async (scope) => {
    takeForms(scope);
    scope.post("/form", { config }, async ({ body }) => body);
  });
};

let app: FastifyInstance;
beforeAll(async () => {
  app = await testApp({ routes: [echo] });
});
afterAll(() => app.close());

test("NUL in a path becomes a character that names nothing, wherever it stands", async () => {
  const told = async (url: string) => (await app.inject({ method: "GET", url })).json();
  expect(await told("/told/a%00b%00")).toEqual({ name: "a\ufffdb\ufffd" });
  expect(await told("/checked/%00/rest/%00")).toEqual({ name: "\ufffd", "*": "rest/\ufffd" });
  expect(await told("/told/a%2500b")).toEqual({ name: "a%00b" });
});

test("NUL in a question is refused, and in a form left out", async () => {
  expect((await app.inject({ method: "GET", url: "/told/a?q=%00" })).statusCode).toBe(422);
  const sent = await app.inject({
    method: "POST",
    url: "/form",
    payload: "a%00b=c%00d&e=f%2500",
    headers: { "content-type": "application/x-www-form-urlencoded" },
  });
  expect(sent.json()).toEqual({ ab: "cd", e: "f%00" });
});
