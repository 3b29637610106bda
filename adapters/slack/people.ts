import type { Actor } from "../../src/contract/actor.ts";
import type { AdapterDeps } from "../../src/contract/adapter.ts";
import { DomainError } from "../../src/contract/errors.ts";
import type { WebClient } from "./sdk.ts";

/** Somebody in Slack whom the register knows. */
export interface Colleague {
  slackUserId: string;
  id: string;
  actor: Actor;
  /** Who they are beside an advisor of their pools, such as a clearer of another one. */
  other: Actor | null;
}

/** Does a thing as an advisor, and where the referral lies in none of their pools, by their other roles. */
export async function asWhoever<T>(
  { actor, other }: Pick<Colleague, "actor" | "other">,
  act: (actor: Actor) => Promise<T>,
): Promise<T> {
  try {
    return await act(actor);
  } catch (error) {
    const isElsewhere = error instanceof DomainError && error.code === "referral/not-found";
    if (other === null || !isElsewhere) throw error;
    return act(other);
  }
}

export type Known = { ok: true; colleague: Colleague } | { ok: false; says: string };

/** What Slack says of an account; `good`: it is in use, of this workspace, and no guest's. */
interface Account {
  email: string | null;
  good: boolean;
  isAdmin: boolean;
}

const keptMs = 5 * 60_000;

const strangerSays =
  "Your Slack account is not one of an advisor here. If it should be, ask your lead to add you to the register with your Slack id or your verified email.";
const guestSays = "Guests, deactivated accounts and people of other organisations cannot act on referrals.";
const awaySays =
  "Fingerpost cannot look anything up at the moment, and nothing was changed. Please try again.";
const unreachableSays = "Slack could not tell us who you are at the moment. Please try again.";

/**
 * Who a Slack user is: an account in good standing of this workspace that the register names by its id, or by the email
 * that Slack has verified. What Slack says of the account is kept for five minutes; the register is asked each time.
 */
export function createPeople(
  deps: Pick<AdapterDeps, "core" | "now">,
  client: WebClient,
  team: () => Promise<string>,
) {
  const accounts = new Map<string, Account & { untilMs: number }>();

  async function accountOf(slackUserId: string): Promise<Account> {
    const nowMs = deps.now().getTime();
    const known = accounts.get(slackUserId);
    if (known && known.untilMs > nowMs) return known;
    const { user } = await client.users.info({ user: slackUserId });
    const isOwn = user?.team_id === (await team());
    const isGuest =
      user?.is_restricted === true || user?.is_ultra_restricted === true || user?.is_stranger === true;
    const good = isOwn && !isGuest && user?.deleted !== true && user?.is_bot !== true;
    const email = user?.is_email_confirmed === true ? (user.profile?.email ?? null) : null;
    const isAdmin = user?.is_admin === true || user?.is_owner === true;
    const account = { email, good, isAdmin, untilMs: nowMs + keptMs };
    if (accounts.size > 5_000) accounts.clear();
    accounts.set(slackUserId, account);
    return account;
  }

  const entryOf = async (slackUserId: string, email: string | null) =>
    (await deps.core.findPerson("slackUserId", slackUserId)) ??
    (email === null ? null : await deps.core.findPerson("email", email));

  return {
    team,
    account: accountOf,
    async find(slackUserId: string): Promise<Known> {
      const account = await accountOf(slackUserId).catch(() => null);
      if (account === null) return { ok: false, says: unreachableSays };
      if (!account.good) return { ok: false, says: guestSays };
      const entry = await entryOf(slackUserId, account.email).catch(() => undefined);
      if (entry === undefined) return { ok: false, says: awaySays };
      if (entry === null) return { ok: false, says: strangerSays };
      const { id, pools, roles } = entry;
      const person: Actor = { kind: "person", id };
      const advises = pools.length > 0;
      const actor: Actor = advises ? { kind: "advisor", id } : person;
      const other = advises && roles.length > 0 ? person : null;
      return { ok: true, colleague: { slackUserId, id, actor, other } };
    },
  };
}
export type People = ReturnType<typeof createPeople>;
