import type { Actor } from "../contract/actor.ts";
import { DomainError } from "../contract/errors.ts";
import type { Register } from "../register/model.ts";
import { isInRegister, parseScope } from "./scopes.ts";

/**
 * The actor that an administrator's key acts as, by `advisor:<id>`, `person:<id>` or `forum:<slug>`; the key stays with
 * it as `actedBy`. Without `as` the actor itself. Refuses `as` from anybody else (`access/forbidden`), what is not written
 * so (`request/invalid`) and whom the register does not know (`access/scope-unknown`).
 */
export function actAs(actor: Actor, as: string | undefined, register: Register): Actor {
  if (as === undefined) return actor;
  if (actor.kind !== "admin")
    throw new DomainError("access/forbidden", {
      detail: "Only an administrator's key may act for somebody.",
    });
  const owner = parseScope(as);
  const actedBy = actor.keyId;
  if (owner !== null && !isInRegister(owner, register)) throw unknownName();
  switch (owner?.kind) {
    case "advisor":
    case "person":
      return { kind: owner.kind, id: owner.id, actedBy };
    case "forum":
      return { kind: "forum", forum: owner.id, voice: "moderator", actedBy };
    default:
      throw nobody();
  }
}

function unknownName(): DomainError {
  const errors = [{ pointer: "/as", detail: "The register has no such entry." }];
  return new DomainError("access/scope-unknown", {
    detail: "The register does not know whom to act as.",
    errors,
  });
}

function nobody(): DomainError {
  const hint = "advisor:<id>, person:<id> or forum:<slug>.";
  return new DomainError("request/invalid", {
    errors: [{ pointer: "/as", detail: "A key cannot act as that.", hint }],
  });
}
