import type { Adapter, AdapterDeps, Capabilities, Delivery, Sent } from "../../src/contract/adapter.ts";
import { forumNotices } from "../../src/contract/vocabulary.ts";
import { readAnswer } from "./answer.ts";
import { createInbound } from "./inbound.ts";
import { renderCallback } from "./render.ts";
import { sign } from "./signature.ts";

export { createCommands } from "./commands.ts";

export const capabilities: Capabilities = {
  notices: [...forumNotices, "clinic"],
  textLength: 10_000,
  // A forum drops a second callback by its `webhook-id`, which is the delivery's id at every attempt.
  dedupes: true,
};

/** Forums with a server of their own: signed callbacks out, signed referrals and events in. No variables. */
export function createAdapter(deps: AdapterDeps): Adapter {
  return {
    name: "webhook",
    capabilities,
    deliver: (delivery, signal) => deliver(deps, delivery, signal),
    inbound: createInbound(deps),
  };
}

async function deliver(deps: AdapterDeps, delivery: Delivery, signal: AbortSignal): Promise<Sent> {
  const { callbackUrl } = delivery.address;
  if (typeof callbackUrl !== "string") return { outcome: "retry", reason: "no-callback-url" };
  const body = renderCallback(delivery.notice, delivery.createdAt);
  if (body === null) return { outcome: "refused", reason: "not-for-forums" };
  const secrets = await deps.core.forumSecrets(delivery.destination.replace(/^forum:/, ""));
  if (secrets.length === 0) return { outcome: "retry", reason: "no-secret" };
  const timestamp = Math.floor(deps.now().getTime() / 1000);
  const answer = await deps.http.request({
    url: callbackUrl,
    method: "POST",
    headers: {
      "content-type": "application/json; charset=utf-8",
      "user-agent": "Fingerpost",
      "webhook-id": delivery.id,
      "webhook-timestamp": String(timestamp),
      "webhook-signature": sign(secrets, { id: delivery.id, timestamp, body }),
    },
    body,
    signal,
  });
  if (answer.ok) return readAnswer(answer.response, deps.now());
  if (answer.sent) return { outcome: "unknown", reason: answer.reason };
  return { outcome: "retry", reason: answer.refused ? `address-${answer.reason}` : answer.reason };
}
