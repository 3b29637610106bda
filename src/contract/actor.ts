/**
 * Who asks, as proved by a key, a session or a signature. What they may do with one referral is worked out from this
 * and the register (`referrals/roles.ts`); nothing here grants a right by itself.
 */
export type Actor =
  | { kind: "admin"; keyId: string }
  | { kind: "manager"; department?: string }
  | { kind: "advisor"; id: string; actedBy?: string }
  | { kind: "person"; id: string; actedBy?: string }
  | { kind: "operator"; forum: string }
  /** `voice` is the strongest person this proof can speak for: a bare key only for a moderator. */
  | { kind: "forum"; forum: string; voice: "moderator" | "member"; actedBy?: string }
  /** The member's own page. */
  | { kind: "member"; referralId: string }
  | { kind: "timer" }
  | { kind: "register"; appliedBy: string }
  | { kind: "delivery" };

/** How somebody stands in the audit: the role they acted in, their own id or their key's, and the key that spoke for them. */
export function auditOf(actor: Actor): {
  actorRole: string;
  actorId: string | null;
  actedBy: string | null;
} {
  return { actorRole: roleOf(actor), actorId: idOf(actor), actedBy: actedByOf(actor) };
}

function roleOf({ kind }: Actor): string {
  if (kind === "admin") return "administrator";
  return kind === "forum" ? "moderator" : kind;
}

function idOf(actor: Actor): string | null {
  if (actor.kind === "admin") return actor.keyId;
  if (actor.kind === "register") return actor.appliedBy;
  return actor.kind === "advisor" || actor.kind === "person" ? actor.id : null;
}

const actedByOf = (actor: Actor): string | null => ("actedBy" in actor ? (actor.actedBy ?? null) : null);
