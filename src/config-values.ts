import { isIP } from "node:net";
import { z } from "zod";

/** The kinds of value a variable may hold. Each takes the text of the environment; its message says what to write. */

const keyBytes = 32;

export const text = z.string();

export const databaseUrl = matching(/^postgres(ql)?:\/\//, "must begin with postgres:// or postgresql://");

export const smtpUrl = matching(/^smtps?:\/\//, "must begin with smtp:// or smtps://");

export const apiKey = matching(
  /^[\x21-\x7e]{32,512}$/,
  "must be 32 to 512 characters of printable ASCII, without spaces: a header carries no others",
);

export const number = matching(/^\d+$/, "must be a number");

/** An Ed25519 public key as Discord shows it. */
export const publicKey = matching(/^[0-9a-f]{64}$/i, "must be 64 hex digits");

export const port = matching(/^\d{1,5}$/, "must be a whole number from 0 to 65535")
  .transform(Number)
  .refine((value) => value <= 65_535, { error: "must be a whole number from 0 to 65535" });

/** An address of the web, kept without its final slashes. */
export const webAddress = z
  .string()
  .refine(isWebAddress, {
    error: "must be an http:// or https:// address without a query, fragment or password",
  })
  .transform((value) => value.replace(/\/+$/, ""));

/** IP addresses and CIDR ranges, separated by commas or spaces. */
export const addresses = z
  .string()
  .transform((value) => value.split(/[\s,]+/).filter((address) => address !== ""))
  .refine((values) => values.every(isAddressOrRange), {
    error: "must be IP addresses or CIDR ranges, separated by commas",
  });

/** 32 bytes, as 64 hex digits or as base64 (the usual or the URL alphabet, with or without padding). */
export const encryptionKey = z
  .string()
  .refine((value) => decodeKey(value).length === keyBytes, {
    error: "must be 32 bytes, as 64 hex digits or as base64 (make one: openssl rand -base64 32)",
  })
  .transform(decodeKey);

/** One of a few words. */
export function oneOf<const Words extends readonly string[]>(...words: Words) {
  return z.enum(words, { error: `must be ${listed(words)}` });
}

/** One word that means yes and one that means no. */
export function either(yes: string, no: string) {
  return z.enum([yes, no], { error: `must be ${yes} or ${no}` }).transform((value) => value === yes);
}

function matching(pattern: RegExp, error: string) {
  return z.string().regex(pattern, { error });
}

function listed(words: readonly string[]): string {
  return `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`;
}

function isWebAddress(value: string): boolean {
  if (!URL.canParse(value)) return false;
  const { protocol, search, hash, username, password } = new URL(value);
  return /^https?:$/.test(protocol) && `${search}${hash}${username}${password}` === "";
}

function isAddressOrRange(value: string): boolean {
  const [address = "", bits, ...rest] = value.split("/");
  const version = isIP(address);
  if (version === 0 || rest.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128));
}

function decodeKey(value: string): Buffer {
  if (/^[0-9a-f]{64}$/i.test(value)) return Buffer.from(value, "hex");
  if (/^[A-Za-z0-9+/_-]{43}=?$/.test(value)) return Buffer.from(value, "base64");
  return Buffer.alloc(0);
}
