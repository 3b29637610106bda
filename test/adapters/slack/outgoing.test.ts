import { describe, expect, test } from "vitest";
import { linked } from "../../../adapters/slack/blocks.ts";
import { forms, formView, poolChoices } from "../../../adapters/slack/forms.ts";
import { referView } from "../../../adapters/slack/refer.ts";
import { previewView, replyView } from "../../../adapters/slack/replies.ts";
import { fitted, showBlocks, summaryBlocks } from "../../../adapters/slack/show.ts";
import type { Delivery } from "../../../src/contract/adapter.ts";
import type { ReferralView } from "../../../src/contract/core-api.ts";
import { hostileTexts, noticeOf } from "../../contract/notices.ts";
import { checkBlocks } from "../../simulators/slack/blocks.ts";
import { liveParts } from "../../simulators/slack/index.ts";
import { checkView } from "../../simulators/slack/views.ts";
import { alertChannel, createStage, deliveryTo, poolChannel, type Stage } from "./stage.ts";

/** Every day a part; 2,000 with TEST_LONG=1. */
const sends = process.env.TEST_LONG === "1" ? 2_000 : 400;

const signal = () => AbortSignal.timeout(20_000);

/** Sends as the outbox does: what is unknown is looked up, and only what is absent is sent again. */
async function settle(stage: Stage, delivery: Delivery, look: boolean): Promise<number> {
  let isUncertain = false;
  for (let attempt = 1; attempt < 100; attempt += 1) {
    if (isUncertain && look) {
      const found = await stage.adapter.find?.(delivery, signal());
      if (found?.outcome === "delivered") return attempt;
      if (found?.outcome === "unknown") continue;
    }
    const sent = await stage.adapter.deliver({ ...delivery, attempt }, signal());
    if (sent.outcome === "delivered") return attempt;
    if (sent.outcome === "refused") throw new Error(sent.reason);
    isUncertain = sent.outcome === "unknown";
    if (sent.outcome === "retry") stage.clock.advance(sent.afterMs ?? 1_000);
  }
  throw new Error("It does not settle.");
}

async function sendMany(sends: number, channels: number, look: boolean) {
  const stage = await createStage();
  const names = Array.from({ length: channels }, (_, i) => `C0MANY${String(i).padStart(5, "0")}`);
  for (const name of names) stage.slack.addChannel(name, []);
  let posts = 0;
  stage.slack.setFault((method) => {
    if (method !== "chat.postMessage") return null;
    posts += 1;
    return posts % 5 === 0 ? "applied-then-reset" : null;
  });
  const deliveries: Delivery[] = [];
  for (let round = 0; round < sends / channels; round += 1) {
    const batch = names.map((name) => deliveryTo(stage, name));
    deliveries.push(...batch);
    await Promise.all(batch.map((delivery) => settle(stage, delivery, look)));
    stage.clock.advance(1_000);
  }
  const seen = new Map<string, number>();
  for (const name of names) {
    for (const { metadata } of stage.slack.messagesIn(name)) {
      const id = JSON.stringify(metadata);
      seen.set(id, (seen.get(id) ?? 0) + 1);
    }
  }
  const arrived = [...seen.keys()].join("\n");
  const lost = deliveries.filter(({ id }) => !arrived.includes(id)).length;
  const twice = [...seen.values()].filter((count) => count > 1).length;
  const { violations } = stage.slack.state;
  await stage.slack.close();
  return { lost, twice, violations };
}

describe("sends to Slack", () => {
  test(`${sends} over 20 channels, a fifth of them applied before the connection broke: none twice, none lost`, async () => {
    expect(await sendMany(sends, 20, true)).toEqual({ lost: 0, twice: 0, violations: [] });
  }, 300_000);

  test("the mutant that sends again without looking is seen to send twice", async () => {
    expect((await sendMany(100, 10, false)).twice).toBeGreaterThan(0);
  });

  test("a limit on one channel leaves the others untouched", async () => {
    const stage = await createStage();
    stage.slack.setFault((_method, { channel }) => (channel === poolChannel ? "429" : null));
    const limited = stage.adapter.deliver(deliveryTo(stage, poolChannel), signal());
    const other = stage.adapter.deliver(deliveryTo(stage, alertChannel), signal());
    expect(await other).toMatchObject({ outcome: "delivered" });
    expect(await limited).toEqual({ outcome: "retry", reason: "rate-limited", afterMs: 30_000 });
    await stage.slack.close();
  });

  test.each(["token_revoked", "is_archived", "not_in_channel", "channel_not_found"])(
    "%s can be mended, so it is kept and tried again",
    async (error) => {
      const stage = await createStage();
      stage.slack.setFault(() => `error:${error}`);
      const sent = await stage.adapter.deliver(deliveryTo(stage, poolChannel), signal());
      expect(sent).toEqual({ outcome: "retry", reason: `slack-${error.replaceAll("_", "-")}` });
      await stage.slack.close();
    },
  );

  test("a later card changes the first one, its thread opens once, and erasing blanks all of it", async () => {
    const stage = await createStage();
    const first = deliveryTo(stage, poolChannel);
    const sent = await stage.adapter.deliver(first, signal());
    let remembered = sent.outcome === "delivered" ? sent.remember : undefined;
    const owner = { id: "amal.h", slackUserId: "U0AMAL00001" };
    for (let change = 0; change < 2; change += 1) {
      const notice = noticeOf("card", { text: "secret words" });
      if (notice.type === "card") Object.assign(notice.data, { owner, state: "claimed" });
      const next = await stage.adapter.deliver(
        deliveryTo(stage, poolChannel, { notice, remembered }),
        signal(),
      );
      remembered = next.outcome === "delivered" ? next.remember : undefined;
    }
    expect(stage.slack.messagesIn(poolChannel).length).toBe(2);
    const message = deliveryTo(stage, poolChannel, {
      notice: noticeOf("message", { text: "secret words" }),
      remembered,
    });
    await stage.adapter.deliver(message, signal());
    const redact = deliveryTo(stage, poolChannel, { notice: noticeOf("redact"), remembered });
    expect(await stage.adapter.deliver(redact, signal())).toMatchObject({ outcome: "delivered" });
    expect(JSON.stringify(stage.slack.messagesIn(poolChannel))).not.toContain("secret words");
    expect(stage.slack.state.violations).toEqual([]);
    await stage.slack.close();
  });
});

test("a card that a pool took to another channel is blanked where it stood before as well", async () => {
  const stage = await createStage();
  const words = { text: "secret words", reference: "FP-MOVED" };
  const first = deliveryTo(stage, poolChannel, { notice: noticeOf("card", words) });
  const before = await stage.adapter.deliver(first, signal());
  const remembered = before.outcome === "delivered" ? before.remember : undefined;
  const second = deliveryTo(stage, alertChannel, { notice: noticeOf("card", words), remembered });
  const after = await stage.adapter.deliver(second, signal());
  const redact = deliveryTo(stage, alertChannel, {
    notice: noticeOf("redact"),
    remembered: after.outcome === "delivered" ? after.remember : undefined,
  });
  expect(await stage.adapter.deliver(redact, signal())).toMatchObject({ outcome: "delivered" });
  for (const channel of [poolChannel, alertChannel])
    expect(JSON.stringify(stage.slack.messagesIn(channel))).not.toContain("secret words");
  await stage.slack.close();
});

const pieces = [
  ...hostileTexts,
  "<!channel> <!here> <!everyone> <!subteam^S1>",
  "<@U0AMAL00001> <#C0POOL00001|general>",
  "<https://evil.example|https://www.gov.uk> <mailto:a@b.example|mail>",
  '{"type":"section","text":{"type":"mrkdwn","text":"<!channel>"}}',
  "*bold* _italic_ ~gone~ `code` > quote :tada: &amp; &lt;!channel&gt;",
  "👩‍👩‍👧‍👦🏴󠁧󠁢󠁷󠁬󠁳󠁿e\u0301\u0301\u0301",
  "\uD83D half of an emoji \uDC69",
];

/** Every piece alone, and at the edges where texts are cut. */
function hostile(count: number): string[] {
  const edges = [148, 149, 150, 198, 199, 200, 2_996, 2_998, 2_999, 3_000, 3_001, 3_999];
  return Array.from({ length: count }, (_, i) => {
    const piece = pieces[i % pieces.length] ?? "";
    const edge = edges[Math.floor(i / pieces.length) % edges.length] ?? 0;
    const shift = i % 7;
    return i < pieces.length ? piece : `${"x".repeat(Math.max(0, edge - shift))}${piece}`.slice(0, 4_000);
  });
}

const shown = [
  "card",
  "message",
  "alert",
  "referral.consent_requested",
  "referral.question",
  "referral.replied",
  "referral.corrected",
  "referral.retracted",
  "referral.closed",
] as const;

describe("500 hostile texts", () => {
  test("nothing of them is live in any message, and no message is refused for its form", async () => {
    const stage = await createStage();
    const member = stage.slack.say("U0AMAL00001", alertChannel, "a member's post");
    const post = `https://example.slack.com/archives/${alertChannel}/p${member.replace(".", "")}`;
    for (const [i, text] of hostile(500).entries()) {
      const type = shown[i % shown.length] ?? "card";
      const notice = noticeOf(type, { text });
      if ("post" in notice.data) notice.data.post = post;
      const destination = notice.audience === "forum" ? "forum:village" : "pool:uc";
      const sent = await stage.adapter.deliver(
        deliveryTo(stage, poolChannel, { notice, destination }),
        signal(),
      );
      expect(sent).toMatchObject({ outcome: "delivered" });
    }
    const all = [poolChannel, alertChannel].flatMap((channel) => stage.slack.messagesIn(channel));
    expect(all.length).toBe(501);
    const live = all.flatMap((message) => liveParts(message));
    expect(live).toEqual([]);
    expect(stage.slack.state.violations).toEqual([]);
    await stage.slack.close();
  }, 120_000);

  test("a web address is never torn apart where a long text is cut", () => {
    const url = "https://www.gov.uk/apply-for-an-advance";
    const text = `${"word ".repeat(597)}look at ${url} and then ask again. ${"word ".repeat(500)}`;
    const blocks = JSON.stringify(linked(text));
    expect(blocks).toContain(JSON.stringify({ type: "link", url }));
    const view = { forum: { slug: "f", name: "Forum" }, pool: { slug: "p", name: "Pool" } };
    const meta = { reference: "FP-7K4M-2QXD", channel: poolChannel, form: "send" };
    expect(JSON.stringify(previewView(meta, text, [], view))).toContain(url);
  });

  test("an answer about a long referral is what Slack takes, and says where the rest is", () => {
    const verify = { code: "", url: "" };
    const reply = { id: "r", state: "delivered", language: "en", verify, deliveredAt: null, url: null };
    const view: ReferralView = {
      reference: "FP-7K4M-2QXD",
      state: "claimed",
      version: 1,
      forum: { slug: "f", name: "Forum" },
      pool: { slug: "uc", name: "UC" },
      externalId: null,
      routing: { rule: 1, because: "", guessed: false },
      next: { owner: "advisor", clock: null, dueAt: null },
      replies: [{ ...reply, text: "z".repeat(9_000) }],
      outcome: null,
      history: [],
      masked: [],
      links: {},
      post: { excerpt: "x".repeat(4_000), note: "y".repeat(2_000) },
    };
    const whole = [...summaryBlocks(view), ...showBlocks(view).slice(1)];
    expect(checkBlocks(whole, "message")).toMatchObject({ code: "msg_blocks_too_long" });
    const blocks = fitted(whole);
    expect(checkBlocks(blocks, "message")).toBeNull();
    expect(JSON.stringify(blocks.at(-1))).toContain("Show full text");
  });

  test("a select holds more choices than Slack takes in one group", () => {
    const meta = { reference: "", channel: poolChannel, form: "refer" };
    const topics = Array.from({ length: 250 }, (_, i) => ({ code: `topic-${i}`, title: `Topic ${i}` }));
    const made = referView(meta, { likely: [], topics, pools: [] });
    expect(checkView({ ...made })).toBeNull();
    expect(JSON.stringify(made)).toContain("topic-249");
  });

  test("no modal is refused for them", () => {
    const meta = { reference: "FP-7K4M-2QXD", channel: poolChannel, form: "send" };
    const view = { forum: { slug: "f", name: "Forum" }, pool: { slug: "p", name: "Pool" } };
    const makers = [
      (text: string) => replyView(meta, text),
      (text: string) => previewView(meta, text, [], view),
      (text: string) => {
        const topics = [{ code: "t", title: text }];
        const choices = { likely: topics, topics: [...topics, { code: "u", title: text }], pools: [] };
        return referView(meta, choices, { excerpt: text, link: text });
      },
      ...[...forms.values()].map((form) => (text: string) => {
        const pools = poolChoices([{ slug: "p", name: text, department: text }]);
        return formView(form, meta, { values: { text, reason: text, note: text }, pools });
      }),
    ];
    for (const [i, text] of hostile(500).entries()) {
      const made = makers[i % makers.length]?.(text);
      expect(made && checkView({ ...made })).toBeNull();
    }
  });
});
