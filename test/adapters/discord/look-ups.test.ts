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

test("what an earlier look-up saw and was then taken away is posted again", async () => {
  const one = reply(long);
  let posts = 0;
  let second: "500" | "error:200000" = "500";
  stage.discord.setFault(({ method }) => {
    if (method === "POST") posts += 1;
    return method === "POST" && posts === 2 ? second : null;
  });
  expect(await send(one)).toMatchObject({ outcome: "unknown" });
  for (let said = 0; said < 1_050; said += 1) stage.discord.say(mia, channel, `Chatter ${said}.`);
  expect(await find(one)).toMatchObject({ outcome: "unknown" });
  [posts, second] = [1, "error:200000"];
  expect(await send({ ...one, attempt: 2, uncertain: true })).toMatchObject({ outcome: "refused" });
  expect(stage.discord.shownIn(channel)).toEqual([]);
  expect([...stage.kept].filter(([key, value]) => key.startsWith("search:") && value !== null)).toEqual([]);
  stage.discord.setFault(() => null);
  const again = { ...one, attempt: 3, uncertain: true };
  expect(await send(again)).toMatchObject({ outcome: "unknown", reason: "more-to-read" });
  expect(await send(again)).toMatchObject({ outcome: "delivered" });
  const numbers = stage.discord.shownIn(channel).map(({ content }) => / · (\d)\/\d · /.exec(content)?.[1]);
  expect(numbers.length).toBeGreaterThan(2);
  expect(numbers).toEqual(numbers.map((_, i) => String(i + 1)));
});

test("a part that a look-up saw and somebody took away since is not counted as there", async () => {
  const one = reply(long);
  let posts = 0;
  stage.discord.setFault(({ method }) => {
    if (method === "POST") posts += 1;
    return method === "POST" && posts === 2 ? "500" : null;
  });
  await send(one);
  stage.discord.setFault(() => null);
  for (let said = 0; said < 1_050; said += 1) stage.discord.say(mia, channel, `Chatter ${said}.`);
  await find(one);
  const [head] = stage.discord.shownIn(channel);
  if (head) stage.discord.remove(head);
  expect(await send({ ...one, attempt: 2, uncertain: true })).toMatchObject({ outcome: "delivered" });
  expect(stage.discord.shownIn(channel)[0]?.content).toMatch(/ · 1\/\d · /);
});

test("a look-up that is not done says when it goes on, and one that Discord slows down how long that takes", async () => {
  const one = reply("Ask online.");
  for (let said = 0; said < 1_050; said += 1) stage.discord.say(mia, channel, `Chatter ${said}.`);
  expect(await find(one)).toEqual({ outcome: "unknown", reason: "more-to-read", afterMs: 1_000 });
  stage.discord.setRetryAfter(7);
  stage.discord.setFault((request) => (isHistory(request) ? "429" : null));
  const slowed = { outcome: "unknown", reason: "rate-limited", afterMs: 7_050 };
  expect(await find(reply("Ask by phone.", { id: "019a0000-0000-7000-8000-000000000002" }))).toEqual(slowed);
});

test("what may have been said stays so where it cannot be looked up, and is not said twice", async () => {
  const withdrawn = noticeOf("referral.retracted", { text: "It was wrong." });
  if ("post" in withdrawn.data) withdrawn.data.post = stage.post;
  const one = reply("", { notice: withdrawn });
  stage.discord.setFault(({ method }) => (method === "POST" ? "applied-then-reset" : null));
  expect(await send(one)).toMatchObject({ outcome: "unknown" });
  stage.discord.setRetryAfter(2);
  stage.discord.setFault((request) => (isHistory(request) ? "429" : null));
  const unsure = await send({ ...one, attempt: 2, uncertain: true });
  expect(unsure).toEqual({ outcome: "unknown", reason: "rate-limited", afterMs: 2_050 });
  stage.discord.setFault(() => null);
  await new Promise((resolve) => setTimeout(resolve, 2_100));
  // Discord itself drops a repeat no longer.
  stage.clock.advance(3_600_000);
  const last = { ...one, attempt: 3, uncertain: unsure.outcome === "unknown" };
  expect(await send(last)).toMatchObject({ outcome: "delivered" });
  expect(stage.discord.shownIn(channel).length).toBe(1);
});

test("many calls of one delivery leave nothing listening to its end", async () => {
  const warnings: string[] = [];
  const note = ({ name }: Error) => void warnings.push(name);
  process.on("warning", note);
  for (let said = 0; said < 1_050; said += 1) stage.discord.say(mia, channel, `Chatter ${said}.`);
  const { signal } = new AbortController();
  for (let look = 0; look < 2; look += 1) await stage.adapter.find?.(reply("Ask online."), signal);
  await new Promise((resolve) => setImmediate(resolve));
  process.off("warning", note);
  expect(warnings).not.toContain("MaxListenersExceededWarning");
});
