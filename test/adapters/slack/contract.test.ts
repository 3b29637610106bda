import { capabilities } from "../../../adapters/slack/index.ts";
import type { Delivery } from "../../../src/contract/adapter.ts";
import { type AdapterWorld, describeAdapter, type FarMood } from "../../contract/describe-adapter.ts";
import { type Fault, liveParts } from "../../simulators/slack/index.ts";
import { alertChannel, createStage, poolChannel } from "./stage.ts";

const forumChannel = "C0FORUM0001";

const places = {
  alert: { destination: "alert:triage", address: { channel: alertChannel } },
  pool: { destination: "pool:dwp-universal-credit", address: { channel: poolChannel } },
  forum: { destination: "forum:village", address: { teamId: "T0000000001" } },
} as const;

const faults: Record<FarMood, Fault | null> = {
  well: null,
  "429": "429",
  "500": "500",
  slow: "slow",
  reset: "reset",
  "applied-then-reset": "applied-then-reset",
  gone: "error:is_archived",
};

/** A notice for a forum is about a message in Slack, where the suite's own stands elsewhere. */
function inSlack(delivery: Delivery, post: string): Delivery {
  const { notice } = delivery;
  if (notice.type === "clinic")
    return { ...delivery, notice: { ...notice, data: { ...notice.data, thread: post } } };
  if (notice.audience !== "forum" || !("post" in notice.data)) return delivery;
  return { ...delivery, notice: Object.assign({ ...notice }, { data: { ...notice.data, post } }) };
}

async function create(): Promise<AdapterWorld> {
  const { adapter, slack } = await createStage();
  slack.addChannel(forumChannel, ["U0MEMBER001"]);
  const ts = slack.say("U0MEMBER001", forumChannel, "My payment has not come.");
  const post = `https://example.slack.com/archives/${forumChannel}/p${ts.replace(".", "")}`;
  return {
    adapter: {
      ...adapter,
      deliver: (delivery, signal) => adapter.deliver(inSlack(delivery, post), signal),
    },
    place: (audience) => places[audience === "alert" || audience === "forum" ? audience : "pool"],
    setMood: (mood) => slack.setFault(() => faults[mood]),
    shown: () =>
      [poolChannel, alertChannel, forumChannel]
        .flatMap((channel) => slack.messagesIn(channel))
        .filter(({ user }) => user === slack.state.botUser)
        .map((message) => ({ raw: JSON.stringify(message) })),
    violations: () => slack.state.violations,
    isActive: (raw) => liveParts(JSON.parse(raw)).length > 0,
    close: () => slack.close(),
  };
}

describeAdapter("slack", { capabilities, create });
