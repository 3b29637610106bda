import type { Actor } from "../contract/actor.ts";
import { DomainError, type InputError } from "../contract/errors.ts";
import type { Register } from "../register/model.ts";

/** Whom a key belongs to. A key has one owner: its scopes, together, name one. */
export type Owner =
  | { kind: "admin" }
  | { kind: "manager"; department: string | null }
  | { kind: "advisor" | "person" | "operator" | "forum"; id: string };

const named = ["advisor", "person", "operator", "forum"] as const;

/** A scope as it is written (`admin`, `manager`, `manager:dwp`, `forum:example-parents`), or null when it is none. */
export function parseScope(scope: string): Owner | null {
  const colon = scope.indexOf(":");
  const word = colon < 0 ? scope : scope.slice(0, colon);
  const id = colon < 0 ? null : scope.slice(colon + 1);
  if (word === "admin") return id === null ? { kind: "admin" } : null;
  if (id === "") return null;
  if (word === "manager") return { kind: "manager", department: id };
  const kind = named.find((name) => name === word);
  return kind === undefined || id === null ? null : { kind, id };
}

/**
 * The one owner that scopes name, or null. An administrator is a manager too, and a manager across government one of
 * each department; beside these, two scopes are two owners.
 */
export function ownerOf(scopes: readonly string[]): Owner | null {
  const owners = scopes.map(parseScope);
  const [first] = owners;
  if (first === undefined || owners.includes(null)) return null;
  const admin = owners.find((owner) => owner?.kind === "admin");
  const governing = owners.every((owner) => owner?.kind === "admin" || owner?.kind === "manager");
  if (governing && admin) return admin;
  const everywhere = owners.find((owner) => owner?.kind === "manager" && owner.department === null);
  if (governing && everywhere) return everywhere;
  return new Set(scopes).size === 1 ? first : null;
}

/** Whether the register knows whom a key belongs to; an administrator and a manager across government need no entry. */
export function isInRegister(owner: Owner, register: Register): boolean {
  switch (owner.kind) {
    case "admin":
      return true;
    case "manager":
      return owner.department === null || register.departments.has(owner.department);
    case "advisor":
      return register.advisors.has(owner.id);
    case "person":
      return register.people.has(owner.id);
    case "operator":
    case "forum":
      return register.forums.has(owner.id);
  }
}

/** The actor a key's owner is. A bare key of a forum is a moderator's. */
export function actorFor(owner: Owner, keyId: string): Actor {
  switch (owner.kind) {
    case "admin":
      return { kind: "admin", keyId };
    case "manager":
      return owner.department === null
        ? { kind: "manager" }
        : { kind: "manager", department: owner.department };
    case "advisor":
    case "person":
      return { kind: owner.kind, id: owner.id };
    case "operator":
      return { kind: "operator", forum: owner.id };
    case "forum":
      return { kind: "forum", forum: owner.id, voice: "moderator" };
  }
}

/** Refuses scopes that are no scopes (`request/invalid`), that name several owners, or nobody (`access/scope-unknown`). */
export function checkScopes(scopes: readonly string[], register: Register): void {
  const misspelt = errorsAt(scopes, (scope) => parseScope(scope) === null, {
    detail: "This is not a scope.",
    hint: "admin, manager, manager:<department>, advisor:<id>, person:<id>, operator:<forum> or forum:<forum>.",
  });
  if (misspelt.length > 0) throw new DomainError("request/invalid", { errors: misspelt });
  const unknown = errorsAt(scopes, (scope) => !isKnown(scope, register), {
    detail: "The register has no such entry.",
    hint: "Add it to the register and apply that first, or check the spelling.",
  });
  if (unknown.length > 0) throw new DomainError("access/scope-unknown", { errors: unknown });
  if (ownerOf(scopes) !== null) return;
  const detail = "These scopes have more than one owner.";
  throw new DomainError("request/invalid", {
    errors: [{ pointer: "/scopes", detail, hint: "Make a key for each of them." }],
  });
}

function isKnown(scope: string, register: Register): boolean {
  const owner = parseScope(scope);
  return owner !== null && isInRegister(owner, register);
}

function errorsAt(
  scopes: readonly string[],
  isWrong: (scope: string) => boolean,
  error: { detail: string; hint: string },
): InputError[] {
  return scopes.flatMap((scope, index) =>
    isWrong(scope) ? [{ pointer: `/scopes/${index}`, ...error }] : [],
  );
}
