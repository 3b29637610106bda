import { fastify } from "fastify";
import { expect, test } from "vitest";
import { createSlackAdapter } from "../../../adapters/slack/index.ts";
import { createCore } from "../../../src/core.ts";
import { createMemory } from "../../../src/delivery/index.ts";
import type { Json } from "../../simulators/slack/index.ts";
import { createHttpCarrier } from "../../simulators/slack/people.ts";
import { amal, createDay, type Day, member, mod, village } from "./day.ts";

/** A second process on the same database, as far as Slack can tell. */
async function createSecond({ world, slack }: Day) {
  const { deps } = world.instance;
  const adapter = createSlackAdapter({
    core: createCore(deps, null),
    http: { request: async () => ({ ok: false, sent: false, refused: true, reason: "unused" }) },
    memory: createMemory(deps, "slack", "second"),
    logger: deps.logger,
    now: deps.now,
    baseUrl: deps.baseUrl,
    settings: { botToken: slack.state.botToken, signingSecret: slack.signingSecret, apiUrl: slack.apiUrl },
  });
  const app = fastify({ forceCloseConnections: true });
  if (adapter.inbound) await app.register(adapter.inbound);
  const url = await app.listen({ port: 0, host: "127.0.0.1" });
  return { url: `${url}/slack/events`, close: () => app.close() };
}

test("each event delivered four times, to two instances, shuffled, has one effect", async () => {
  const day = await createDay("http");
  const { world, slack } = day;
  const second = await createSecond(day);
  const urls = [`${world.instance.address}/slack/events`, second.url];
  const carriers = urls.map((url) =>
    createHttpCarrier({
      state: slack.state,
      url: () => url,
      signingSecret: slack.signingSecret,
      now: () => world.clock.now(),
    }),
  );
  const deliverAll = (payloads: readonly Json[]) => {
    const copies = payloads.flatMap((payload) =>
      [0, 1, 2, 3].map((copy) => ({ payload, carrier: carriers[copy % 2] })),
    );
    const shuffled = copies.sort((a, b) => JSON.stringify(a).length * 7919 - JSON.stringify(b).length * 7907);
    return Promise.all(shuffled.map(({ payload, carrier }) => carrier?.carry("interactive", payload)));
  };
  await world.keyFor("advisor:amal.h");
  const references: string[] = [];
  for (let i = 0; i < 3; i += 1)
    references.push((await world.refer("parents", { externalId: `thread-${i}` })).body.reference);
  await day.pass();

  const channel = day.card().channel;
  const cards = day
    .ours(channel)
    .filter(({ threadTs }) => threadTs === null)
    .map(({ ts }) => ({ channel, ts }));
  await deliverAll(cards.map((card) => slack.clickPayload(amal, card, "claim")));
  await day.until(() => slack.state.ephemerals.length >= 3);
  await day.pass();
  for (const reference of references) {
    const { state, history } = await world.show(reference);
    expect(state).toBe("claimed");
    expect(history.filter(({ type }: { type: string }) => type === "referral.claimed").length).toBe(1);
  }

  for (const view of slack.state.views.values()) view.open = false;
  for (const card of cards) await slack.click(amal, card, "ask");
  await day.until(() => slack.openViews(amal).length === 3);
  await deliverAll(
    slack.openViews(amal).map((view) => slack.submitPayload(view, { text: "Which week was it?" })),
  );
  await day.until(() =>
    slack.openViews(amal).every(({ view }) => JSON.stringify(view).includes("on its way")),
  );
  await day.pass();
  const questions = world.callbacks.filter(({ type }) => type === "referral.question");
  expect(questions.map(({ data }) => data.reference).sort()).toEqual([...references].sort());

  for (const view of slack.state.views.values()) view.open = false;
  const posts = [0, 1].map((n) => slack.say(member, village, `My advance payment, question ${n}`));
  await deliverAll(posts.map((ts) => slack.shortcutPayload(mod, "refer", village, ts)));
  await day.until(() => slack.openViews(mod).length === 2);
  const before = await world.db.prisma.referral.count();
  await deliverAll(
    slack.openViews(mod).map((view) => slack.submitPayload(view, { consent: "member-agreed" })),
  );
  await day.until(() =>
    slack.openViews(mod).every(({ view }) => JSON.stringify(view).includes("Passed on as")),
  );
  expect(await world.db.prisma.referral.count()).toBe(before + 2);
  expect(slack.state.violations).toEqual([]);
  await second.close();
  await day.close();
}, 120_000);
