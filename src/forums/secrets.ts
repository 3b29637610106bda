import { randomBytes } from "node:crypto";
import type { Actor } from "../contract/actor.ts";
import { DomainError } from "../contract/errors.ts";
import type { Tx } from "../db/index.ts";
import type { Deps } from "../deps.ts";
import { bumpRevision, lockRegister, registerAtHand } from "../register/index.ts";
import type { Register } from "../register/model.ts";
import { presentForumRunBy } from "./may-run.ts";
import { holdForum, recordForumEvent, replaceSecret, selectLiveSecrets } from "./store.ts";

/** The old secret goes on holding this long, so that a forum can change over without losing a message. */
const overlapMs = 24 * 60 * 60 * 1000;

export interface IssuedSecret {
  /** `whsec_` and 32 random bytes in base64, as Standard Webhooks writes a secret. Told this one time. */
  secret: string;
  /** Until when the secret before this one holds, as ISO 8601; null when there is none or it was revoked. */
  previousValidUntil: string | null;
}

/**
 * Makes a signing secret for a forum, within a transaction. The one before holds for 24 h more; `revokeOld` ends it at
 * once. Only an administrator or the forum's operator may; a forum that left gets none. Recorded as
 * `forum.secret-issued`.
 */
export async function issueSecret(
  deps: Pick<Deps, "now" | "register" | "keyring">,
  tx: Tx,
  input: { forum: string; revokeOld?: boolean | undefined },
  actor: Actor,
): Promise<IssuedSecret> {
  const { forum, revokeOld = false } = input;
  // Every instance then reads the secrets anew before it takes another referral by the old ones.
  await lockRegister(tx);
  await bumpRevision(tx);
  presentForumRunBy(await deps.register(tx), forum, actor);
  if (!(await holdForum(tx, forum))) throw new DomainError("forum/not-found");
  const now = deps.now();
  const previous = await selectLiveSecrets(tx, forum, now);
  const secret = `whsec_${randomBytes(32).toString("base64")}`;
  const othersUntil = revokeOld ? now : new Date(now.getTime() + overlapMs);
  await replaceSecret(tx, { forum, secret: deps.keyring.sealSecret(secret), now, othersUntil });
  await recordForumEvent(tx, {
    type: "forum.secret-issued",
    forum,
    actor,
    now,
    data: { revokedOld: revokeOld },
  });
  return {
    secret,
    previousValidUntil: previous.length === 0 || revokeOld ? null : othersUntil.toISOString(),
  };
}

/** The secrets that a signature of or for this forum may be made with now, the newest first; none where it has none. */
export async function liveSecrets(
  deps: Pick<Deps, "now" | "keyring" | "db">,
  forum: string,
): Promise<string[]> {
  const stored = await selectLiveSecrets(deps.db, forum, deps.now());
  return stored.map(({ secret }) => deps.keyring.openSecret(secret));
}

/**
 * Reads secrets once for each revision of the register, which changes with every secret. What it answers was so when this
 * instance last read the register: whoever leans on it checks that the register has not changed since.
 */
export function createSecretMemory(
  deps: Pick<Deps, "now" | "keyring" | "db" | "register">,
): (forum: string) => Promise<string[]> {
  const known = new WeakMap<Register, Map<string, HeldSecret[]>>();
  return async (forum) => {
    const register = registerAtHand(deps.register) ?? (await deps.register(deps.db));
    const held = known.get(register) ?? new Map<string, HeldSecret[]>();
    known.set(register, held);
    // A name that no forum has is not kept: anybody can ask for it.
    const secrets = held.get(forum) ?? (await openSecrets(deps, forum));
    if (register.forums.has(forum)) held.set(forum, secrets);
    const now = deps.now();
    return secrets.filter(({ until }) => until === null || until > now).map(({ secret }) => secret);
  };
}

interface HeldSecret {
  secret: string;
  until: Date | null;
}

async function openSecrets(
  { db, keyring, now }: Pick<Deps, "now" | "keyring" | "db">,
  forum: string,
): Promise<HeldSecret[]> {
  const stored = await selectLiveSecrets(db, forum, now());
  return stored.map(({ secret, validUntil }) => ({ secret: keyring.openSecret(secret), until: validUntil }));
}
