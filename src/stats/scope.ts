import type { Actor } from "../contract/actor.ts";
import { DomainError } from "../contract/errors.ts";
import { parsePersonRole, type Register } from "../register/model.ts";

/** A part of all figures that somebody may see. */
export type Scope = { forum: string } | { department: string } | { pools: readonly string[] };

/** Roles of people that see every figure. */
const everywhere = ["administrator", "auditor", "triage", "manager"];

function scopesOfPerson(register: Register, id: string): Scope[] | null {
  const roles = (register.people.get(id)?.roles ?? []).map(parsePersonRole);
  if (roles.some(({ role, of }) => of === null && everywhere.includes(role))) return null;
  return roles.flatMap(({ role, of }): Scope[] => {
    if (of === null) return [];
    if (role === "operator") return [{ forum: of }];
    return role === "manager" || role === "engagement" ? [{ department: of }] : [];
  });
}

/**
 * The figures an actor may see, joined by "or"; null for all of them. A forum and its operator see their own, a lead
 * their pools, a manager a department or all. Refuses everybody else.
 */
export function statsScopes(register: Register, actor: Actor): Scope[] | null {
  if (actor.kind === "admin") return null;
  if (actor.kind === "manager")
    return actor.department === undefined ? null : [{ department: actor.department }];
  if (actor.kind === "forum" || actor.kind === "operator") return [{ forum: actor.forum }];
  if (actor.kind !== "advisor" && actor.kind !== "person") throw new DomainError("access/forbidden");
  const scopes = scopesOfPerson(register, actor.id);
  const advisor = register.advisors.get(actor.id);
  if (scopes !== null && advisor?.role === "lead") scopes.push({ pools: advisor.pools });
  if (scopes?.length === 0) throw new DomainError("access/forbidden");
  return scopes;
}

/** Whether all an actor sees is their own forum's, which keeps its merged referrals among those received. */
export const isForumsView = (scopes: Scope[] | null): boolean =>
  scopes?.every((scope) => "forum" in scope) ?? false;
