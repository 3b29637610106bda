import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Delivery } from "../../../src/contract/adapter.ts";
import type { NoticeType } from "../../../src/contract/notice.ts";
import { noticeOf } from "../../contract/notices.ts";
import { alertChannel, createStage, deliveryTo, poolChannel, type Stage } from "./stage.ts";

const reference = "FP-PLACES";
const words = "secret words";
const signal = () => AbortSignal.timeout(20_000);

let stage: Stage;
/** What the adapter remembers of the referral. */
let remembered: unknown;

beforeEach(async () => {
  stage = await createStage();
  remembered = undefined;
});
afterEach(async () => {
  expect(stage.slack.state.violations).toEqual([]);
  await stage.slack.close();
});

function make(type: NoticeType, channel = poolChannel): Delivery {
  const notice = noticeOf(type, { text: words, reference });
  return deliveryTo(stage, channel, { notice, remembered });
}

/** Delivers as the outbox does: what is asked to be remembered is there the next time. */
async function deliver(delivery: Delivery) {
  const sent = await stage.adapter.deliver(delivery, signal());
  if (sent.outcome === "delivered") remembered = sent.remember ?? remembered;
  return sent;
}

/** Delivers as the outbox does when Slack says to wait. */
async function deliverInTime(delivery: Delivery) {
  for (let attempt = 1; attempt < 5; attempt += 1) {
    const sent = await deliver({ ...delivery, attempt });
    if (sent.outcome !== "retry") return sent;
    stage.clock.advance(sent.afterMs ?? 0);
  }
  throw new Error("It does not settle.");
}

/** Delivers something of which the answer is lost that says where it stands, and looks it up. */
async function lose(delivery: Delivery) {
  stage.slack.setFault((method, { channel, thread_ts: threadTs }) => {
    const isTaken = threadTs === undefined || messagesIn(String(channel)).some(({ ts }) => ts === threadTs);
    return method === "chat.postMessage" && isTaken ? "applied-then-reset" : null;
  });
  expect(await stage.adapter.deliver(delivery, signal())).toMatchObject({ outcome: "unknown" });
  stage.slack.setFault(() => null);
  const found = await stage.adapter.find?.(delivery, signal());
  if (found?.outcome === "delivered") remembered = found.remember ?? remembered;
  return found;
}

const messagesIn = (channel: string) => stage.slack.messagesIn(channel);
const seenIn = (channel: string): string => JSON.stringify(messagesIn(channel));

/** Somebody deletes the card that stands first in the channel; its replies stay. */
const deleteCard = () => void stage.slack.state.channels.get(poolChannel)?.messages.splice(0, 1);

describe("a card that somebody deleted", () => {
  test("holds no message up: it is said in the channel, and blanked there", async () => {
    await deliver(make("card"));
    deleteCard();
    expect(await deliver(make("message"))).toMatchObject({ outcome: "delivered" });
    expect(seenIn(poolChannel)).toContain(words);
    expect(await deliver(make("redact"))).toMatchObject({ outcome: "delivered" });
    expect(seenIn(poolChannel)).not.toContain(words);
  });

  test("has messages said in the channel once, though an answer is lost", async () => {
    await deliver(make("card"));
    deleteCard();
    expect(await lose(make("message"))).toMatchObject({ outcome: "delivered" });
    expect(messagesIn(poolChannel).length).toBe(1);
  });

  test("is posted again once, and a message said once, where replies stay and an answer is lost", async () => {
    await deliver(make("card"));
    await deliver(make("message"));
    deleteCard();
    expect(await lose(make("message"))).toMatchObject({ outcome: "delivered" });
    expect(await lose(make("card"))).toMatchObject({ outcome: "delivered" });
    expect(messagesIn(poolChannel).length).toBe(3);
  });

  test("has what we said in its old thread blanked when it was posted again", async () => {
    await deliver(make("card"));
    await deliver(make("message"));
    deleteCard();
    await deliver(make("card"));
    expect(messagesIn(poolChannel).length).toBe(2);
    expect(await deliver(make("redact"))).toMatchObject({ outcome: "delivered" });
    expect(seenIn(poolChannel)).not.toContain(words);
  });
});

describe("messages outside the thread of their card", () => {
  test("one of which the answer was lost is blanked as well", async () => {
    await deliver(make("card"));
    expect(await lose(make("message", alertChannel))).toMatchObject({ outcome: "delivered" });
    expect(seenIn(alertChannel)).toContain(words);
    expect(await deliver(make("redact", alertChannel))).toMatchObject({ outcome: "delivered" });
    expect(seenIn(alertChannel)).not.toContain(words);
  });

  test("sixty of them are blanked, and what is remembered of them fits", async () => {
    await deliver(make("card"));
    for (let said = 0; said < 60; said += 1) await deliver(make("message", alertChannel));
    expect(Buffer.byteLength(JSON.stringify(remembered))).toBeLessThan(4_096);
    expect(await deliverInTime(make("redact", alertChannel))).toMatchObject({ outcome: "delivered" });
    for (const channel of [poolChannel, alertChannel]) expect(seenIn(channel)).not.toContain(words);
  });
});

describe("a channel that takes no change", () => {
  /** A card in the pool's former channel and one in its present one. */
  async function moved() {
    await deliver(make("card"));
    await deliver(make("card", alertChannel));
  }

  test.each(["is_archived", "is_inactive", "channel_not_found", "not_in_channel"])(
    "%s in a former channel of the pool is final, and all else is blanked",
    async (error) => {
      await moved();
      await deliver(make("message"));
      const redact = make("redact", alertChannel);
      stage.slack.setFault((_method, { channel }) => (channel === poolChannel ? `error:${error}` : null));
      expect(await deliver(redact)).toEqual({
        outcome: "refused",
        reason: `slack-${error.replaceAll("_", "-")}`,
      });
      expect(seenIn(alertChannel)).not.toContain(words);
      stage.slack.setFault(() => null);
      expect(await deliver(redact)).toMatchObject({ outcome: "delivered" });
      expect(seenIn(poolChannel)).not.toContain(words);
    },
  );

  test("is tried again where the pool has it now, and holds up no former one", async () => {
    await moved();
    const redact = make("redact", alertChannel);
    const channel = stage.slack.state.channels.get(alertChannel);
    if (channel) channel.archived = true;
    expect(await deliver(redact)).toEqual({ outcome: "retry", reason: "slack-is-archived" });
    expect(seenIn(poolChannel)).not.toContain(words);
    if (channel) channel.archived = false;
    expect(await deliver(redact)).toMatchObject({ outcome: "delivered" });
    expect(seenIn(alertChannel)).not.toContain(words);
  });

  test("is final as well where no card has come to the pool's new channel yet", async () => {
    await deliver(make("card"));
    const channel = stage.slack.state.channels.get(poolChannel);
    if (channel) channel.archived = true;
    const sent = await deliver(make("redact", alertChannel));
    expect(sent).toEqual({ outcome: "refused", reason: "slack-is-archived" });
  });
});
