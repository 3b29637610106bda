import { afterEach, beforeEach, expect, test } from "vitest";
import type { Delivery, Sent } from "../../../src/contract/adapter.ts";
import type { NoticeType } from "../../../src/contract/notice.ts";
import { noticeOf } from "../../contract/notices.ts";
import { channel, createStage } from "./stage.ts";

let stage: Awaited<ReturnType<typeof createStage>>;
let remembered: unknown;
let count = 0;

const wrong = "You can ask for an advance by post, under money, and pay it back later. ".repeat(80).trim();
const right = "You can ask for an advance online, under money, and pay it back later. ".repeat(80).trim();

function delivery(type: NoticeType, text: string, change: Partial<Delivery> = {}): Delivery {
  count += 1;
  const notice = noticeOf(type, { text });
  if ("post" in notice.data) notice.data.post = stage.post;
  return {
    id: `019a0000-0000-7000-8000-${String(count).padStart(12, "0")}`,
    attempt: 1,
    uncertain: false,
    destination: "forum:server",
    address: stage.address,
    notice,
    remembered,
    createdAt: stage.clock.now(),
    ...change,
  };
}
const send = (one: Delivery): Promise<Sent> => stage.adapter.deliver(one, AbortSignal.timeout(10_000));
const shown = () => stage.discord.shownIn(channel).map(({ content }) => content);
const take = (part: number) => {
  const message = stage.discord.shownIn(channel)[part];
  if (message) stage.discord.remove(message);
};
const isOnlyRight = () => {
  expect(shown().join("\n")).not.toContain("by post");
  const numbers = shown().map((content) => / · (\d)\/(\d) · /.exec(content)?.slice(1));
  expect(numbers).toEqual(numbers.map((_, i) => [String(i + 1), String(numbers.length)]));
  expect(numbers.length).toBeGreaterThan(3);
};

beforeEach(async () => {
  stage = await createStage({ discord: { rates: { limit: 10_000, globalPerSecond: 10_000 } } });
  remembered = undefined;
  const sent = await send(delivery("referral.replied", wrong));
  if (sent.outcome === "delivered") remembered = sent.remember;
  expect(shown().length).toBeGreaterThan(3);
});
afterEach(() => stage.discord.close());

test("a reply that has lost a part is corrected by saying all of it anew, and none of it stays", async () => {
  take(1);
  const sent = await send(delivery("referral.corrected", right));
  expect(sent).toMatchObject({ outcome: "delivered" });
  isOnlyRight();
  if (sent.outcome === "delivered") remembered = sent.remember;
  await send(delivery("redact", ""));
  expect(new Set(shown())).toEqual(new Set(["This has been removed."]));
});

test("a part that is lost while the reply is being corrected leaves no mixture either", async () => {
  let isTaken = false;
  stage.discord.setFault(({ method }) => {
    if (method === "PATCH" && !isTaken) {
      isTaken = true;
      take(2);
    }
    return null;
  });
  expect(await send(delivery("referral.corrected", right))).toMatchObject({ outcome: "delivered" });
  expect(isTaken).toBe(true);
  isOnlyRight();
});

test("one that breaks off while the rest is taken away says nothing twice", async () => {
  take(1);
  const one = delivery("referral.corrected", "Ask online.");
  let takes = 0;
  stage.discord.setFault(({ method }) => {
    if (method === "DELETE") takes += 1;
    return method === "DELETE" && takes === 2 ? "429" : null;
  });
  expect(await send(one)).toMatchObject({ outcome: "unknown", afterMs: 1_050 });
  await new Promise((resolve) => setTimeout(resolve, 1_100));
  stage.clock.advance(3_600_000);
  expect(await send({ ...one, attempt: 2, uncertain: true })).toMatchObject({ outcome: "delivered" });
  expect(shown().length).toBe(1);
  expect(shown()[0]).toContain("Ask online.");
});

test("what Discord does not take leaves the reply as it stood, and one that is gone altogether is not said again", async () => {
  take(1);
  const before = shown();
  let posts = 0;
  stage.discord.setFault(({ method }) => {
    if (method === "POST") posts += 1;
    return method === "POST" && posts === 2 ? "error:200000" : null;
  });
  expect(await send(delivery("referral.corrected", right))).toMatchObject({ outcome: "refused" });
  expect(shown()).toEqual(before);
  stage.discord.setFault(() => null);
  while (shown().length > 0) take(0);
  const gone = { outcome: "refused", reason: "message-gone" };
  expect(await send(delivery("referral.corrected", right))).toEqual(gone);
  expect(shown()).toEqual([]);
});
