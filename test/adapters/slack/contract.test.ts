import { capabilities } from "../../../adapters/slack/index.ts";
import { type AdapterWorld, describeAdapter, type FarMood } from "../../contract/describe-adapter.ts";
import { type Fault, liveParts } from "../../simulators/slack/index.ts";
import { alertChannel, createStage, poolChannel } from "./stage.ts";

const faults: Record<FarMood, Fault | null> = {
  well: null,
  "429": "429",
  "500": "500",
  slow: "slow",
  reset: "reset",
  "applied-then-reset": "applied-then-reset",
  gone: "error:is_archived",
};

async function create(): Promise<AdapterWorld> {
  const { adapter, slack } = await createStage();
  return {
    adapter,
    place: (audience) =>
      audience === "alert"
        ? { destination: "alert:triage", address: { channel: alertChannel } }
        : { destination: "pool:dwp-universal-credit", address: { channel: poolChannel } },
    setMood: (mood) => slack.setFault(() => faults[mood]),
    shown: () =>
      [...slack.messagesIn(poolChannel), ...slack.messagesIn(alertChannel)].map((message) => ({
        raw: JSON.stringify(message),
      })),
    violations: () => slack.state.violations,
    isActive: (raw) => liveParts(JSON.parse(raw)).length > 0,
    close: () => slack.close(),
  };
}

describeAdapter("slack", { capabilities, create });
