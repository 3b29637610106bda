import { DomainError } from "../contract/errors.ts";
import type { Language } from "../contract/vocabulary.ts";
import type { Tx } from "../db/index.ts";
import type { Deps } from "../deps.ts";
import { actorsOf, scopesOfEmail } from "./actors-of.ts";
import { hashKey } from "./keys.ts";
import { type BegunSession, beginSession, isTokenShaped, newToken, signedInAs } from "./sessions.ts";
import { recordEvent } from "./store.ts";
import { countLinksSince, insertSignInLink, isLinkGood, useLink } from "./store-sessions.ts";

const minuteMs = 60_000;
/** A link that was asked for at the sign-in page. */
const mailedForMs = 15 * minuteMs;
/** A link that somebody made by hand, and has to pass on. */
const handedForMs = 24 * 60 * minuteMs;
/** Links that one address may ask for within the life of one. */
const mostAtOnce = 3;

export interface SignInLink {
  url: string;
  /** ISO 8601. */
  expiresAt: string;
}

/** A mail to be sent. Without a mail server it is told to whoever runs the instance. */
export interface Mail {
  to: string;
  subject: string;
  text: string;
}

/**
 * Makes a link that signs somebody in once, within a transaction: `admin`, `operator:<forum>`, or the scopes of one human
 * being; it opens a page in `language`. Only its hash is kept. It holds for 24 hours, or fifteen minutes where it is `mailed`. Recorded, without the link.
 */
export async function issueSignInLink(
  deps: Pick<Deps, "now" | "baseUrl">,
  tx: Tx,
  {
    scopes,
    mailed = false,
    language = "en",
  }: { scopes: readonly string[]; mailed?: boolean; language?: Language },
): Promise<SignInLink> {
  const now = deps.now();
  const token = newToken();
  const expiresAt = new Date(now.getTime() + (mailed ? mailedForMs : handedForMs));
  await insertSignInLink(tx, { hash: hashKey(token), scopes: [...scopes], createdAt: now, expiresAt });
  const data = { scopes: [...scopes] };
  await recordEvent(tx, { type: "sign-in-link.issued", at: now, ...signedInAs(scopes), data });
  const pages = language === "cy" ? `${deps.baseUrl}/cy` : deps.baseUrl;
  return { url: `${pages}/sign-in/${token}`, expiresAt: expiresAt.toISOString() };
}

/** Makes a link for whoever has this address in the register. Refuses an address that nobody has (`access/email-unknown`). */
export async function issueLinkFor(
  deps: Pick<Deps, "now" | "baseUrl" | "register">,
  tx: Tx,
  email: string,
): Promise<SignInLink> {
  const scopes = scopesOfEmail(await deps.register(tx), email);
  if (scopes.length === 0) throw new DomainError("access/email-unknown");
  return issueSignInLink(deps, tx, { scopes });
}

const mailText = {
  en: {
    subject: "Your link to sign in to Fingerpost",
    lines: (url: string) => [
      "Somebody, probably you, asked to sign in to Fingerpost with this address.",
      `Open this link within 15 minutes; it works once:\n\n${url}`,
      "If it was not you, do nothing: without the link nobody gets in.",
    ],
  },
  cy: {
    subject: "Eich dolen i fewngofnodi i Fingerpost",
    lines: (url: string) => [
      "Gofynnodd rhywun, chi yn ôl pob tebyg, am gael mewngofnodi i Fingerpost gyda’r cyfeiriad hwn.",
      `Agorwch y ddolen hon o fewn 15 munud; mae’n gweithio unwaith:\n\n${url}`,
      "Os nad chi a ofynnodd, peidiwch â gwneud dim: heb y ddolen nid oes neb yn dod i mewn.",
    ],
  },
} satisfies Record<Language, object>;

/**
 * Sends a link to an address, if somebody in the register has it; whoever asks is not told which. At most three links in
 * fifteen minutes; further wishes change nothing.
 */
export async function mailSignInLink(
  deps: Pick<Deps, "now" | "baseUrl" | "register" | "transaction"> & { send(mail: Mail): Promise<void> },
  { email, language }: { email: string; language: Language },
): Promise<void> {
  const link = await deps.transaction(async (tx) => {
    const scopes = scopesOfEmail(await deps.register(tx), email);
    if (scopes.length === 0) return null;
    const since = new Date(deps.now().getTime() - mailedForMs);
    if ((await countLinksSince(tx, scopes, since)) >= mostAtOnce) return null;
    return issueSignInLink(deps, tx, { scopes, mailed: true, language });
  });
  if (link === null) return;
  const { subject, lines } = mailText[language];
  await deps.send({ to: email.trim(), subject, text: lines(link.url).join("\n\n") });
}

/** Whether a link would sign somebody in now; looking does not use it up. */
export async function isSignInLinkGood(deps: Pick<Deps, "db" | "now">, token: string): Promise<boolean> {
  return isTokenShaped(token) && isLinkGood(deps.db, hashKey(token), deps.now());
}

/** Uses a link up and signs in whom it names. Refuses one that is unknown, used or out of date (`access/link-invalid`). */
export async function signInByLink(
  deps: Pick<Deps, "now" | "register" | "transaction">,
  token: string,
): Promise<BegunSession> {
  if (!isTokenShaped(token)) throw new DomainError("access/link-invalid");
  return deps.transaction(async (tx) => {
    const scopes = await useLink(tx, hashKey(token), deps.now());
    if (scopes === null || actorsOf(scopes, await deps.register(tx), "new").length === 0)
      throw new DomainError("access/link-invalid");
    return beginSession(deps, tx, { scopes, method: "link" });
  });
}
