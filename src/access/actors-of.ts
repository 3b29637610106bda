import type { Actor } from "../contract/actor.ts";
import { parsePersonRole, type Register } from "../register/model.ts";
import { parseScope } from "./scopes.ts";

/**
 * What somebody signed in may act as, from the scopes that name them and the register as it is now; the least powerful
 * first. A person's roles bring further actors: `operator:<forum>`, `manager`, `administrator`. None once the register no
 * longer knows them.
 */
export function actorsOf(scopes: readonly string[], register: Register, sessionId: string): Actor[] {
  const actors = scopes.flatMap((scope): Actor[] => {
    const owner = parseScope(scope);
    if (owner?.kind === "advisor" && register.advisors.has(owner.id))
      return [{ kind: "advisor", id: owner.id }];
    if (owner?.kind === "person") return actorsOfPerson(register, owner.id);
    if (owner?.kind === "operator" && register.forums.has(owner.id))
      return [{ kind: "operator", forum: owner.id }];
    return owner?.kind === "admin" ? [{ kind: "admin", keyId: `session:${sessionId}` }] : [];
  });
  return actors.sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind));
}

const order: Actor["kind"][] = ["advisor", "person", "operator", "manager", "admin"];

function actorsOfPerson(register: Register, id: string): Actor[] {
  const person = register.people.get(id);
  if (!person) return [];
  const byRole = person.roles.map(parsePersonRole).flatMap(({ role, of }): Actor[] => {
    if (role === "operator" && of !== null && register.forums.has(of))
      return [{ kind: "operator", forum: of }];
    if (role === "manager") return [of === null ? { kind: "manager" } : { kind: "manager", department: of }];
    return role === "administrator" ? [{ kind: "admin", keyId: `person:${id}` }] : [];
  });
  return [{ kind: "person", id }, ...byRole];
}

/** The scopes of whoever has this email address in the register, as an advisor, as a person or both; none for a stranger. */
export function scopesOfEmail(register: Register, email: string): string[] {
  const wanted = email.trim().toLowerCase();
  const has = (entry: { email?: string | undefined }) =>
    wanted !== "" && entry.email?.toLowerCase() === wanted;
  return [
    ...[...register.advisors.values()].filter(has).map(({ id }) => `advisor:${id}`),
    ...[...register.people.values()].filter(has).map(({ id }) => `person:${id}`),
  ];
}
