import type { Actor } from "../contract/actor.ts";
import { DomainError } from "../contract/errors.ts";
import type { Nation } from "../contract/vocabulary.ts";
import type { Deps } from "../deps.ts";
import { checkText, type Finding } from "../guidance/index.ts";
import { localDate } from "../pools/index.ts";
import { containsPersonalData } from "../privacy/index.ts";
import { openContent } from "./content.ts";
import { mistakesInForumText } from "./forum-text.ts";
import { type Origin, readOrigins } from "./origins.ts";
import { scopesOf, viewpointOf } from "./roles.ts";
import { findReferral } from "./store/referrals.ts";

/** Longest reply that any forum takes; adapters split what their platform cannot show at once. */
const textLength = 10_000;

/**
 * Reads a reply before it is sent and says what its author should look at, and where else it goes: to what was merged into
 * this referral. Keeps nothing; refuses who may not see it.
 */
export async function checkReply(
  deps: Deps,
  reference: string,
  text: string,
  actor: Actor,
): Promise<{ findings: Finding[]; origins: Origin[] }> {
  const register = await deps.register(deps.db);
  const referral = await findReferral(deps.db, reference, scopesOf(actor, register), false);
  if (!referral) throw new DomainError("referral/not-found");
  const key = referral.sealed ? deps.keyring.unwrap(referral.sealed.key) : null;
  const content = openContent(referral, key);
  const findings = checkText({
    text,
    question: content ? `${content.title ?? ""}\n${content.excerpt}` : "",
    personalData: containsPersonalData(text),
    textLength,
    mistakes: mistakesInForumText(text),
    nation: referral.nation as Nation | null,
    today: localDate(deps.now(), "Europe/London"),
    electionPeriods: register.electionPeriods,
  });
  // What else was merged into it is other forums' business.
  const isForums = viewpointOf(actor, referral, register) === "forum";
  return { findings, origins: isForums ? [] : await readOrigins(deps.db, referral.id, register) };
}
