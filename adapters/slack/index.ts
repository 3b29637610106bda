import type { Adapter, AdapterDeps, Capabilities } from "../../src/contract/adapter.ts";
import { type ForumNotice, poolNotices } from "../../src/contract/vocabulary.ts";
import { createBolt } from "./bolt.ts";
import { defaultWait, type Outgoing } from "./calls.ts";
import { createChecks } from "./checks.ts";
import { clientOptions, createClient } from "./client.ts";
import { deliver, find } from "./deliver.ts";
import { createLimiter } from "./limiter.ts";
import { createListeners } from "./listeners.ts";

export { createCommands } from "./commands.ts";

/** What is shown in the thread of a post that a forum in Slack referred; of the rest its moderator is told at once. */
const threadNotices = [
  "referral.consent_requested",
  "referral.question",
  "referral.replied",
  "referral.corrected",
  "referral.retracted",
  "referral.closed",
] as const satisfies ForumNotice[];

export const capabilities: Capabilities = {
  notices: [...poolNotices, ...threadNotices, "clinic"],
  textLength: 4000,
  // Slack drops no repeat: a send of unknown fate is looked up by the delivery id in its metadata.
  dedupes: false,
};

/** A department's workspace, where advisors claim, talk, reply and resolve. On with `SLACK_BOT_TOKEN`. */
export const createAdapter = (deps: AdapterDeps): Adapter => createSlackAdapter(deps);

/** The same with a wait of its own, for whoever moves the clock by hand. */
export function createSlackAdapter(deps: AdapterDeps, wait: Outgoing["wait"] = defaultWait): Adapter {
  const { settings } = deps;
  const options = clientOptions(settings, deps.logger);
  const client = createClient(settings.botToken ?? "", options);
  const out: Outgoing = { client, limiter: createLimiter(deps.now), deps, wait };
  const bolt = createBolt(deps, { client, options, listen: createListeners({ deps, client }) });
  return {
    name: "slack",
    capabilities,
    deliver: (delivery, signal) => deliver(out, delivery, signal),
    find: (delivery, signal) => find(out, delivery, signal),
    ...(bolt.inbound === null ? {} : { inbound: bolt.inbound }),
    start: bolt.start,
    stop: bolt.stop,
    checks: createChecks(deps.core, client),
  };
}
