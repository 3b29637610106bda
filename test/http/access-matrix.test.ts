import { describe, expect, test } from "vitest";
import type { AppDeps } from "../../src/app.ts";
import type { KeyKind } from "../../src/http/api.ts";
import { keyKinds } from "../../src/http/api.ts";
import { rooms } from "../../src/rooms.ts";
import { callers, testApp } from "./support.ts";

/** Who may knock at each route; what they then see of it is held by the room's own tests. */
const matrix: Record<string, "anyone" | readonly KeyKind[]> = {
  "GET /livez": "anyone",
  "GET /readyz": "anyone",
  "GET /metrics": "anyone",
  "GET /openapi.json": "anyone",
  "POST /v1/keys": ["admin"],
  "GET /v1/keys": ["admin"],
  "DELETE /v1/keys/:id": ["admin"],
  "GET /v1/guidance": keyKinds,
  "POST /v1/guidance/acknowledgements": ["admin", "advisor"],
};

/** Routes of an app, as the app itself registers them. */
async function routesOf(routes: AppDeps["routes"]): Promise<string[]> {
  const found: string[] = ["GET /livez", "GET /readyz", "GET /metrics", "GET /openapi.json"];
  const listen: AppDeps["routes"][number] = (api) =>
    api.addHook("onRoute", ({ method, url }) => {
      for (const name of [method].flat()) if (name !== "HEAD") found.push(`${name} ${url}`);
    });
  await (await testApp({ routes: [listen, ...routes] })).close();
  return found;
}

const rowless = async (routes: AppDeps["routes"]) =>
  (await routesOf(routes)).filter((route) => matrix[route] === undefined);

describe("the access matrix", () => {
  test("has a row for every route, and no row without a route", async () => {
    expect(await rowless(rooms)).toEqual([]);
    const routes = await routesOf(rooms);
    expect(Object.keys(matrix).filter((row) => !routes.includes(row))).toEqual([]);
  });

  test("turns red for a new route without a row", async () => {
    const mutant: AppDeps["routes"][number] = (api) =>
      api.get("/v1/everything", { config: { access: "public" } }, async () => ({}));
    expect(await rowless([...rooms, mutant])).toEqual(["GET /v1/everything"]);
  });

  const app = testApp({ routes: rooms });
  const rows = Object.entries(matrix).flatMap(([route, allowed]) =>
    [null, ...keyKinds].map((kind) => ({ route, kind, allowed })),
  );

  test.each(rows)("$route by $kind", async ({ route, kind, allowed }) => {
    const [method = "", path = ""] = route.split(" ");
    const response = await (await app).inject({
      method: method as "GET",
      url: path.replace(/:\w+/g, "x"),
      headers: kind === null ? {} : { authorization: `Bearer ${kind}` },
    });
    const { statusCode } = response;
    if (allowed === "anyone") return expect([401, 403]).not.toContain(statusCode);
    if (kind === null) return expect(statusCode).toBe(401);
    if (!allowed.includes(kind))
      return expect([statusCode, response.json().code]).toEqual([403, "access/forbidden"]);
    expect([401, 403]).not.toContain(statusCode);
  });

  test("knows every kind of caller", () => {
    expect(Object.keys(callers).sort()).toEqual([...keyKinds].sort());
  });
});
