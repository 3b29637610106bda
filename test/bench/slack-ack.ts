import { setTimeout as wait } from "node:timers/promises";
import { applyMigrations } from "../../src/db/index.ts";
import { createSlack, type Slack } from "../simulators/slack/index.ts";
import { defineBench } from "./bench.ts";
import { quantile, show } from "./figures.ts";
import { asAdmin, benchRegister } from "./register.ts";
import { startOurs } from "./servers.ts";
import { createSlowDatabase } from "./slow-database.ts";

const channel = "C0BENCH0001";
const advisor = "U0BENCH0001";
const perSecond = 50;
const slowMs = 500;
/** What Slack waits for an acknowledgement (docs.slack.dev/interactivity/handling-user-interaction). */
const deadlineMs = 3_000;

export const bench = defineBench({
  name: "slack-ack",
  about: `Slack's clicks and commands, ${perSecond} a second, while every answer of the database takes ${slowMs} ms longer.`,
  async run(context) {
    const cluster = await context.cluster();
    await applyMigrations({ url: cluster.url });
    const database = await createSlowDatabase(cluster.url);
    context.finally(() => database.close());
    const slack = await createSlack({ now: () => new Date() });
    context.finally(() => slack.close());
    slack.addPerson(advisor, { email: "amal@example.gov.uk" });
    slack.addChannel(channel, [advisor]);
    const { address } = await startOurs(context, {
      databaseUrl: database.url,
      env: {
        SLACK_BOT_TOKEN: slack.state.botToken,
        SLACK_SIGNING_SECRET: slack.signingSecret,
        SLACK_API_URL: slack.apiUrl,
      },
    });
    slack.setAppUrl(`${address}/slack/events`);
    await asAdmin(address, "PUT", "/v1/register", benchRegister());
    const card = cardWith(slack, "claim");
    await load(slack, card, 1);
    database.slowBy(slowMs);
    const tookMs = await load(slack, card, context.quick ? 1 : 20);
    const { violations } = slack.state;
    const p99 = quantile(tookMs, 0.99);
    return [
      {
        what: `acknowledgement, p99 of ${tookMs.length}`,
        ours: show(p99, " ms"),
        floor: "–",
        target: "≤ 3 s, none missed, no modal late",
        holds: Math.max(...tookMs) <= deadlineMs && violations.length === 0,
        detail: { p50: quantile(tookMs, 0.5), p99, most: Math.max(...tookMs), violations },
      },
    ];
  },
});

/** A card as the app would post it, with a button to click. */
function cardWith(slack: Slack, action: string): { channel: string; ts: string } {
  const ts = slack.say(slack.state.botUser, channel, "A card");
  const card = slack.messagesIn(channel).find((message) => message.ts === ts);
  const button = { type: "button", action_id: action, value: "FP-7K4M-2QXD" };
  if (card) card.blocks = [{ type: "actions", elements: [button] }];
  return { channel, ts };
}

/** Clicks and commands in turn at an even pace, whether or not earlier ones were answered; how long each answer took. */
async function load(slack: Slack, card: { channel: string; ts: string }, seconds: number): Promise<number[]> {
  const tookMs: number[] = [];
  const timed = async (act: () => Promise<unknown>): Promise<void> => {
    const from = performance.now();
    await act();
    tookMs.push(performance.now() - from);
  };
  const begun: Promise<void>[] = [];
  const startedAt = performance.now();
  for (let i = 0; i < seconds * perSecond; i += 1) {
    await wait(Math.max(0, startedAt + (i * 1000) / perSecond - performance.now()));
    const act = () =>
      i % 2 === 0 ? slack.click(advisor, card, "claim") : slack.command(advisor, "/referrals", "", channel);
    begun.push(timed(act));
  }
  await Promise.all(begun);
  return tookMs;
}
