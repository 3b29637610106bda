import type { Adapter, AdapterDeps, Capabilities } from "../../src/contract/adapter.ts";
import { deliver, find } from "./deliver.ts";
import type { Desk } from "./desk.ts";
import { createInbound } from "./inbound.ts";
import { createReactions } from "./interactions.ts";
import { createMemories } from "./memories.ts";
import { createCall } from "./rest.ts";
import { readPublicKey } from "./verify.ts";

export const capabilities: Capabilities = {
  notices: [
    "referral.replied",
    "referral.question",
    "referral.consent_requested",
    "referral.corrected",
    "referral.retracted",
    "referral.closed",
    "redact",
  ],
  textLength: 10_000,
  threads: true,
  privateReplies: true,
  // Discord drops a repeat for some minutes only: later a send of unknown fate is looked up by its mark.
  dedupes: false,
  followUps: true,
};

/** What is said under a reply is heard over the gateway alone; without it there is the button Ask again. */
const hearsFollowUps = ({ gateway }: Readonly<Record<string, string>>): boolean => gateway !== "off";

/** A forum that lives in a Discord server: moderators refer there, and answers come back to the post. */
export function createAdapter(deps: AdapterDeps): Adapter {
  const { publicKey } = deps.settings;
  const desk: Desk = { deps, call: createCall(deps), memories: createMemories(deps) };
  const reactions = createReactions(desk);
  return {
    name: "discord",
    capabilities: { ...capabilities, followUps: hearsFollowUps(deps.settings) },
    deliver: (delivery, signal) => deliver(desk, delivery, signal),
    find: (delivery, signal) => find(desk, delivery, signal),
    ...(publicKey === undefined ? {} : { inbound: createInbound(deps, readPublicKey(publicKey), reactions) }),
    stop: () => reactions.idle(),
  };
}
