import type { Actor } from "../contract/actor.ts";
import type { Role } from "../contract/vocabulary.ts";
import { holdersOf, holdsRole, type Register } from "../register/model.ts";
import type { Referral } from "./model.ts";

type Standing = Pick<
  Referral,
  "id" | "forumSlug" | "poolSlug" | "ownerId" | "lastOwnerId" | "state" | "everDiverted"
>;

/** Roles that the administrator holds because nobody else does yet. */
const vacant = (register: Register): Role[] =>
  (["triage", "safeguarding"] as const).filter((role) => holdersOf(register, role).length === 0);

function advisorRoles(id: string, referral: Standing, register: Register): Role[] {
  const advisor = register.advisors.get(id);
  if (!advisor || referral.poolSlug === null || !advisor.pools.includes(referral.poolSlug)) return [];
  const roles: Role[] = ["advisor"];
  if (advisor.role === "lead") roles.push("lead", "clearer");
  if (referral.ownerId === id) roles.push("owner");
  if (referral.lastOwnerId === id) roles.push("last-owner");
  if (holdsRole(register, id, "clearer", referral.poolSlug)) roles.push("clearer");
  return roles;
}

function personRoles(id: string, referral: Standing, register: Register): Role[] {
  const holds = (role: string, of?: string) => holdsRole(register, id, role, of);
  const roles: Role[] = [];
  if (holds("triage")) roles.push("triage");
  if (holds("safeguarding")) roles.push("safeguarding");
  if (referral.poolSlug !== null && holds("clearer", referral.poolSlug)) roles.push("clearer");
  if (holds("operator", referral.forumSlug)) roles.push("operator");
  if (holds("administrator")) roles.push("administrator", ...vacant(register));
  return roles;
}

/**
 * The roles that an actor holds for one referral, from who they are and the register; none for a stranger.
 * An advisor holds roles only where the referral lies in one of their own pools.
 */
export function rolesOf(actor: Actor, referral: Standing, register: Register): Set<Role> {
  switch (actor.kind) {
    case "admin":
      return new Set<Role>(["administrator", ...vacant(register)]);
    case "advisor":
      return new Set(advisorRoles(actor.id, referral, register));
    case "person":
      return new Set(personRoles(actor.id, referral, register));
    case "operator":
      return new Set<Role>(actor.forum === referral.forumSlug ? ["operator"] : []);
    case "forum": {
      if (actor.forum !== referral.forumSlug) return new Set();
      return new Set<Role>(actor.voice === "member" ? ["moderator", "member"] : ["moderator"]);
    }
    case "member":
      return new Set<Role>(actor.referralId === referral.id ? ["member"] : []);
    case "manager":
      return new Set();
    default:
      return new Set<Role>([actor.kind]);
  }
}

/** What part of all referrals an actor may see, for the query that reads them. `null` means all; an empty one none. */
export interface Scope {
  forum?: string;
  pools?: readonly string[];
  referralId?: string;
  /** Only those that are, or were, a matter for safeguarding. */
  diverted?: boolean;
}

/** A forum's own referrals; none once it has left, whoever still has a key of it. */
const ofForum = (forum: string, register: Register): Scope[] =>
  register.forums.get(forum)?.leftAt ? [] : [{ forum }];

/** The parts of all referrals that an actor sees, joined by "or"; `null` when nothing is hidden from them. */
export function scopesOf(actor: Actor, register: Register): Scope[] | null {
  switch (actor.kind) {
    case "admin":
    case "timer":
    case "register":
    case "delivery":
      return null;
    case "advisor":
      return [{ pools: register.advisors.get(actor.id)?.pools ?? [] }];
    case "operator":
    case "forum":
      return ofForum(actor.forum, register);
    case "member":
      return [{ referralId: actor.referralId }];
    case "manager":
      return [];
    case "person": {
      const person = register.people.get(actor.id);
      if (!person) return [];
      const holds = (role: string) => holdsRole(register, actor.id, role);
      if (holds("administrator") || holds("auditor") || holds("triage")) return null;
      const named = person.roles.map((role) => role.split(":"));
      const scopes: Scope[] = named.flatMap(([role, of]): Scope[] => {
        if (role === "clearer" && of) return [{ pools: [of] }];
        return role === "operator" && of ? ofForum(of, register) : [];
      });
      return holds("safeguarding") ? [...scopes, { diverted: true }] : scopes;
    }
  }
}

/** Whose eyes a view is made for: a forum's, the pool's, or an auditor's. */
export type Viewpoint = "forum" | "pool" | "auditor";

/** Whoever runs a forum sees its referrals as the forum does, unless another of their roles opens this very one. */
export function viewpointOf(
  actor: Actor,
  referral: Pick<Referral, "poolSlug" | "everDiverted">,
  register: Register,
): Viewpoint {
  if (actor.kind === "forum" || actor.kind === "operator" || actor.kind === "member") return "forum";
  if (actor.kind === "admin") return "auditor";
  if (actor.kind === "person") {
    const holds = (role: string, of?: string) => holdsRole(register, actor.id, role, of);
    if (holds("auditor") || holds("administrator")) return "auditor";
    const { poolSlug, everDiverted } = referral;
    const clears = poolSlug !== null && holds("clearer", poolSlug);
    return holds("triage") || clears || (everDiverted && holds("safeguarding")) ? "pool" : "forum";
  }
  return "pool";
}
