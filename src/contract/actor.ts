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
