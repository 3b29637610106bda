import { describe, expect, test } from "vitest";
import { createLogger } from "../../src/http/logger.ts";

function recording(level = "info") {
  const lines: string[] = [];
  return { lines, logger: createLogger(level, { write: (line) => lines.push(line) }) };
}

describe("the logger", () => {
  test("writes a line of JSON with the fields it knows, and no other", () => {
    const { lines, logger } = recording();
    const fields = { reference: "FP-1", count: 2, excerpt: "I owe rent", headers: { cookie: "x" } };
    logger.info("submitted", fields);
    expect(JSON.parse(lines[0] ?? "")).toEqual({
      level: 30,
      time: expect.any(String),
      reference: "FP-1",
      count: 2,
      msg: "submitted",
    });
  });

  test("cuts long texts and leaves out what is no text or number", () => {
    const { lines, logger } = recording();
    logger.warn("odd", { code: "x".repeat(500), forum: { name: "x" } as unknown as string });
    expect(JSON.parse(lines[0] ?? "").code).toHaveLength(200);
    expect(lines[0]).not.toContain("forum");
  });

  test("tells of an error where it was, not what it said", () => {
    const { lines, logger } = recording();
    const cause = Object.assign(new TypeError("value 'AB123456C'"), { code: "22P02" });
    logger.error("failed", {}, new Error("for AB123456C\n  at AB123456C", { cause }));
    expect(lines[0]).not.toContain("AB123456C");
    expect(JSON.parse(lines[0] ?? "").error).toMatchObject({
      name: "Error",
      at: [expect.stringContaining("logger.test.ts"), ...Array(7).fill(expect.any(String))],
      cause: { name: "TypeError", code: "22P02" },
    });
  });

  test("keeps below its level", () => {
    const { lines, logger } = recording("warn");
    logger.info("quiet");
    logger.debug("quieter");
    expect(lines).toEqual([]);
  });
});
