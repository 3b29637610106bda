import { describe, expect, test } from "vitest";
import { summaries } from "../../src/referrals/summaries.ts";
import { verbs } from "../../src/referrals/verbs.ts";
import { rooms } from "../../src/rooms.ts";
import { testApp } from "./support.ts";

interface Operation {
  summary?: string;
  security: Record<string, string[]>[];
  responses: Record<string, unknown>;
}
interface Document {
  openapi: string;
  info: { title: string; version: string };
  servers: { url: string }[];
  paths: Record<string, Record<string, Operation>>;
  components: { securitySchemes: object; schemas: Record<string, unknown> };
}

describe("the description of the API", () => {
  const app = testApp({ routes: rooms });
  const read = async () => (await (await app).inject("/openapi.json")).json<Document>();

  test("is OpenAPI 3.1 with a title, a version, a server and both ways to prove who asks", async () => {
    const document = await read();
    expect(document).toMatchObject({
      openapi: "3.1.0",
      info: { title: "Fingerpost", version: "0.0.0" },
      servers: [{ url: "/" }],
    });
    expect(Object.keys(document.components.securitySchemes)).toEqual(["key", "signature"]);
  });

  test("lists every route, each with a summary and what a refusal looks like", async () => {
    const { paths } = await read();
    const listed = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(listed.sort()).toEqual((await registeredRoutes()).sort());
    const operations = Object.values(paths).flatMap((methods) => Object.values(methods));
    expect(operations.filter(({ summary }) => !summary)).toEqual([]);
    expect(operations.filter(({ responses }) => responses.default === undefined)).toEqual([]);
  });

  test("describes the body of every verb, and says what it does", async () => {
    const { paths } = await read();
    const described = JSON.stringify(paths["/v1/referrals/{ref}/reply"]?.post);
    for (const name of ["text", "language", "disposition", "draft", "version", "as"])
      expect(described).toContain(`"${name}":{`);
    expect(JSON.stringify(paths["/v1/referrals/{ref}/decline"]?.post)).toContain("cannot-discuss-individual");
    expect([...verbs.keys()].filter((name) => summaries[name] === undefined)).toEqual([]);
    expect(Object.keys(summaries).filter((name) => !verbs.has(name))).toEqual([]);
  });

  test("refers to nothing that is not there", async () => {
    const document = await read();
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(([, ref]) => ref);
    const known = Object.keys(document.components.schemas).map((name) => `#/components/schemas/${name}`);
    expect(references.filter((reference) => !known.includes(reference ?? ""))).toEqual([]);
  });

  test("says which calls need a key", async () => {
    const { paths } = await read();
    expect(paths["/v1/keys"]?.post?.security).toEqual([{ key: [] }]);
    expect(paths["/livez"]?.get?.security).toEqual([]);
  });

  async function registeredRoutes(): Promise<string[]> {
    const found: string[] = [];
    const spied = await testApp({
      routes: [
        (api) =>
          api.addHook("onRoute", ({ method, url, schema }) => {
            if (schema?.hide || method === "HEAD") return;
            for (const name of [method].flat()) found.push(`${name} ${url.replace(/:(\w+)/g, "{$1}")}`);
          }),
        ...rooms,
      ],
    });
    await spied.close();
    return [...found, "GET /livez", "GET /readyz", "GET /metrics"];
  }
});

describe("the pages at /docs", () => {
  const app = testApp();

  test("are shown to anyone, with scripts of this origin only", async () => {
    const page = await (await app).inject("/docs");
    expect(page.statusCode).toBe(200);
    expect(page.headers["content-security-policy"]).toContain("script-src 'self';");
    const scripts = [...page.body.matchAll(/<script([^>]*)>([^<]*)</g)];
    expect(scripts.length).toBeGreaterThan(0);
    expect(scripts.filter(([, attributes, text]) => !attributes?.includes("src=") || text?.trim())).toEqual(
      [],
    );
  });

  test("have their parts", async () => {
    const page = await (await app).inject("/docs/");
    const parts = [...page.body.matchAll(/(?:src|href)="\.\/([^"]+)"/g)].map(([, path]) => `/docs/${path}`);
    expect(parts.length).toBeGreaterThan(4);
    for (const part of parts)
      expect([part, (await (await app).inject(part)).statusCode]).toEqual([part, 200]);
  });
});
