import type { Mail } from "../access/index.ts";
import type { Actor } from "../contract/actor.ts";
import type { HttpClient } from "../contract/adapter.ts";
import { DomainError } from "../contract/errors.ts";
import { localDate } from "../pools/index.ts";
import type { ApplyDeps } from "../register/index.ts";
import { lettersOf } from "../register/letters.ts";
import type { RegisteredForum } from "../register/model.ts";
import { changeForum } from "./change-forum.ts";
import { forumToJoin } from "./forum-to-join.ts";

const codeLength = 12;
/** Addresses that only whoever runs a domain reads (RFC 2142), and the usual one of a forum. */
export const mailboxes = ["postmaster", "webmaster", "admin"] as const;
export type Mailbox = (typeof mailboxes)[number];

export interface ProofDeps extends ApplyDeps {
  http: HttpClient;
  /** The TXT records of a name, each in its pieces; rejects where there are none. */
  resolveTxt(name: string): Promise<string[][]>;
  mailer: { isOn: boolean; send(mail: Mail): Promise<void> };
}

export type Proof =
  | { how: "dns-record" }
  | { how: "post"; url: string }
  | { how: "email-at-domain"; code: string };

/** The host that a forum's address names, without `www`. */
export const hostOf = (forum: Pick<RegisteredForum, "url">): string | null =>
  forum.url === undefined ? null : new URL(forum.url).hostname.replace(/^www\./, "");

/** What a forum's operator puts where only they can: the same each time, another for each forum and purpose. */
export function proofCode(
  deps: Pick<ProofDeps, "keyring">,
  forum: string,
  purpose: "shown" | "mailed",
): string {
  const bytes = deps.keyring.hash(`forum-proof-${purpose}`, forum);
  return lettersOf(bytes.slice(0, codeLength)).replace(/.{4}(?=.)/g, "$&-");
}

/** The TXT record that proves a domain. */
export const recordFor = (deps: Pick<ProofDeps, "keyring">, forum: RegisteredForum) => ({
  name: `_fingerpost.${hostOf(forum) ?? ""}`,
  value: `fingerpost=${proofCode(deps, forum.slug, "shown")}`,
});

type MailFacts = Record<"host" | "name" | "code", string>;

const mailIn = {
  en: ({ host, name, code }: MailFacts) => ({
    subject: `Prove that ${host} is yours`,
    text: `Somebody who says that they run ${name} would like it to take part in Fingerpost.\n\nIf that is so, give them this code: ${code}\n\nIf it is not, do nothing.`,
  }),
  cy: ({ host, name, code }: MailFacts) => ({
    subject: `Profwch mai chi biau ${host}`,
    text: `Hoffai rhywun sy’n dweud ei fod yn rhedeg ${name} iddo gymryd rhan yn Fingerpost.\n\nOs felly y mae, rhowch y cod hwn iddo: ${code}\n\nOs nad yw, peidiwch â gwneud dim.`,
  }),
};

/** Sends the mailed code, in the forum's language, to one of its own mailboxes. Refuses a forum without an address (`forum/not-proved`). */
export async function mailProof(
  deps: ProofDeps,
  input: { forum: string; mailbox: Mailbox },
  actor: Actor,
): Promise<void> {
  const forum = await forumToJoin(deps, input.forum, actor);
  const host = hostOf(forum);
  if (host === null) throw new DomainError("forum/not-proved", { detail: "This forum has no address yet." });
  const code = proofCode(deps, forum.slug, "mailed");
  const mail = mailIn[forum.language === "cy" ? "cy" : "en"]({ host, name: forum.name, code });
  await deps.mailer.send({ to: `${input.mailbox}@${host}`, ...mail });
}

/**
 * Looks for a forum's proof and, where it holds, notes it in the register with today's day: a TXT record, a post on the
 * forum's own host, or the code that was mailed. Refuses what does not hold (`forum/not-proved`). Only an administrator or
 * the forum's operator may.
 */
export async function proveForum(
  deps: ProofDeps,
  input: { forum: string; proof: Proof },
  actor: Actor,
): Promise<void> {
  const forum = await forumToJoin(deps, input.forum, actor);
  const { proof } = input;
  const refusal = await refusalOf(deps, forum, proof);
  if (refusal !== null) throw new DomainError("forum/not-proved", { detail: refusal });
  const on = localDate(deps.now(), "Europe/London");
  await changeForum(
    deps,
    forum.slug,
    (entry) => ({ ...entry, directory: { ...entry.directory, proof: { how: proof.how, on } } }),
    actor,
  );
}

/** Why a proof does not hold, or null. */
async function refusalOf(deps: ProofDeps, forum: RegisteredForum, proof: Proof): Promise<string | null> {
  if (hostOf(forum) === null) return "This forum has no address yet.";
  if (proof.how === "dns-record") return refusalOfRecord(deps, forum);
  if (proof.how === "post") return refusalOfPost(deps, forum, proof.url);
  const typed = proof.code.toUpperCase().replace(/\s/g, "");
  return typed === proofCode(deps, forum.slug, "mailed") ? null : "This is not the code that was mailed.";
}

async function refusalOfRecord(deps: ProofDeps, forum: RegisteredForum): Promise<string | null> {
  const { name, value } = recordFor(deps, forum);
  const records = await deps.resolveTxt(name).catch(() => []);
  return records.some((pieces) => pieces.join("").trim() === value)
    ? null
    : "The record was not found. A new one may take an hour to be seen everywhere.";
}

async function refusalOfPost(deps: ProofDeps, forum: RegisteredForum, url: string): Promise<string | null> {
  const host = hostOf(forum) ?? "";
  const at = URL.canParse(url) ? new URL(url) : null;
  const isTheirs = at !== null && (at.hostname === host || at.hostname.endsWith(`.${host}`));
  if (!isTheirs) return `The post has to be on ${host}.`;
  const answer = await deps.http.request({ url: at.href, method: "GET", headers: { accept: "text/html" } });
  if (!answer.ok || answer.response.status !== 200) return "The post could not be opened without signing in.";
  return answer.response.body.includes(proofCode(deps, forum.slug, "shown"))
    ? null
    : "The code was not found near the beginning of that page.";
}
