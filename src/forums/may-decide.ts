import type { Actor } from "../contract/actor.ts";
import { DomainError } from "../contract/errors.ts";
import { holdsRole, type Register } from "../register/model.ts";

/** Who somebody is, as it stands beside a decision; refuses whoever may not decide about the directory. */
export function mayDecide(register: Register, actor: Actor): string {
  if (actor.kind === "admin") return `key:${actor.keyId}`;
  const mayPublish =
    actor.kind === "person" &&
    ["publisher", "administrator"].some((role) => holdsRole(register, actor.id, role));
  if (!mayPublish) throw new DomainError("access/forbidden");
  return actor.id;
}
