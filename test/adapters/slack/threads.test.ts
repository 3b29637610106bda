import { describe, expect, test } from "vitest";
import type { Delivery } from "../../../src/contract/adapter.ts";
import { noticeOf } from "../../contract/notices.ts";
import { alertChannel, createStage, deliveryTo, poolChannel, type Stage } from "./stage.ts";

const signal = () => AbortSignal.timeout(20_000);

describe("a card's thread", () => {
  /** A claimed card with its thread begun, and what the adapter remembers of it. */
  async function claimed(stage: Stage) {
    const sent = await stage.adapter.deliver(deliveryTo(stage, poolChannel), signal());
    const notice = noticeOf("card", { text: "secret words" });
    if (notice.type === "card")
      Object.assign(notice.data, { owner: { id: "amal.h", slackUserId: "U0AMAL00001" }, state: "claimed" });
    const remembered = sent.outcome === "delivered" ? sent.remember : undefined;
    return deliveryTo(stage, poolChannel, { notice, remembered });
  }
  const remember = (sent: { outcome: string } | undefined): unknown =>
    sent !== undefined && "remember" in sent ? sent.remember : undefined;

  test("erasing blanks the card and what we said, though another app wrote in the thread", async () => {
    const stage = await createStage();
    const remembered = remember(await stage.adapter.deliver(await claimed(stage), signal()));
    const channel = stage.slack.state.channels.get(poolChannel);
    const threadTs = channel?.messages[0]?.ts ?? "";
    const ts = stage.slack.state.nextTs();
    const other = { user: "U0OTHERBOT1", botId: "B0OTHERBOT1", text: "A build has passed.", blocks: [] };
    channel?.messages.splice(1, 0, { ...other, ts, threadTs, metadata: null, edits: 0 });
    const message = noticeOf("message", { text: "secret words" });
    await stage.adapter.deliver(deliveryTo(stage, poolChannel, { notice: message, remembered }), signal());
    const redact = deliveryTo(stage, poolChannel, { notice: noticeOf("redact"), remembered });
    expect(await stage.adapter.deliver(redact, signal())).toMatchObject({ outcome: "delivered" });
    expect(JSON.stringify(stage.slack.messagesIn(poolChannel))).not.toContain("secret words");
    expect(JSON.stringify(stage.slack.messagesIn(poolChannel))).toContain("A build has passed.");
    await stage.slack.close();
  });

  test("a card that somebody deleted is blanked as far as there is anything, and holds nothing up", async () => {
    const stage = await createStage();
    const card = await claimed(stage);
    stage.slack.state.channels.get(poolChannel)?.messages.splice(0);
    const redact = deliveryTo(stage, poolChannel, {
      notice: noticeOf("redact"),
      remembered: card.remembered,
    });
    expect(await stage.adapter.deliver(redact, signal())).toMatchObject({ outcome: "delivered" });
    await stage.slack.close();
  });

  test("a card that took the place of a deleted one is found in the channel and not posted again", async () => {
    const stage = await createStage();
    const card = await claimed(stage);
    stage.slack.state.channels.get(poolChannel)?.messages.splice(0);
    expect(await stage.adapter.find?.(card, signal())).toEqual({ outcome: "absent" });
    stage.slack.setFault((method) => (method === "chat.postMessage" ? "applied-then-reset" : null));
    expect(await stage.adapter.deliver(card, signal())).toMatchObject({ outcome: "unknown" });
    const [posted] = stage.slack.messagesIn(poolChannel);
    expect(await stage.adapter.find?.(card, signal())).toEqual({
      outcome: "delivered",
      remember: { channel: poolChannel, ts: posted?.ts, former: [card.remembered] },
    });
    await stage.slack.close();
  });

  test("says of a correction that failed that a part of it may be shown", async () => {
    const stage = await createStage();
    const notice = noticeOf("message");
    if (notice.type === "message") notice.data.event = "correction.failed";
    await stage.adapter.deliver(deliveryTo(stage, poolChannel, { notice }), signal());
    const seen = JSON.stringify(stage.slack.messagesIn(poolChannel));
    expect(seen).toContain("The forum could not take the correction. It may show part of it.");
    await stage.slack.close();
  });

  test("an opening of unknown fate is found, so that it stands there once", async () => {
    const stage = await createStage();
    const card = await claimed(stage);
    stage.slack.setFault((method) => (method === "chat.postMessage" ? "applied-then-reset" : null));
    expect(await stage.adapter.deliver(card, signal())).toMatchObject({ outcome: "unknown" });
    expect(await stage.adapter.find?.(card, signal())).toMatchObject({
      outcome: "delivered",
      remember: { opened: true },
    });
    await stage.slack.close();
  });
});

describe("a forum's thread", () => {
  const inForum = (
    stage: Stage,
    type: "referral.replied" | "referral.retracted",
    change: Partial<Delivery> = {},
  ) => {
    const member = stage.slack.state.channels.get(alertChannel)?.messages[0]?.ts ?? "1700000000.000001";
    const notice = noticeOf(type, { text: "words of a reply" });
    const post = `https://example.slack.com/archives/${alertChannel}/p${member.replace(".", "")}`;
    if ("post" in notice.data) notice.data.post = post;
    return deliveryTo(stage, alertChannel, { destination: "forum:village", address: {}, notice, ...change });
  };

  test("a reply whose post is gone, or was never in Slack, is refused, so that its advisor is told", async () => {
    const stage = await createStage();
    expect(await stage.adapter.deliver(inForum(stage, "referral.replied"), signal())).toEqual({
      outcome: "refused",
      reason: "post-gone",
    });
    const elsewhere = deliveryTo(stage, alertChannel, {
      destination: "forum:village",
      notice: noticeOf("referral.replied"),
    });
    expect(await stage.adapter.deliver(elsewhere, signal())).toEqual({
      outcome: "refused",
      reason: "no-slack-post",
    });
    await stage.slack.close();
  });

  test("erasing a referral whose post is gone has nothing left to blank", async () => {
    const stage = await createStage();
    const remembered = { channel: alertChannel, rootTs: "1700000000.000001", replies: {} };
    const redact = { notice: noticeOf("redact"), remembered, destination: "forum:village" };
    expect(await stage.adapter.deliver(deliveryTo(stage, alertChannel, redact), signal())).toMatchObject({
      outcome: "delivered",
    });
    expect(await stage.adapter.find?.(inForum(stage, "referral.replied"), signal())).toEqual({
      outcome: "absent",
    });
    await stage.slack.close();
  });

  test("speaks Welsh where the referral does", async () => {
    const stage = await createStage();
    stage.slack.say("U0AMAL00001", alertChannel, "neges aelod");
    const reply = inForum(stage, "referral.replied");
    if ("language" in reply.notice.data) reply.notice.data.language = "cy";
    await stage.adapter.deliver(reply, signal());
    expect(JSON.stringify(stage.slack.messagesIn(alertChannel)[1])).toContain("Ateb swyddogol gan");
    await stage.slack.close();
  });

  test("a reply of unknown fate is found in the thread and not made twice; a retraction takes its place", async () => {
    const stage = await createStage();
    stage.slack.say("U0AMAL00001", alertChannel, "a member's post");
    stage.slack.setFault((method) => (method === "chat.postMessage" ? "applied-then-reset" : null));
    const reply = inForum(stage, "referral.replied");
    expect(await stage.adapter.deliver(reply, signal())).toMatchObject({ outcome: "unknown" });
    stage.slack.setFault(() => null);
    const found = await stage.adapter.find?.(reply, signal());
    expect(found).toMatchObject({ outcome: "delivered" });
    const remembered = found?.outcome === "delivered" ? found.remember : undefined;
    await stage.adapter.deliver(inForum(stage, "referral.retracted", { remembered }), signal());
    const [, ours, ...more] = stage.slack.messagesIn(alertChannel);
    expect(more).toEqual([]);
    expect(JSON.stringify(ours)).toContain("has withdrawn this reply");
    expect(stage.slack.state.violations).toEqual([]);
    await stage.slack.close();
  });
});
