import { afterAll, beforeAll, expect, test } from "vitest";
import type { Message } from "../../simulators/discord/index.ts";
import { createDay, type Day } from "./day.ts";
import { channel, mia, mo, sid } from "./stage.ts";

let day: Day;
let reference = "";
let reply: Message;
beforeAll(async () => {
  day = await createDay("gateway");
  const message = day.discord.say(mia, channel, "My Universal Credit advance payment has not come.");
  reference = day.referenceIn(await day.refer(message));
  await day.world.as("advisor:amal.h", reference, "claim");
  reply = await answered("You can ask for an advance.");
});
afterAll(() => day.close());

async function answered(text: string): Promise<Message> {
  await day.world.as("advisor:amal.h", reference, "reply", { text });
  await day.pass();
  return day.newest();
}
const state = async (): Promise<string> => (await day.world.show(reference)).state;
const saidBack = (content: string) => day.until(() => day.newest().content.includes(content));

test("what others answer, and what is said beside a reply, is none of ours", async () => {
  const { discord } = day;
  discord.say(sid, channel, "I had the same.", { replyTo: reply.id });
  const beside = discord.say(mia, channel, "canary-9c1 not for the advisor");
  discord.say(mia, channel, "canary-9c1 either", { replyTo: beside.id });
  // The next thing heard shows that these have been heard before it.
  discord.say(mia, channel, "", { replyTo: reply.id, ping: false });
  await saidBack("Discord does not show me that answer");
  expect(await state()).toBe("replied");
});

test("the member's answer to the reply returns the referral to its advisor, once", async () => {
  day.discord.gateway.moods.times = 3;
  day.discord.say(mia, channel, "It was refused. What now?", { replyTo: reply.id });
  day.discord.gateway.moods.times = 1;
  await saidBack("Passed on to the advisor");
  expect(await state()).toBe("claimed");
  const { history } = await day.world.show(reference);
  const followed = history.filter(({ type }: { type: string }) => type === "referral.followed_up");
  expect(followed).toMatchObject([{ by: { role: "member" } }]);
  expect(JSON.stringify(await day.world.show(reference))).not.toContain("canary");
  const backs = day.discord.shownIn(channel).filter(({ content }) => content.startsWith("Passed on"));
  expect(backs.length).toBe(1);
});

test("an advisor's question is answered by a button or by an answer to it", async () => {
  await day.world.as("advisor:amal.h", reference, "ask", { text: "Which week did you apply?" });
  await day.pass();
  const question = day.newest();
  expect(question.content).toContain("An advisor of **Universal Credit specialists** asks:");
  const opened = await day.discord.press(mia, channel, question.id, "Answer");
  expect(await day.read(await day.discord.submit(opened, { text: "The first of May." }))).toContain(
    "Passed on",
  );
  expect(await state()).toBe("claimed");

  await day.world.as("advisor:amal.h", reference, "ask", { text: "Online?" });
  await day.pass();
  day.discord.say(mo, channel, "Yes, she did.", { replyTo: day.newest().id });
  await saidBack("Passed on to the advisor");
  expect(await state()).toBe("claimed");
});

test("Ask again brings the member's words, and a reply in a thread stands there", async () => {
  reply = await answered("Then you can appeal.");
  const opened = await day.discord.press(mia, channel, reply.id, "Ask again");
  expect(await day.read(await day.discord.submit(opened, { text: "How?" }))).toContain("Passed on");
  expect(await state()).toBe("claimed");

  const post = (await day.world.show(reference)).post.url.split("/").at(-1);
  day.discord.thread(channel, post);
  await day.world.as("advisor:amal.h", reference, "reply", { text: "By a letter." });
  await day.pass();
  expect(day.newest(post).content).toContain("By a letter.");
  day.discord.say(mia, post, "Thank you, and by when?", { replyTo: day.newest(post).id });
  await day.until(() => day.newest(post).content.includes("Passed on to the advisor"));
  expect(await state()).toBe("claimed");
});

/** Waits until something is in the referral's history. */
async function noted(type: string): Promise<void> {
  const end = performance.now() + 20_000;
  for (;;) {
    const { history } = await day.world.show(reference);
    if (history.some((entry: { type: string }) => entry.type === type)) return;
    if (performance.now() > end) throw new Error(`${type} was not noted.`);
  }
}

test("a referred message or a reply that is taken away is noted; any other is none of ours", async () => {
  const thread = day.newest((await day.world.show(reference)).post.url.split("/").at(-1)).channelId;
  const byLetter = day.discord.shownIn(thread).find(({ content }) => content.includes("By a letter."));
  day.discord.remove(day.discord.say(mia, channel, "Never mind."));
  if (byLetter) day.discord.remove(byLetter);
  await noted("reply.removed");
  const post = day.discord.messagesIn(channel).find(({ id }) => id === thread);
  if (post) day.discord.remove(post);
  await noted("post.deleted");
  expect(await state()).toBe("claimed");
});

test("Discord has found nothing wrong with any of it", () => {
  expect(day.discord.violations).toEqual([]);
});
