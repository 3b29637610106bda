import { expect } from "vitest";
import { createManualClock } from "../../../src/db/index.ts";
import { createSlack, type Slack, type View } from "../../simulators/slack/index.ts";
import { exampleRegister } from "../../support/example-register.ts";
import { createWorld, monday, type World } from "../../support/world.ts";

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

/** Said in a thread and nowhere else: it must never be seen outside Slack. */
export const canary = "canary-7f3a said in private";

export interface Day {
  world: World;
  slack: Slack;
  /** The newest card in the pool's channel. */
  card(): { channel: string; ts: string };
  cardText(): string;
  /** Waits for what a click set going behind its acknowledgement. */
  until(holds: () => unknown): Promise<void>;
  /** The one modal that a person has open, once it says this. */
  modal(user: string, says: string): Promise<View>;
  pass(): Promise<void>;
  close(): Promise<void>;
}

const slackIds: Record<string, string> = { "amal.h": amal, "bea.k": bea, "lee.d": lee };

/** A whole instance beside a Slack workspace whose people are its advisors. */
export async function createDay(mode: "http" | "socket"): Promise<Day> {
  const clock = createManualClock(monday);
  let now = () => clock.now();
  const slack = await createSlack({ now: () => now(), burst: 20 });
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

  const cardOf = () =>
    slack
      .messagesIn(channel)
      .filter((message) => message.threadTs === null && message.user === slack.state.botUser)
      .at(-1);
  const until = async (holds: () => unknown): Promise<void> => {
    const end = performance.now() + 8_000;
    while (!holds()) {
      if (performance.now() > end) throw new Error(`It did not come to ${holds.toString()}`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  };
  return {
    world,
    slack,
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
    },
    async close() {
      await world.close();
      await slack.close();
    },
  };
}
