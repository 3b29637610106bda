import { expect, test } from "vitest";
import { createAdapter } from "../../../adapters/discord/index.ts";
import type { Delivery } from "../../../src/contract/adapter.ts";
import type { ForumMessage } from "../../../src/contract/notice.ts";
import { noticeOf } from "../../contract/notices.ts";
import {
  type DiscordSimulator,
  type Interaction,
  isMute,
  liveParts,
  messageBodies,
} from "../../simulators/discord/index.ts";
import { createHardDay, referralForm } from "./hard-day.ts";
import { hostileTexts, payloads } from "./hostile-texts.ts";
import { channel, createStage, guild, mia, mo } from "./stage.ts";

const kinds = [
  "referral.replied",
  "referral.question",
  "referral.closed",
  "referral.corrected",
  "referral.retracted",
  "referral.consent_requested",
] as const;

/** A notice that says three texts in every place where somebody's words may stand. */
function noticeSaying(type: (typeof kinds)[number], [one, two, three]: readonly string[]): ForumMessage {
  const notice = noticeOf(type, { text: one ?? "" });
  if (notice.audience !== "forum" || notice.type === "ping" || notice.type === "redact")
    throw new Error("no such notice");
  const names = { department: two ?? "", pool: three ?? "" };
  const data = {
    ...notice.data,
    post: `https://discord.com/channels/${guild}/${channel}`,
    because: two ?? "",
    pool: { slug: "uc", name: three ?? "" },
    from: names,
    signpost: { text: three ?? "", url: "https://www.gov.uk/" },
  };
  return { ...notice, data };
}

/** What of everything that was sent could act on a reader, and how many bodies there were. */
function judge(discord: DiscordSimulator) {
  const bodies = messageBodies(discord);
  return {
    count: bodies.length,
    live: bodies.flatMap((body) => liveParts(body)),
    loud: bodies.filter((body) => !isMute(body)),
  };
}

/** Every text in every place of every notice, or each of them once. */
const isLong = process.env.TEST_LONG === "1";
const rounds = isLong ? kinds.length * 3 : 1;

/** Requests of one adapter that its library lets pass in a second. */
const perAdapter = 15;

test("500 hostile texts, over every place of every notice, call nobody and hide no address", async () => {
  const { discord, deps, address } = await createStage({
    discord: { rates: { limit: 10_000, globalPerSecond: 10_000 } },
  });
  let adapter = createAdapter(deps);
  let sent = 0;
  for (let i = 0; i < hostileTexts.length * rounds; i += 3) {
    if (sent % perAdapter === 0) adapter = createAdapter(deps);
    const type = kinds[(sent + Math.floor(i / hostileTexts.length)) % kinds.length] ?? "referral.replied";
    const texts = [0, 1, 2].map((n) => hostileTexts[(i + n) % hostileTexts.length] ?? "");
    sent += 1;
    const delivery: Delivery = {
      id: `019a0000-0000-7000-8000-${String(i).padStart(12, "0")}`,
      attempt: 1,
      uncertain: false,
      destination: "forum:village",
      address,
      notice: noticeSaying(type, texts),
      remembered: undefined,
      createdAt: deps.now(),
    };
    expect(await adapter.deliver(delivery, AbortSignal.timeout(20_000))).toMatchObject({
      outcome: "delivered",
    });
  }
  const { count, live, loud } = judge(discord);
  const dangerous = hostileTexts.filter((text) => liveParts({ content: text }).length > 0);
  console.log(
    `${hostileTexts.length} texts, ${dangerous.length} of them live as they stand: ${count} bodies, ${live.length} live parts, ${loud.length} that call somebody`,
  );
  expect(count).toBeGreaterThanOrEqual(sent);
  expect(dangerous.length).toBeGreaterThan(300);
  expect(live).toEqual([]);
  expect(loud).toEqual([]);
  expect(discord.violations).toEqual([]);
  expect(discord.messagesIn(channel).flatMap(({ mentions }) => mentions)).toEqual([]);
  await discord.close();
});

/** More than a select holds, with titles longer than an option, in marks and pairs of surrogates. */
const topics = Array.from({ length: 40 }, (_, i) => ({
  code: `topic-${i}`,
  title: `${payloads[i % payloads.length]} ${"🙂".repeat(60)}`.replaceAll("\n", " "),
  words: [`word-${i}`],
}));

test("what people type comes back to nobody as anything but words", async () => {
  const day = await createHardDay({
    discord: { rates: { limit: 10_000, globalPerSecond: 10_000 } },
    forum: { name: `Village ${payloads[8]} ${payloads[0]}`, language: "cy" },
    register: { topics },
  });
  const { discord } = day;
  discord.endpoint.probes.every = 0;
  const typed = async (opened: Interaction, values: Record<string, string>) =>
    discord.settled(await discord.submit(opened, values));
  for (const payload of payloads.slice(0, 6)) {
    const opened = await day.open(day.ask(`My Universal Credit is late. ${payload}`));
    await typed(opened, { ...referralForm, topic: "-", note: payload });
  }
  const asked = payloads.slice(0, isLong ? payloads.length : 12).flatMap((payload) => {
    const reference = payload.slice(0, 40);
    return [
      discord.slash(mo, channel, "referral status", { reference }),
      discord.slash(mo, channel, "referral reopen", { reference, reason: payload }),
    ];
  });
  await Promise.all(asked.map(async (use) => discord.settled(await use)));
  const reply = await day.reply(await day.refer());
  const again = discord.labelsOf(reply)[3] ?? "";
  for (const payload of payloads.slice(0, 4))
    await typed(await discord.press(mia, channel, reply.id, again), { text: payload });
  const { count, live, loud } = judge(discord);
  console.log(
    `${count} bodies after people typed: ${live.length} live parts, ${loud.length} that call somebody`,
  );
  expect(live).toEqual([]);
  expect(loud).toEqual([]);
  expect(discord.violations).toEqual([]);
  await day.close();
});
