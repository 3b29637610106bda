import { expect } from "vitest";
import { createManualClock } from "../../../src/db/index.ts";
import { createSlack, type Message, type Slack, type View } from "../../simulators/slack/index.ts";
import { exampleRegister } from "../../support/example-register.ts";
import { adminKey, createWorld, monday, type World } from "../../support/world.ts";

export const channel = "C0POOLUC001";
export const amal = "U0AMAL00001";
export const bea = "U0BEA000001";
export const lee = "U0LEE000001";

/** Where a forum lives in the same workspace: its channel, somebody who moderates it, and a member. */
export const village = "C0VILLAGE01";
export const mod = "U0MOD000001";
export const member = "U0MEMBER001";

const villageForum = (teamId: string) => ({
  slug: "village",
  name: "Example village",
  url: "https://village.example/",
  platform: "slack",
  slack: { teamId },
  intervention: { model: "referral", agreedOn: "2026-01-05", agreedWith: "forum administrator" },
});

/** In everything that is said in a pool's threads, and nowhere else: it must never be seen outside Slack. */
const canary = "canary-7f3a";

export interface Day {
  world: World;
  slack: Slack;
  /** The newest card in the pool's channel. */
  card(): { channel: string; ts: string };
  cardText(): string;
  /** What the app wrote in a channel, without what people say there. */
  ours(channel: string): Message[];
  /** Waits for what a click set going behind its acknowledgement. */
  until(holds: () => unknown): Promise<void>;
  /** The one modal that a person has open, once it says this. */
  modal(user: string, says: string): Promise<View>;
  /** Time passes: what is due goes out, and somebody talks under every new card. */
  pass(): Promise<void>;
  /** Ends the day, after looking through everything that left Slack for what was only said in private. */
  close(): Promise<void>;
}

const slackIds: Record<string, string> = { "amal.h": amal, "bea.k": bea, "lee.d": lee };

/** A whole instance beside a Slack workspace whose people are its advisors. */
export async function createDay(mode: "http" | "socket"): Promise<Day> {
  const clock = createManualClock(monday);
  let now = () => clock.now();
  const slack = await createSlack({ now: () => now(), elapsedMs: () => now().getTime(), burst: 20 });
  const env = {
    SLACK_BOT_TOKEN: slack.state.botToken,
    SLACK_API_URL: slack.apiUrl,
    ...(mode === "http"
      ? { SLACK_SIGNING_SECRET: slack.signingSecret }
      : { SLACK_APP_TOKEN: slack.state.appToken }),
  };
  const world = await createWorld({ env });
  now = () => world.clock.now();
  slack.setAppUrl(`${world.instance.address}/slack/events`);
  if (mode === "socket") slack.useCarrier(slack.socketMode.carrier);
  for (const user of [amal, bea, lee]) slack.addPerson(user);
  slack.addChannel(channel, [amal, bea, lee]);
  slack.addPerson(mod, { admin: true });
  slack.addPerson(member, { guest: true });
  slack.addChannel(village, [mod, member]);
  const { pools, advisors } = exampleRegister("http://unused.example");
  const applied = await world.apply({
    pools: pools.map((pool) => (pool.slug === "uc" ? { ...pool, slack: { channel } } : pool)),
    forums: [villageForum(slack.state.teamId)],
    advisors: advisors.map((one) => ({
      ...one,
      ...(slackIds[one.id] ? { slackUserId: slackIds[one.id] } : {}),
    })),
  });
  expect(applied.status).toBe(200);

  const ours = (where: string) => slack.messagesIn(where).filter(({ user }) => user === slack.state.botUser);
  const cardOf = () =>
    ours(channel)
      .filter(({ threadTs }) => threadTs === null)
      .at(-1);
  const talkedUnder = new Set<string>();
  /** Somebody says a thing in private under every card, and Slack tells the app of it, though it never asked. */
  async function talk(): Promise<void> {
    for (const { id } of slack.state.channels.values()) {
      if (id === village) continue;
      for (const { ts } of ours(id).filter((one) => one.threadTs === null && !talkedUnder.has(one.ts))) {
        talkedUnder.add(ts);
        const text = `${canary} ${talkedUnder.size}: I know this family <@${lee}>`;
        const said = slack.say(amal, id, text, ts);
        const event = { type: "message", channel: id, user: amal, text, ts: said, thread_ts: ts };
        await slack.event(event);
      }
    }
  }
  async function lookForTalk(): Promise<void> {
    const { body } = await world.call("GET", "/v1/referrals?limit=100", adminKey);
    const views = await Promise.all(
      body.items.map(({ reference }: { reference: string }) => world.show(reference)),
    );
    const elsewhere = { arrived: world.arrived, log: world.log, views, forum: slack.messagesIn(village) };
    for (const [place, seen] of Object.entries(elsewhere))
      expect(JSON.stringify(seen), `said in private, seen in ${place}`).not.toContain(canary);
    expect(talkedUnder.size).toBeGreaterThan(0);
  }
  const until = async (holds: () => unknown): Promise<void> => {
    const end = performance.now() + 25_000;
    while (!holds()) {
      if (performance.now() > end) throw new Error(`It did not come to ${holds.toString()}`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  };
  return {
    world,
    slack,
    ours,
    card: () => ({ channel, ts: cardOf()?.ts ?? "" }),
    cardText: () => JSON.stringify(cardOf() ?? {}),
    until,
    async modal(user, says) {
      let found: View | undefined;
      await until(() => {
        found = slack.openViews(user).find(({ view }) => JSON.stringify(view).includes(says));
        return found;
      });
      if (!found) throw new Error("There is no such modal.");
      return found;
    },
    async pass() {
      await world.pass(2_000);
      await talk();
    },
    async close() {
      try {
        await talk();
        await lookForTalk();
      } finally {
        await world.close();
        await slack.close();
      }
    },
  };
}
