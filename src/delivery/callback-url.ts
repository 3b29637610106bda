import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import { isPublicAddress } from "./public-address.ts";

export interface EgressRules {
  /** Lets http, loopback and private addresses pass: for tests and a machine of one's own. */
  allowPrivate: boolean;
}

export type UrlRefusal = "not-a-url" | "not-https" | "has-credentials" | "private-address" | "name-not-found";

/** What is wrong with a URL before any name is looked up; null where nothing is. */
export function refuseUrl(text: string, rules: EgressRules): UrlRefusal | null {
  if (!URL.canParse(text)) return "not-a-url";
  const url = new URL(text);
  const isPlain = url.protocol === "http:";
  if (url.protocol !== "https:" && !(isPlain && rules.allowPrivate)) return "not-https";
  if (url.username !== "" || url.password !== "") return "has-credentials";
  if (rules.allowPrivate) return null;
  const host = hostOf(url);
  // The URL parser has already written decimal, octal and hexadecimal forms as four plain numbers.
  if (isIP(host) !== 0 && !isPublicAddress(host)) return "private-address";
  return null;
}

/** The host without the brackets of an IPv6 literal and without the root's dot. */
const hostOf = (url: URL): string => url.hostname.replace(/^\[(.*)\]$/, "$1").replace(/\.$/, "");

/**
 * Whether a callback may be sent to this URL, for use when a register is applied: what is wrong, or null. Every address of
 * its name must be public. The same is checked again at each send, when the name may lead elsewhere.
 */
export async function checkCallbackUrl(
  text: string,
  rules: EgressRules,
  resolve: (host: string) => Promise<readonly { address: string }[]> = (host) => lookup(host, { all: true }),
): Promise<UrlRefusal | null> {
  const refusal = refuseUrl(text, rules);
  if (refusal !== null || rules.allowPrivate) return refusal;
  const addresses = await resolve(hostOf(new URL(text))).catch(() => []);
  if (addresses.length === 0) return "name-not-found";
  return addresses.every(({ address }) => isPublicAddress(address)) ? null : "private-address";
}
