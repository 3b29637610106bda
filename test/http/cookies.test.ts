import type { FastifyRequest } from "fastify";
import { expect, test } from "vitest";
import { sessionTokenOf } from "../../src/http/cookies.ts";

const request = (cookies: Record<string, string>) => ({ cookies }) as unknown as FastifyRequest;

test("on an https site a session is read from the name that no other host can set, and from no other", () => {
  const both = { "__Host-fingerpost": "secure", fingerpost: "plain" };
  expect(sessionTokenOf(request(both), "https://fingerpost.example")).toBe("secure");
  expect(sessionTokenOf(request({ fingerpost: "plain" }), "https://fingerpost.example")).toBeUndefined();
  expect(sessionTokenOf(request(both), "http://127.0.0.1:3000")).toBe("plain");
});
