import { createHmac, hash, timingSafeEqual } from "node:crypto";
import { Webhook } from "standardwebhooks";

/** The three headers of Standard Webhooks 1.0.0, as they came. */
export interface SignatureHeaders {
  id: string | undefined;
  timestamp: string | undefined;
  signature: string | undefined;
}

export type SignatureVerdict = "holds" | "invalid" | "stale";

const prefix = "whsec_";
/** Standard Webhooks 1.0.0, "Signature scheme": between 24 bytes and 64 bytes. */
const leastSecretBytes = 24;
const toleranceSeconds = 5 * 60;
/** More signatures than any rotation needs; the rest of a header is not worth the work. */
const mostSignatures = 16;
const printable = /^[!-~]{1,256}$/;
const wholeNumber = /^(?:0|[1-9]\d{0,11})$/;
/** Compared with where a forum has no secret, so that an unknown one takes as long to refuse. */
const nobodysSecret = Buffer.alloc(32);

/** The bytes of a `whsec_…` secret; null where it is not canonical base64 of at least 24 bytes. */
export function readSecret(secret: string): Buffer | null {
  const text = secret.startsWith(prefix) ? secret.slice(prefix.length) : secret;
  const bytes = Buffer.from(text, "base64");
  return bytes.length >= leastSecretBytes && bytes.toString("base64") === text ? bytes : null;
}

/** The `webhook-signature` header of a body, with one signature for each secret. Refuses a short secret by a throw. */
export function sign(
  secrets: readonly string[],
  message: { id: string; timestamp: number; body: string },
): string {
  const signatures = secrets.map((secret) => {
    if (readSecret(secret) === null)
      throw new Error("A signing secret is base64 of at least 24 bytes after whsec_.");
    return new Webhook(secret).sign(message.id, new Date(message.timestamp * 1000), message.body);
  });
  return signatures.join(" ");
}

/**
 * Whether a request was signed by the holder of one of these secrets over exactly these bytes, less than five minutes
 * before or after `now`. Every secret is tried with every signature, and each pair is compared through a hash, so that
 * the time taken tells nothing. A timestamp that is no plain whole number does not hold.
 */
export function verify(
  headers: SignatureHeaders,
  body: Uint8Array,
  secrets: readonly string[],
  now: Date,
): SignatureVerdict {
  const { id, timestamp, signature } = headers;
  if (id === undefined || timestamp === undefined || signature === undefined) return "invalid";
  if (!printable.test(id) || !wholeNumber.test(timestamp)) return "invalid";
  const given = signature.split(" ").slice(0, mostSignatures).map(digest);
  const keys = secrets.map(readSecret).filter((key) => key !== null);
  let matches = 0;
  for (const key of keys.length === 0 ? [nobodysSecret] : keys) {
    // Over the bytes: read as text, two bodies that are not UTF-8 become the same one.
    const mac = createHmac("sha256", key).update(`${id}.${timestamp}.`).update(body).digest("base64");
    const expected = digest(`v1,${mac}`);
    for (const one of given) if (timingSafeEqual(one, expected)) matches += 1;
  }
  if (matches === 0 || keys.length === 0) return "invalid";
  const awaySeconds = Math.abs(now.getTime() / 1000 - Number(timestamp));
  return awaySeconds > toleranceSeconds ? "stale" : "holds";
}

const digest = (text: string): Buffer => Buffer.from(hash("sha256", text, "hex"));
