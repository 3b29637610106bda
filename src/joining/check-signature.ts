import { createHmac, timingSafeEqual } from "node:crypto";
import { z } from "zod";
import type { Actor } from "../contract/actor.ts";
import type { Deps } from "../deps.ts";
import { liveSecrets } from "../forums/index.ts";
import { forumToJoin } from "./forum-to-join.ts";

/** Standard Webhooks: a timestamp may differ from our clock by five minutes. */
const toleranceSeconds = 300;

export const SignedCall = z.strictObject({
  id: z.string().max(300),
  timestamp: z.string().max(40),
  signature: z.string().max(2000),
  body: z.string().max(64 * 1024),
});
export type SignedCall = z.infer<typeof SignedCall>;

export type SignatureVerdict =
  | "holds"
  | "no-secret"
  | "no-version"
  | "timestamp-not-a-number"
  | "timestamp-far"
  | "wrong";

/**
 * Whether a call that a forum's software signed would be taken, and if not, which part is wrong: `id`, `timestamp` and
 * `signature` as its headers, `body` byte for byte. Keeps nothing. For an administrator or the forum's operator.
 */
export async function checkSignature(
  deps: Pick<Deps, "now" | "register" | "db" | "keyring">,
  input: { forum: string; call: SignedCall },
  actor: Actor,
): Promise<SignatureVerdict> {
  const forum = await forumToJoin(deps, input.forum, actor);
  const { id, timestamp, signature, body } = input.call;
  const secrets = await liveSecrets(deps, forum.slug);
  if (secrets.length === 0) return "no-secret";
  // As strict as the door that calls come through: an id, a time and signatures are taken there only as they are written here.
  if (!/^(?:0|[1-9]\d{0,11})$/.test(timestamp.trim())) return "timestamp-not-a-number";
  const given = signature.trim().split(" ").slice(0, 16);
  if (!given.some((part) => part.startsWith("v1,"))) return "no-version";
  if (!/^[!-~]{1,256}$/.test(id.trim())) return "wrong";
  const holds = secrets.some((secret) => {
    const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
    const own = createHmac("sha256", key).update(`${id.trim()}.${timestamp.trim()}.${body}`).digest();
    const expected = Buffer.from(`v1,${own.toString("base64")}`);
    return given.some((part) => {
      const theirs = Buffer.from(part);
      return theirs.length === expected.length && timingSafeEqual(theirs, expected);
    });
  });
  if (!holds) return "wrong";
  const nowSeconds = deps.now().getTime() / 1000;
  return Math.abs(nowSeconds - Number(timestamp)) > toleranceSeconds ? "timestamp-far" : "holds";
}
