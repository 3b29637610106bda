import { setTimeout as sleep } from "node:timers/promises";
import type { Adapter, AdapterDeps, Capabilities } from "../../src/contract/adapter.ts";
import { catchUp } from "./catch-up.ts";
import { check } from "./checks.ts";
import { deliver, find } from "./deliver.ts";
import { byGuild, type Desk } from "./desk.ts";
import { followUp, noteDeleted } from "./follow-ups.ts";
import { createGateway } from "./gateway.ts";
import { createInbound } from "./inbound.ts";
import { answerOverGateway, createReactions } from "./interactions.ts";
import { createMemories } from "./memories.ts";
import { applicationOf, putCommands } from "./register.ts";
import { type Call, createCall, isTokenRefused, patiently } from "./rest.ts";
import { readPublicKey } from "./verify.ts";

export { createCommands } from "./commands.ts";

export const capabilities: Capabilities = {
  notices: [
    "referral.replied",
    "referral.question",
    "referral.consent_requested",
    "referral.corrected",
    "referral.retracted",
    "referral.closed",
    "redact",
    "clinic",
  ],
  textLength: 10_000,
  // Discord drops a repeat for some minutes only: later a send of unknown fate is looked up by its mark.
  dedupes: false,
};

/** A forum that lives in a Discord server: moderators refer there, and answers come back to the post. */
export function createAdapter(deps: AdapterDeps): Adapter {
  const { publicKey } = deps.settings;
  const desk: Desk = { deps, call: createCall(deps), memories: createMemories(deps) };
  const reactions = createReactions(desk);
  const gateway =
    deps.settings.gateway === "off"
      ? null
      : createGateway(deps, {
          interaction: (interaction) => void answerOverGateway(desk, reactions, interaction),
          heard: (heard) => void followUp(desk, heard),
          deleted: (deleted) => void noteDeleted(desk, deleted),
          opened: () => void catchUp(desk, (heard) => void followUp(desk, heard)),
        });
  let opening: Promise<void> = Promise.resolve();
  return {
    name: "discord",
    capabilities,
    deliver: (delivery, signal) => deliver(desk, delivery, signal),
    find: (delivery, signal) => find(desk, delivery, signal),
    ...(publicKey === undefined ? {} : { inbound: createInbound(deps, readPublicKey(publicKey), reactions) }),
    checks: async () => check({ deps, call: desk.call, forums: await deps.core.listForums("discord") }),
    async start() {
      opening = openMemories(desk);
      void putOurCommands(desk, opening);
      if (gateway === null && publicKey === undefined) deps.logger.warn(unheard, { adapter: "discord" });
      gateway?.start();
    },
    async stop() {
      await gateway?.stop();
      await Promise.race([Promise.all([opening, reactions.idle()]), sleep(stopWithinMs)]);
    },
  };
}

const unheard = "Nobody hears what is done in Discord: set DISCORD_PUBLIC_KEY, or leave DISCORD_GATEWAY on.";
/** Longest that a stop waits for answers under way. */
const stopWithinMs = 8_000;
/** One instance at a time looks after the commands. */
const commandsLeaseMs = 60_000;

/** Brings to hand what first answers need. Where it cannot be had yet, it is sought again when it is asked for. */
async function openMemories({ deps, memories }: Desk): Promise<void> {
  try {
    await Promise.all([memories.open(), deps.core.findForum(...byGuild, "0")]);
  } catch (error) {
    deps.logger.warn("What Discord is answered from is not at hand yet.", { adapter: "discord" });
    deps.logger.debug("Why it is not.", {
      adapter: "discord",
      outcome: error instanceof Error ? error.name : "unknown",
    });
  }
}

/** Puts the commands where they differ. A fault stops nothing: `fingerpost discord register` does it by hand. */
async function putOurCommands({ deps, call }: Desk, opened: Promise<void>): Promise<void> {
  const { logger, memory, settings } = deps;
  const trying: Call = (request) => patiently(call, request);
  try {
    await opened;
    if (!(await memory.lease("commands", commandsLeaseMs))) return;
    const done = await putCommands(trying, settings.applicationId ?? (await applicationOf(trying)));
    logger.info("Discord has the commands.", { adapter: "discord", outcome: done });
  } catch (error) {
    if (isTokenRefused(error))
      logger.error("Discord refuses the token: set DISCORD_TOKEN anew.", { adapter: "discord" });
    else logger.error("Discord could not be given the commands.", { adapter: "discord" }, error);
  }
}
