import { describe, expect, test } from "vitest";
import { readAnswer, readRetryAfter } from "../../../adapters/webhook/answer.ts";

const now = new Date("2026-11-02T09:00:00Z");
const answer = (status: number, body = "", headers: Record<string, string> = {}) =>
  readAnswer({ status, body, headers }, now);

describe("a forum that answers 2xx", () => {
  test.each([200, 201, 202, 204])("%d has it", (status) => {
    expect(answer(status)).toEqual({ outcome: "delivered" });
  });

  test("may say where the reply can be seen, and that it is held", () => {
    expect(answer(200, '{"url":"https://parents.example/t/1#9"}')).toEqual({
      outcome: "delivered",
      url: "https://parents.example/t/1#9",
    });
    expect(answer(200, '{"held":true,"more":1}')).toEqual({ outcome: "delivered", held: true });
  });

  test.each([
    ['{"url":"javascript:alert(1)"}'],
    [`{"url":"https://parents.example/${"x".repeat(2_000)}"}`],
    ['{"url":7,"held":"yes"}'],
    ["<html>"],
    ["[]"],
    ["null"],
  ])("is not believed about %s", (body) => {
    expect(answer(200, body)).toEqual({ outcome: "delivered" });
  });
});

test("410 stops everything to that forum", () => {
  expect(answer(410)).toEqual({ outcome: "refused", reason: "status-410", stop: true });
});

test.each([300, 301, 302, 307, 308])("a redirect (%d) is a failure that may be mended", (status) => {
  expect(answer(status, "", { location: "http://169.254.169.254/" })).toEqual({
    outcome: "retry",
    reason: "redirect",
  });
});

test.each([400, 401, 403, 404, 408, 422, 425, 429, 500, 502, 503, 504, 599])(
  "%d is tried again",
  (status) => {
    expect(answer(status)).toEqual({ outcome: "retry", reason: `status-${status}` });
  },
);

test("Retry-After counts as seconds or as a date, never as less than now or more than a day", () => {
  expect(answer(429, "", { "retry-after": "120" })).toEqual({
    outcome: "retry",
    reason: "status-429",
    afterMs: 120_000,
  });
  expect(readRetryAfter("Mon, 02 Nov 2026 09:01:00 GMT", now)).toBe(60_000);
  expect(readRetryAfter("Mon, 02 Nov 2026 08:00:00 GMT", now)).toBe(0);
  expect(readRetryAfter("999999999", now)).toBe(86_400_000);
  expect(readRetryAfter("soon", now)).toBeUndefined();
  expect(readRetryAfter("-5", now)).not.toBe(-5_000);
});
