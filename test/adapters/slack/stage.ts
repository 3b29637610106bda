import { createSlackAdapter } from "../../../adapters/slack/index.ts";
import type { AdapterDeps, Delivery, Memory } from "../../../src/contract/adapter.ts";
import type { CoreApi } from "../../../src/contract/core-api.ts";
import { createManualClock } from "../../../src/db/index.ts";
import { noticeOf } from "../../contract/notices.ts";
import { createSlack, type SlackOptions } from "../../simulators/slack/index.ts";
import { stubCore } from "../webhook/stub-core.ts";

export const poolChannel = "C0POOL00001";
export const alertChannel = "C0ALERT0001";

/** The adapter in front of a workspace, on one clock: waiting for a turn moves it. */
export async function createStage(
  given: {
    core?: Partial<CoreApi>;
    slack?: Partial<SlackOptions>;
    memory?: Memory;
    wait?: (ms: number) => Promise<unknown>;
  } = {},
) {
  const clock = createManualClock(new Date("2026-11-02T09:00:00Z"));
  const slack = await createSlack({
    now: () => clock.now(),
    elapsedMs: () => clock.now().getTime(),
    ...given.slack,
  });
  slack.addPerson("U0AMAL00001");
  slack.addChannel(poolChannel, ["U0AMAL00001"]);
  slack.addChannel(alertChannel, []);
  const kept = new Map<string, unknown>();
  const memory: Memory = {
    get: async (key) => kept.get(key),
    set: async (key, value) => void kept.set(key, value),
    lease: async () => true,
  };
  const log: string[] = [];
  const write = (message: string, fields?: unknown, error?: unknown) =>
    void log.push(`${message} ${JSON.stringify(fields ?? {})} ${error === undefined ? "" : String(error)}`);
  const deps: AdapterDeps = {
    core: stubCore(given.core ?? {}),
    http: { request: async () => ({ ok: false, sent: false, refused: true, reason: "unused" }) },
    memory: given.memory ?? memory,
    logger: { debug: write, info: write, warn: write, error: write },
    now: () => clock.now(),
    baseUrl: "https://fingerpost.example",
    settings: { botToken: slack.state.botToken, signingSecret: slack.signingSecret, apiUrl: slack.apiUrl },
  };
  const adapter = createSlackAdapter(deps, given.wait ?? (async (ms) => clock.advance(ms)));
  return { clock, slack, adapter, deps, log };
}
export type Stage = Awaited<ReturnType<typeof createStage>>;

let made = 0;

/** A card for a channel, with an id of its own; `change` makes anything else of it. */
export function deliveryTo(stage: Stage, channel: string, change: Partial<Delivery> = {}): Delivery {
  made += 1;
  const id = `019a0000-0000-7000-8000-${String(made).padStart(12, "0")}`;
  const text = `words of delivery ${made}.`;
  return {
    id,
    attempt: 1,
    uncertain: false,
    destination: `pool:${channel}`,
    address: { channel },
    notice: noticeOf("card", { text, reference: `FP-${made}` }),
    remembered: undefined,
    createdAt: stage.clock.now(),
    ...change,
  };
}
