import type { Actor } from "../contract/actor.ts";
import { DomainError } from "../contract/errors.ts";
import { holdsRole, type Register } from "../register/model.ts";

/** Whether somebody may decide about the directory: administrators and publishers. */
export const decidesProposals = (register: Register, actor: Actor): boolean =>
  actor.kind === "admin" ||
  (actor.kind === "person" &&
    ["publisher", "administrator"].some((role) => holdsRole(register, actor.id, role)));

/** Who somebody is, as it stands beside a decision; refuses whoever may not decide about the directory. */
export function mayDecide(register: Register, actor: Actor): string {
  if (!decidesProposals(register, actor)) throw new DomainError("access/forbidden");
  if (actor.kind === "admin") return `key:${actor.keyId}`;
  return actor.kind === "person" ? actor.id : actor.kind;
}
