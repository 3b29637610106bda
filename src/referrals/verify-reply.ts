import type { Deps } from "../deps.ts";
import { nameOf } from "../register/model.ts";
import { findReplyByCode } from "./store/verify.ts";

/** What anyone may know of a reply by its code. Never a name of a person, never more than the beginning of the text. */
export interface Verified {
  code: string;
  status: "current" | "corrected" | "withdrawn" | "removed";
  department: string;
  pool: string;
  forum: { slug: string; name: string };
  /** Where the forum shows it, if it said so and while that is kept. */
  url: string | null;
  deliveredAt: string;
  changedAt: string | null;
  language: string;
  /** The first 200 characters, while the text is kept. */
  begins: string | null;
  /** SHA-256 over the text's NFC form in UTF-8, hexadecimal. */
  sha256: string;
}

/** How much of a reply anyone may read by its code. */
export const shownCharacters = 200;

/** The reply with this code if it was sent by a department, or null. A code is read in any case, with or without dashes. */
export async function verifyReply(deps: Deps, typed: string): Promise<Verified | null> {
  const bare = typed
    .toUpperCase()
    .replace(/[^0-9A-Z]/g, "")
    .replaceAll("O", "0")
    .replace(/[IL]/g, "1");
  if (bare.length !== 13) return null;
  const code = `${bare.slice(0, 4)}-${bare.slice(4, 8)}-${bare.slice(8)}`;
  const reply = await findReplyByCode(deps.db, code);
  if (!reply || reply.deliveredAt === null) return null;
  const register = await deps.register(deps.db);
  const pool = register.pools.get(reply.poolSlug);
  const key = reply.key ? deps.keyring.unwrap(reply.key) : null;
  const text = reply.body && key ? key.open(reply.body) : null;
  const withdrawn = reply.state === "withdrawn";
  const status = withdrawn
    ? "withdrawn"
    : reply.removedAt
      ? "removed"
      : reply.correctedAt
        ? "corrected"
        : "current";
  return {
    code,
    status,
    department: nameOf(register, "departments", pool?.department ?? ""),
    pool: nameOf(register, "pools", reply.poolSlug),
    forum: { slug: reply.forumSlug, name: nameOf(register, "forums", reply.forumSlug) },
    url: reply.url && key ? key.open(reply.url) : null,
    deliveredAt: reply.deliveredAt.toISOString(),
    changedAt: (reply.withdrawnAt ?? reply.removedAt ?? reply.correctedAt)?.toISOString() ?? null,
    language: reply.language,
    begins: text === null ? null : [...text].slice(0, shownCharacters).join(""),
    sha256: Buffer.from(reply.sha256).toString("hex"),
  };
}
