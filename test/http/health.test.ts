import { Counter, Registry } from "prom-client";
import { describe, expect, test } from "vitest";
import { testApp } from "./support.ts";

describe("health", () => {
  test("alive says nothing of the database", async () => {
    const app = await testApp({
      checks: async () => {
        throw new Error("down");
      },
    });
    expect((await app.inject("/livez")).json()).toEqual({ live: true });
    expect((await app.inject("/readyz")).statusCode).toBe(500);
  });

  test("ready only while every check holds, with the list", async () => {
    const checks = [
      { name: "database", ok: true, detail: "reached" },
      { name: "migrations", ok: false, detail: "2 are waiting" },
    ];
    const app = await testApp({ checks: async () => checks });
    const before = await app.inject("/readyz");
    expect(before.statusCode).toBe(503);
    expect(before.json()).toEqual({ ready: false, checks });
    for (const check of checks) check.ok = true;
    expect((await app.inject("/readyz")).statusCode).toBe(200);
  });

  test("measures by method, template and status, never by what was asked", async () => {
    const metrics = new Registry();
    new Counter({ name: "fingerpost_parked_total", help: "Parked deliveries", registers: [metrics] }).inc(3);
    const app = await testApp({
      metrics,
      routes: [(api) => api.get("/v1/:id", { config: { access: "public" } }, async () => ({}))],
    });
    await app.inject("/v1/FP-7K4M-2QXD?q=amal");
    await app.inject("/wp-login.php");
    const { body } = await app.inject("/metrics");
    expect(body).toContain('duration_seconds_count{method="GET",route="/v1/:id",status="200"} 1');
    expect(body).toContain('duration_seconds_count{method="GET",route="none",status="404"} 1');
    expect(body).toContain("fingerpost_parked_total 3");
    expect(body).toContain("process_cpu_seconds_total");
    expect(body).not.toMatch(/FP-7K4M|amal|wp-login/);
  });
});
