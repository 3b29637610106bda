import { randomBytes } from "node:crypto";
import { z } from "zod";
import type { Actor } from "../contract/actor.ts";
import { lengths } from "../contract/bodies.ts";
import { DomainError } from "../contract/errors.ts";
import { Language } from "../contract/vocabulary.ts";
import type { Tx } from "../db/index.ts";
import { newId } from "../delivery/index.ts";
import type { Deps } from "../deps.ts";
import { modelsFor } from "../register/model.ts";
import { createVerifyCode } from "./reference.ts";
import { insertContentKey, insertReply } from "./store/records.ts";
import { digestOf } from "./texts.ts";
import { replyText } from "./verb.ts";

export const DirectReplyBody = z.strictObject({
  url: z.url({ protocol: /^https?$/ }).max(lengths.url),
  text: replyText,
  pool: z.string().min(1).max(lengths.id),
  language: Language.optional(),
});
export type DirectReplyBody = z.infer<typeof DirectReplyBody>;

export interface DirectReply {
  id: string;
  verify: { code: string; url: string };
  deliveredAt: string;
}

/**
 * Records what an advisor wrote on a forum that agreed to direct participation, so that anyone can check it. It counts
 * as a reply, not as a referral. Refuses forums that agreed to something else and pools that are not the advisor's.
 */
export async function recordDirectReply(
  deps: Deps,
  tx: Tx,
  forumSlug: string,
  { url, text, pool: poolSlug, language }: DirectReplyBody,
  actor: Actor,
): Promise<DirectReply> {
  const register = await deps.register(tx);
  const forum = register.forums.get(forumSlug);
  const pool = register.pools.get(poolSlug);
  if (!forum || forum.leftAt) throw new DomainError("forum/not-found");
  const mine = actor.kind === "advisor" && register.advisors.get(actor.id)?.pools.includes(poolSlug);
  if (actor.kind !== "advisor" || !pool || !mine) throw new DomainError("pool/not-found");
  if (!modelsFor(forum, pool.department).includes("direct")) throw new DomainError("forum/direct-not-agreed");
  const now = deps.now();
  const { key, ...wrapped } = deps.keyring.createContentKey();
  const id = newId(now);
  const verifyCode = createVerifyCode(randomBytes(13));
  await insertContentKey(tx, { id, ...wrapped });
  await insertReply(tx, {
    id,
    forumSlug,
    poolSlug,
    authorId: actor.id,
    state: "delivered",
    body: key.seal(text),
    url: key.seal(url),
    language: language ?? forum.language,
    disposition: "answered_in_public",
    sha256: digestOf(text),
    verifyCode,
    createdAt: now,
    deliveredAt: now,
    visibleAt: now,
  });
  return {
    id,
    verify: { code: verifyCode, url: `${deps.baseUrl}/verify/${verifyCode}` },
    deliveredAt: now.toISOString(),
  };
}
