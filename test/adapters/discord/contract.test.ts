import { capabilities } from "../../../adapters/discord/index.ts";
import { type AdapterWorld, describeAdapter, type FarMood } from "../../contract/describe-adapter.ts";
import { type Fault, liveParts, type WireRequest } from "../../simulators/discord/index.ts";
import { channel, createStage } from "./stage.ts";

const faults: Record<FarMood, Fault | null> = {
  well: null,
  "429": "429",
  "500": "500",
  slow: "slow",
  reset: "reset",
  "applied-then-reset": "applied-then-reset",
  gone: "error:10003",
};

/** What was applied and lost is what was written; reading changes nothing. */
const concerns = (mood: FarMood, { method }: WireRequest): boolean =>
  mood !== "applied-then-reset" || method !== "GET";

async function create(): Promise<AdapterWorld> {
  const { adapter, discord, post, address } = await createStage();
  return {
    adapter,
    post,
    place: () => ({ destination: "forum:parents", address }),
    setMood: (mood) => discord.setFault((request) => (concerns(mood, request) ? faults[mood] : null)),
    shown: () =>
      discord.shownIn(channel).map(({ content, components, body }) => ({
        raw: JSON.stringify({ content, components, allowed_mentions: body.allowed_mentions }),
      })),
    violations: () => discord.violations,
    isActive: (raw) => liveParts(JSON.parse(raw)).length > 0,
    close: () => discord.close(),
  };
}

describeAdapter("discord", { capabilities, create });
