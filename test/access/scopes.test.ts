import { describe, expect, test } from "vitest";
import { actAs } from "../../src/access/act-as.ts";
import { actorFor, checkScopes, ownerOf, parseScope } from "../../src/access/scopes.ts";
import type { Actor } from "../../src/contract/actor.ts";
import { callers } from "../http/support.ts";
import { smallRegister } from "./support.ts";

const register = smallRegister();

describe("scopes", () => {
  test.each([
    ["admin", { kind: "admin" }],
    ["manager", { kind: "manager", department: null }],
    ["manager:dwp", { kind: "manager", department: "dwp" }],
    ["advisor:amal.h", { kind: "advisor", id: "amal.h" }],
    ["person:sam.t", { kind: "person", id: "sam.t" }],
    ["operator:example-parents", { kind: "operator", id: "example-parents" }],
    ["forum:example-parents", { kind: "forum", id: "example-parents" }],
  ])("%s is a scope", (scope, owner) => {
    expect(parseScope(scope)).toEqual(owner);
  });

  test.each(["", "root", "admin:x", "manager:", "advisor", "advisor:", "forum", "Admin", " admin", "pool:x"])(
    "%j is none",
    (scope) => {
      expect(parseScope(scope)).toBeNull();
    },
  );

  test.each([
    [["admin", "manager", "manager:dwp"], "admin"],
    [["manager:dwp", "manager"], "manager"],
    [["forum:a", "forum:a"], "forum"],
  ])("%j has one owner", (scopes, kind) => {
    expect(ownerOf(scopes)?.kind).toBe(kind);
  });

  test.each([
    [[]],
    [["advisor:a", "advisor:b"]],
    [["advisor:a", "manager"]],
    [["admin", "forum:a"]],
    [["manager:a", "manager:b"]],
    [["forum:a", "operator:a"]],
    [["admin", "root"]],
  ])("%j has not one owner", (scopes) => {
    expect(ownerOf(scopes)).toBeNull();
  });

  const codeOf = (scopes: string[]) => {
    try {
      checkScopes(scopes, register);
    } catch (error) {
      return error;
    }
    return null;
  };

  test("a key is made only for whom the register knows, and the mistake is told with its place", () => {
    expect(codeOf(["advisor:amal.h"])).toBeNull();
    expect(codeOf(["manager:nobody"])).toMatchObject({
      code: "access/scope-unknown",
      errors: [{ pointer: "/scopes/0" }],
    });
    expect(codeOf(["admin", "root"])).toMatchObject({
      code: "request/invalid",
      errors: [{ pointer: "/scopes/1" }],
    });
    expect(codeOf(["advisor:amal.h", "person:sam.t"])).toMatchObject({
      code: "request/invalid",
      errors: [{ pointer: "/scopes" }],
    });
  });

  test("a bare key of a forum is a moderator's, never a member's", () => {
    expect(actorFor({ kind: "forum", id: "f" }, "k")).toEqual({
      kind: "forum",
      forum: "f",
      voice: "moderator",
    });
  });
});

describe("acting for somebody", () => {
  const admin: Actor = { kind: "admin", keyId: "k1" };

  test("an administrator's key becomes the one it names, and stays named itself", () => {
    expect(actAs(admin, "advisor:amal.h", register)).toEqual({
      kind: "advisor",
      id: "amal.h",
      actedBy: "k1",
    });
    expect(actAs(admin, "person:sam.t", register)).toEqual({ kind: "person", id: "sam.t", actedBy: "k1" });
    expect(actAs(admin, "forum:example-parents", register)).toEqual({
      kind: "forum",
      forum: "example-parents",
      voice: "moderator",
      actedBy: "k1",
    });
    expect(actAs(admin, undefined, register)).toBe(admin);
  });

  test.each(Object.values(callers).filter(({ kind }) => kind !== "admin"))(
    "$kind acts for nobody",
    (actor) => {
      expect(() => actAs(actor, "advisor:amal.h", register)).toThrow(
        expect.objectContaining({ code: "access/forbidden" }),
      );
      expect(actAs(actor, undefined, register)).toBe(actor);
    },
  );

  test.each([
    ["advisor:nobody", "access/scope-unknown"],
    ["forum:nobody", "access/scope-unknown"],
    ["admin", "request/invalid"],
    ["manager:dwp", "request/invalid"],
    ["operator:example-parents", "request/invalid"],
    ["amal.h", "request/invalid"],
  ])("as %s is refused", (as, code) => {
    expect(() => actAs(admin, as, register)).toThrow(expect.objectContaining({ code }));
  });
});
