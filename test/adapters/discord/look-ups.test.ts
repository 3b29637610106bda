import { afterEach, beforeEach, expect, test } from "vitest";
import type { Delivery } from "../../../src/contract/adapter.ts";
import { noticeOf } from "../../contract/notices.ts";
import { permissions } from "../../simulators/discord/index.ts";
import { channel, createStage, mia } from "./stage.ts";

let stage: Awaited<ReturnType<typeof createStage>>;
beforeEach(async () => {
  stage = await createStage({ discord: { rates: { limit: 10_000 } } });
});
afterEach(() => stage.discord.close());

function reply(text: string, change: Partial<Delivery> = {}): Delivery {
  const notice = noticeOf("referral.replied", { text });
  if ("post" in notice.data) notice.data.post = stage.post;
  return {
    id: "019a0000-0000-7000-8000-000000000001",
    attempt: 1,
    uncertain: false,
    destination: "forum:server",
    address: stage.address,
    notice,
    remembered: undefined,
    createdAt: stage.clock.now(),
    ...change,
  };
}
const send = (one: Delivery) => stage.adapter.deliver(one, AbortSignal.timeout(20_000));
const find = (one: Delivery) => stage.adapter.find?.(one, AbortSignal.timeout(20_000));
const isHistory = ({ method, path }: { method: string; path: string }) =>
  method === "GET" && path.endsWith("/messages");
const long = "You can ask for an advance in your account, under money, and pay it back later. ".repeat(60);

test("a reply that was surely not posted is sent without looking for it", async () => {
  const place = stage.discord.state.channels.get(channel);
  place?.denied.set(stage.discord.state.bot.id, permissions.sendMessages);
  expect(await send(reply("Ask online."))).toMatchObject({ outcome: "retry" });
  place?.denied.clear();
  let looks = 0;
  stage.discord.setFault((request) => {
    if (isHistory(request)) looks += 1;
    return null;
  });
  expect(await send(reply("Ask online.", { attempt: 2 }))).toMatchObject({ outcome: "delivered" });
  expect(looks).toBe(0);
});

test("a reply behind more than a thousand messages is found: the next look-up goes on where one ended", async () => {
  const one = reply("Ask online.");
  for (let said = 0; said < 1_050; said += 1) stage.discord.say(mia, channel, `Chatter ${said}.`);
  stage.discord.setFault(({ method }) => (method === "POST" ? "applied-then-reset" : null));
  expect(await send(one)).toMatchObject({ outcome: "unknown" });
  stage.discord.setFault(() => null);
  expect(await find(one)).toMatchObject({ outcome: "unknown" });
  expect(await find(one)).toMatchObject({ outcome: "delivered" });
});

test("a channel that was deleted holds nothing of ours", async () => {
  stage.discord.state.channels.delete(channel);
  expect(await find(reply("Ask online."))).toEqual({ outcome: "absent" });
});

test("of a reply that is refused half-way nothing stays", async () => {
  let posts = 0;
  stage.discord.setFault(({ method }) => {
    if (method === "POST") posts += 1;
    return method === "POST" && posts === 2 ? "error:200000" : null;
  });
  expect(await send(reply(long))).toMatchObject({ outcome: "refused" });
  expect(stage.discord.shownIn(channel).length).toBe(0);
});
