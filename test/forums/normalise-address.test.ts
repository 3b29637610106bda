import { describe, expect, test } from "vitest";
import { normaliseAddress } from "../../src/forums/normalise-address.ts";

describe("one forum, however it is typed", () => {
  test.each([
    "https://forum.example/talk",
    "http://forum.example/talk/",
    "forum.example/talk",
    "  WWW.Forum.Example/Talk/ ",
    "https://www2.forum.example:443/talk/index.php?board=1#top",
    "http://m.forum.example:80/talk//index.html",
    "https://forum.example./talk/?",
    "https://forum.example/%74alk",
  ])("%s", (typed) => {
    expect(normaliseAddress(typed)).toEqual({ host: "forum.example", key: "forum.example/talk" });
  });

  test("another host, port or folder is another forum", () => {
    const keys = [
      "a.example",
      "b.example",
      "a.example:8080",
      "a.example/x",
      "a.example/y",
      "x.a.example",
    ].map((typed) => normaliseAddress(typed)?.key);
    expect(new Set(keys).size).toBe(6);
  });

  test.each([
    "",
    "no place",
    "localhost",
    "ftp://forum.example",
    "javascript:alert(1)",
    "https://a:b@forum.example",
    "127.0.0.1",
    "https://",
    "x@forum.example",
  ])("%s is no address of a forum", (typed) => {
    expect(normaliseAddress(typed)).toBeNull();
  });
});
