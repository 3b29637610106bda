import { afterEach, beforeEach, expect, test } from "vitest";
import type { Delivery, Sent } from "../../../src/contract/adapter.ts";
import type { NoticeType } from "../../../src/contract/notice.ts";
import { noticeOf } from "../../contract/notices.ts";
import { permissions } from "../../simulators/discord/index.ts";
import { channel, createStage, mia } from "./stage.ts";

type Stage = Awaited<ReturnType<typeof createStage>>;
let stage: Stage;
beforeEach(async () => {
  stage = await createStage();
});
afterEach(() => stage.discord.close());

let count = 0;
function delivery(type: NoticeType, text: string, change: Partial<Delivery> = {}): Delivery {
  count += 1;
  const notice = noticeOf(type, { text });
  const data = "post" in notice.data ? { ...notice.data, post: stage.post } : notice.data;
  return {
    id: `019a0000-0000-7000-8000-${String(count).padStart(12, "0")}`,
    attempt: 1,
    uncertain: false,
    destination: "forum:server",
    address: stage.address,
    notice: Object.assign({ ...notice }, { data }),
    remembered: undefined,
    createdAt: stage.clock.now(),
    ...change,
  };
}
const send = (one: Delivery) => stage.adapter.deliver(one, AbortSignal.timeout(5_000));
const rememberedBy = (sent: Sent): unknown => (sent.outcome === "delivered" ? sent.remember : undefined);
const shown = (where = channel) => stage.discord.shownIn(where).map(({ content }) => content);

const sentence = "You can ask for an advance in your account, under money, and pay it back later. ";
const long = sentence.repeat(60).trim();

test("a long reply is cut after sentences; only its last part has the buttons", async () => {
  expect(await send(delivery("referral.replied", long))).toMatchObject({ outcome: "delivered" });
  const parts = stage.discord.shownIn(channel);
  expect(parts.length).toBeGreaterThan(2);
  const bodies = parts.map(({ content }) => content.split("\n").filter((line) => line.startsWith("You can")));
  expect(bodies.map(([body]) => body?.endsWith("later."))).toEqual(parts.map(() => true));
  expect(bodies.flat().join(" ")).toBe(long);
  const withButtons = parts.map((part) => stage.discord.labelsOf(part).length > 0);
  expect(withButtons).toEqual([...parts.slice(1).map(() => false), true]);
});

test("a reply that broke off in the middle goes on where it broke off, even days later", async () => {
  const one = delivery("referral.replied", long);
  let posts = 0;
  stage.discord.setFault(({ method }) => {
    if (method === "POST") posts += 1;
    return posts === 2 ? "500" : null;
  });
  expect(await send(one)).toMatchObject({ outcome: "unknown" });
  stage.discord.setFault(() => null);
  stage.clock.advance(3 * 24 * 3_600_000);
  expect(await stage.adapter.find?.(one, AbortSignal.timeout(5_000))).toEqual({ outcome: "absent" });
  expect(await send({ ...one, attempt: 2 })).toMatchObject({ outcome: "delivered" });
  const numbers = shown().map((content) => / · (\d)\/\d · /.exec(content)?.[1]);
  expect(numbers).toEqual(numbers.map((_, i) => String(i + 1)));
});

test("a shorter correction takes away what it does not need; a withdrawal and an erasure leave no word of it", async () => {
  const sent = await send(delivery("referral.replied", long));
  const remembered = rememberedBy(sent);
  const corrected = await send(delivery("referral.corrected", "Ask online.", { remembered }));
  expect(shown().length).toBe(1);
  expect(shown()[0]).toContain("this has been corrected");

  const longer = await send(delivery("referral.corrected", long, { remembered: rememberedBy(corrected) }));
  expect(shown().length).toBeGreaterThan(2);

  const retracted = await send(
    delivery("referral.retracted", "It was wrong.", { remembered: rememberedBy(longer) }),
  );
  expect(shown().length).toBe(1);
  expect(shown()[0]).toContain("has withdrawn this answer");

  await send(delivery("redact", "", { remembered: rememberedBy(retracted) }));
  expect(shown()).toEqual(["This has been removed."]);
});

test("in an archived thread a correction opens it with a word and then changes the reply", async () => {
  const id = stage.post.split("/").at(-1) ?? "";
  const thread = stage.discord.thread(channel, id);
  const remembered = rememberedBy(await send(delivery("referral.replied", "Ask by phone.")));
  expect(shown(id).length).toBe(1);
  thread.archived = true;
  await send(delivery("referral.corrected", "Ask online.", { remembered }));
  expect(shown(id)[0]).toContain("Ask online.");
  expect(shown(id)[1]).toBe("A message above has changed.");
});

test("a message that is gone is answered in its channel, and one in another server not at all", async () => {
  const asked = stage.discord.messagesIn(channel)[0];
  if (asked) stage.discord.remove(asked);
  expect(await send(delivery("referral.replied", "Ask online."))).toMatchObject({ outcome: "delivered" });
  expect(stage.discord.shownIn(channel)[0]?.replyTo).toBeNull();
  const elsewhere = { ...stage.address, guildId: "200000000000000009" };
  const refused = await send(delivery("referral.replied", "Ask online.", { address: elsewhere }));
  expect(refused).toEqual({ outcome: "refused", reason: "other-server" });
});

test("without the right to read the history it is said all the same, and without that to write it waits", async () => {
  const place = stage.discord.state.channels.get(channel);
  place?.denied.set(stage.discord.state.bot.id, permissions.readMessageHistory);
  expect(await send(delivery("referral.replied", "Ask online."))).toMatchObject({ outcome: "delivered" });
  place?.denied.set(stage.discord.state.bot.id, permissions.sendMessages);
  expect(await send(delivery("referral.replied", "Ask online."))).toEqual({
    outcome: "retry",
    reason: "discord-50013",
  });
});

test("a reply that was answered and closes in silence says nothing more; another closing says why and where to go", async () => {
  const replied = rememberedBy(await send(delivery("referral.replied", "Ask online.")));
  const silent = delivery("referral.closed", "", { remembered: replied });
  const { because: _, signpost: __, ...data } = { because: "", signpost: "", ...silent.notice.data };
  const before = shown().length;
  await send({ ...silent, notice: Object.assign({ ...silent.notice }, { data }) });
  expect(shown().length).toBe(before);
  await send(delivery("referral.closed", "Citizens Advice can help.", { remembered: replied }));
  expect(shown().at(-1)).toContain("Citizens Advice can help.");
  expect(shown().at(-1)).toContain("https://www.gov.uk/");
});

test("what a reply says that only Discord knows has no meaning, and its links show where they lead", async () => {
  const text =
    "See [the page](https://www.gov.uk/uc) or <#1>, ||hidden||, **now**.\n-# small @here `code` <t:1:R>";
  await send(delivery("referral.replied", text));
  const said = shown().at(-1) ?? "";
  expect(said).toContain("See the page (https://www.gov.uk/uc) or \\<#1>");
  expect(said).toContain("**now**");
  expect(said).toContain("\\|\\|hidden\\|\\|");
  expect(said).toContain("\\-# small \\@here");
  expect(stage.discord.violations).toEqual([]);
  expect(stage.discord.messagesIn(channel).some(({ mentions }) => mentions.includes(mia))).toBe(false);
});
