import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../support/database.ts";

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());

test("docs/privacy.md lists every column of every table, and none that is gone", async () => {
  const rows = await db.prisma.$queryRaw<{ name: string; columns: string[] }[]>`
    SELECT c.relname::text AS name, array_agg(a.attname::text) AS columns
      FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
     WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r' AND c.relname <> '_prisma_migrations'
       AND a.attnum > 0 AND NOT a.attisdropped GROUP BY 1`;
  const stored = rows.map(({ name, columns }) => [name, columns.sort()]);
  const text = readFileSync(fileURLToPath(new URL("../../docs/privacy.md", import.meta.url)), "utf8");
  const section = text.split("## What is stored")[1]?.split("\n## ")[0] ?? "";
  const listed = [...section.matchAll(/^\| `(\w+)` \| ([^|]+) \|/gm)].map(([, name, columns]) => [
    name,
    (columns ?? "").trim().split(", ").sort(),
  ]);
  expect(Object.fromEntries(listed)).toEqual(Object.fromEntries(stored));
});
