import type { Actor } from "../contract/actor.ts";
import type { Advice } from "../contract/core-api.ts";
import type { MaskedCode, Role } from "../contract/vocabulary.ts";
import type { Tx } from "../db/index.ts";
import type { Deps } from "../deps.ts";
import type { ContentKey } from "../privacy/index.ts";
import type { Register } from "../register/model.ts";
import type { SafetyFinding } from "../safety/index.ts";
import type { Referral, Reply } from "./model.ts";
import { rolesOf } from "./roles.ts";
import { readReplies } from "./store/records.ts";

/** One verb at work on one referral: everything it reads, and the referral as it stands after each step so far. */
export interface Turn {
  deps: Deps;
  tx: Tx;
  now: Date;
  register: Register;
  actor: Actor;
  roles: Set<Role>;
  referral: Referral;
  /** Opens the content; null once erased. */
  key: ContentKey | null;
  replies: Reply[];
  /** Pools that showed this referral before the turn, so that their cards are brought up to date. */
  poolsBefore: Set<string>;
  /** The last event's type, for the card. */
  lastEvent: string;
  /** Safety wording found in what was typed: the referral is diverted when the verb is done. */
  found: SafetyFinding | null;
  /** Words for the moderator, where safety wording was found. */
  advice: Advice[];
  /** What was masked in what was typed. */
  masked: Set<MaskedCode>;
  /** A delivery that the answer has to wait for. */
  awaited: { id: string; state: string } | null;
}

/** The referral changed between reading and writing: the caller begins again. */
export class ChangedMeanwhile extends Error {}

/** `read`: the register, where this transaction has read it. */
export async function beginTurn(
  deps: Deps,
  tx: Tx,
  referral: Referral,
  actor: Actor,
  now: Date,
  read?: Register,
): Promise<Turn> {
  const register = read ?? (await deps.register(tx));
  const replies = await readReplies(tx, [referral.id]);
  return {
    deps,
    tx,
    now,
    register,
    actor,
    roles: rolesOf(actor, referral, register),
    referral,
    key: referral.sealed ? deps.keyring.unwrap(referral.sealed.key) : null,
    replies: replies.get(referral.id) ?? [],
    poolsBefore: new Set(referral.poolSlug === null ? [] : [referral.poolSlug]),
    lastEvent: "",
    found: null,
    advice: [],
    masked: new Set(),
    awaited: null,
  };
}
