// Signs what a forum sends to Fingerpost and checks what comes back. Node 20 or later, nothing to install.
import { createHmac, randomUUID, timingSafeEqual } from "node:crypto";

const toleranceSeconds = 300;
const keyOf = (secret) => Buffer.from(secret.replace(/^whsec_/, ""), "base64");

/** The signature of one message: id, timestamp (seconds) and body, joined by full stops. */
export function sign(secret, id, timestamp, body) {
  return `v1,${createHmac("sha256", keyOf(secret)).update(`${id}.${timestamp}.${body}`).digest("base64")}`;
}

/** Sends a referral or an event. Send it again with the same id if the answer is lost: it counts once. */
export async function send({ baseUrl, slug, secret }, what, message, id = randomUUID()) {
  const body = JSON.stringify(message);
  const timestamp = Math.floor(Date.now() / 1000);
  const answer = await fetch(`${baseUrl}/v1/forums/${slug}/${what}`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      "webhook-id": id,
      "webhook-timestamp": String(timestamp),
      "webhook-signature": sign(secret, id, timestamp, body),
    },
    body,
  });
  return { status: answer.status, body: await answer.json() };
}

/** Whether a callback is genuine. `body` is its text, byte for byte, before it is parsed. */
export function isGenuine(secret, headers, body, nowSeconds = Date.now() / 1000) {
  const id = headers["webhook-id"] ?? "";
  const timestamp = Number(headers["webhook-timestamp"]);
  if (!Number.isInteger(timestamp) || Math.abs(nowSeconds - timestamp) > toleranceSeconds) return false;
  const own = Buffer.from(sign(secret, id, timestamp, body));
  return String(headers["webhook-signature"] ?? "")
    .split(" ")
    .some((given) => {
      const theirs = Buffer.from(given);
      return theirs.length === own.length && timingSafeEqual(theirs, own);
    });
}
