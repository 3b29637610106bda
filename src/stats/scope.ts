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

/** These scopes without those of forums, which have no business in how many work in a pool. */
export const beyondForums = (scopes: Scope[] | null): Scope[] | null =>
  scopes?.filter((scope) => !("forum" in scope)) ?? null;

/** What a reader may see of the rows: slugs, former ones among them. Null: all. */
export type Sight = { forums: readonly string[]; pools: readonly string[] } | null;

/** The slugs whose rows have to be read for these scopes. */
export function sightOf(
  scopes: Scope[] | null,
  departments: ReadonlyMap<string, string>,
  formerSlugs: (list: "pools" | "forums", slug: string) => readonly string[],
): Sight {
  if (scopes === null) return null;
  const pools = scopes.flatMap((scope) => {
    if ("pools" in scope) return scope.pools;
    if (!("department" in scope)) return [];
    return [...departments].flatMap(([pool, of]) => (of === scope.department ? [pool] : []));
  });
  return {
    forums: scopes.flatMap((scope) => ("forum" in scope ? [scope.forum] : [])),
    pools: pools.flatMap((pool) => [pool, ...formerSlugs("pools", pool)]),
  };
}

/** Whether figures of a forum and a pool are within these scopes. */
export function isSeen(
  scopes: Scope[] | null,
  forum: string | undefined,
  pool: string | null,
  department: string | null,
): boolean {
  if (scopes === null) return true;
  return scopes.some((scope) => {
    if ("forum" in scope) return scope.forum === forum;
    if ("department" in scope) return scope.department === department;
    return pool !== null && scope.pools.includes(pool);
  });
}
