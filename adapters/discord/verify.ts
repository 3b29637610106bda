import { createPublicKey, type KeyObject, verify } from "node:crypto";

/** What stands before the 32 bytes of an Ed25519 key in its DER form (RFC 8410). */
const spki = Buffer.from("302a300506032b6570032100", "hex");
/** Discord states no window; a request may be this much older than our clock, or a little younger. */
const olderMs = 5 * 60_000;
const youngerMs = 60_000;

/** The application's public key, from its 64 hex digits. */
export const readPublicKey = (hex: string): KeyObject =>
  createPublicKey({ key: Buffer.concat([spki, Buffer.from(hex, "hex")]), format: "der", type: "spki" });

/**
 * Whether these bytes were signed by Discord with this timestamp, within the time that a request is believed.
 * https://docs.discord.com/developers/interactions/overview, "Validating Security Request Headers".
 */
export function verifyRequest(
  key: KeyObject,
  headers: { signature: string; timestamp: string },
  body: Uint8Array,
  now: Date,
): "holds" | "invalid" | "stale" {
  const { signature, timestamp } = headers;
  if (!/^[0-9a-f]{128}$/i.test(signature) || !/^\d{1,12}$/.test(timestamp)) return "invalid";
  const signed = Buffer.concat([Buffer.from(timestamp), body]);
  if (!verify(null, signed, key, Buffer.from(signature, "hex"))) return "invalid";
  const ageMs = now.getTime() - Number(timestamp) * 1000;
  return ageMs > olderMs || ageMs < -youngerMs ? "stale" : "holds";
}
