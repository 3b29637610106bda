import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseStrictJson } from "../../src/http/strict-json.ts";

const parse = (text: string | Uint8Array) => parseStrictJson(Buffer.from(text), { maxDepth: 32 });
const nested = (depth: number) => "[".repeat(depth) + "]".repeat(depth);

describe("strict JSON", () => {
  const taken: [string, unknown][] = [
    ["{}", {}],
    ['"\\ud83d\\ude00 😀"', "😀 😀"],
    ['{"a":{"b":1},"b":[{"a":1},{"a":2}]}', { a: { b: 1 }, b: [{ a: 1 }, { a: 2 }] }],
    ['{"a":"{\\"a\\":1,\\"a\\":2}\\\\"}', { a: '{"a":1,"a":2}\\' }],
    ['{"constructor":{"name":1},"prototype":2}', { constructor: { name: 1 }, prototype: 2 }],
    ['["__proto__"]', ["__proto__"]],
    [' \n\t[1, 2.5e3, true, null, ""]', [1, 2500, true, null, ""]],
  ];
  test.each(taken)("takes %s as JSON.parse does", (text, value) => {
    expect(parse(text)).toEqual({ ok: true, value });
  });

  const refused: [string, string | Uint8Array, string | undefined][] = [
    ["nothing", "", undefined],
    ["half an object", '{"a":', undefined],
    ["two values", "{}{}", undefined],
    ["a byte order mark", "\uFEFF{}", undefined],
    ["bytes that are not UTF-8", Uint8Array.from([0x22, 0xc3, 0x28, 0x22]), undefined],
    ["an overlong encoding", Uint8Array.from([0x22, 0xc0, 0x80, 0x22]), undefined],
    ["a raw NUL", '"\0"', undefined],
    ["UTF-16", Buffer.from('{"a":1}', "utf16le"), undefined],
    ["an escaped NUL", '{"a":["\\u0000"]}', "/a/0"],
    ["an escaped NUL in a key", '{"\\u0000":1}', "/�"],
    ["half of a surrogate pair", '{"a":{"b":"\\ud800"}}', "/a/b"],
    ["the other half", '["x", "\\udc00"]', "/1"],
    ["a pair in the wrong order", '"\\ude00\\ud83d"', ""],
    ["a key twice", '{"a":1,"b":2,"a":1}', "/a"],
    ["a key twice, escaped once", '{"x":[{"a":1,"\\u0061":1}]}', "/x/0/a"],
    ["__proto__", '{"a":{"__proto__":{}}}', "/a/__proto__"],
    ["__proto__, escaped", '{"\\u005f_proto__":{}}', "/__proto__"],
    ["constructor.prototype", '{"constructor":{"prototype":{}}}', "/constructor/prototype"],
  ];
  test.each(refused)("refuses %s and says where", (_what, text, pointer) => {
    const parsed = parse(text);
    expect(parsed.ok).toBe(false);
    expect(parsed.ok ? undefined : parsed.pointer).toBe(pointer);
  });

  test("takes 32 levels and refuses 33", () => {
    expect(parse(nested(32)).ok).toBe(true);
    expect(parse(nested(33))).toMatchObject({ ok: false, pointer: `${"/0".repeat(32)}` });
    expect(parse(nested(30_000)).ok).toBe(false);
  });

  test("a pointer escapes what RFC 6901 escapes", () => {
    expect(parse('{"a/b~c":"\\u0000"}')).toMatchObject({ ok: false, pointer: "/a~1b~0c" });
  });

  test("never throws, whatever the bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        parse(bytes);
      }),
      { numRuns: 5000 },
    );
  });

  test("gives the value of JSON.parse for every JSON it takes, and takes every ordinary one", () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 6 }), (text) => {
        const parsed = parse(text);
        if (parsed.ok) expect(parsed.value).toEqual(JSON.parse(text));
        else expect(text).toMatch(/__proto__|\\u0000|\\ud|prototype/i);
      }),
      { numRuns: 2000 },
    );
  });

  test("text that looks like JSON is refused exactly where JSON.parse or a rule refuses it", () => {
    const token = fc.constantFrom(
      "{",
      "}",
      "[",
      "]",
      ",",
      ":",
      '"a"',
      '"b"',
      '"\\""',
      '"\\\\"',
      "1",
      "null",
      " ",
    );
    fc.assert(
      fc.property(fc.array(token, { maxLength: 14 }), (tokens) => {
        const text = tokens.join("");
        const parsed = parse(text);
        if (parsed.ok) expect(JSON.parse(text)).toEqual(parsed.value);
        else if (isJson(text)) expect(parsed.detail).toBe("This key appears twice in one object.");
      }),
      { numRuns: 5000 },
    );
  });
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
