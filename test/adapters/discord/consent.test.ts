import { afterAll, beforeAll, expect, test } from "vitest";
import { createMemory } from "../../../src/delivery/index.ts";
import { purgeDue } from "../../../src/referrals/index.ts";
import { dayMs } from "../../support/world.ts";
import { createDay, type Day } from "./day.ts";
import { channel, mia, mo, sid } from "./stage.ts";

let day: Day;
beforeAll(async () => {
  day = await createDay("http", { consent: "member" });
});
afterAll(() => day.close());

/** What the adapter remembers of a referral's post. */
const remembered = async (reference: string): Promise<unknown> => {
  const { externalId } = await day.world.show(reference);
  return createMemory(day.world.instance.deps, "discord", "a test").get(`post:${externalId}`);
};
const ask = async (text: string): Promise<string> =>
  day.referenceIn(await day.refer(day.discord.say(mia, channel, text)));
const newestTo = (user: string) => {
  const message = day.discord.directMessages(user).at(-1);
  if (!message) throw new Error("There is no direct message.");
  return message;
};

test("the member is asked in private, and a yes passes the post on", async () => {
  const reference = await ask("My Universal Credit advance payment has not come.");
  expect((await day.world.show(reference)).state).toBe("awaiting_consent");
  expect(await remembered(reference)).toMatchObject({ asked: mia });
  await day.pass();
  const question = newestTo(mia);
  expect(question.content).toContain("May we pass it on?");
  expect(question.content).toContain("/m/");
  expect(day.discord.labelsOf(question)).toEqual(["Yes", "No"]);
  expect(day.discord.shownIn(channel)).toEqual([]);

  const pressed = await day.discord.press(mia, question.channelId, question.id, "Yes");
  expect(await day.read(pressed)).toContain("It is passed on now");
  expect((await day.world.show(reference)).state).toBe("offered");
  await day.until(() => day.discord.labelsOf(newestTo(mia)).length === 0);
  expect(JSON.stringify(await remembered(reference))).not.toContain(mia);
});

test("closed direct messages: the question stands under the post, and says nothing of the matter", async () => {
  day.discord.user(mia, { dmsClosed: true });
  const reference = await ask("My work coach says my Universal Credit ends because of my illness.");
  await day.pass();
  const question = day.newest();
  expect(question.replyTo).not.toBeNull();
  expect(question.content).not.toMatch(/credit|illness|government|advisor/i);
  expect(question.content).not.toContain("/m/");
  for (const somebody of [mo, sid]) {
    const pressed = await day.discord.press(somebody, channel, question.id, "Yes");
    expect(await day.read(pressed)).toMatch(/Only the/);
  }
  expect((await day.world.show(reference)).state).toBe("awaiting_consent");

  const pressed = await day.discord.press(mia, channel, question.id, "No");
  expect(await day.read(pressed)).toContain("Nothing is passed on");
  expect(await day.world.show(reference)).toMatchObject({ state: "withdrawn", post: null });
  await day.pass();
  expect(day.newest().content).toBe("This has been removed.");
  expect(day.discord.labelsOf(day.newest())).toEqual([]);
});

test("a question that nobody answers ends with its window, and then nothing knows who was asked", async () => {
  const reference = await ask("My Universal Credit advance payment has not come.");
  const { externalId } = await day.world.show(reference);
  await day.pass();
  await day.world.pass(8 * dayMs);
  await day.world.pass(dayMs);
  expect((await day.world.show(reference)).state).toBe("withdrawn");
  await purgeDue(day.world.instance.deps);
  const memory = createMemory(day.world.instance.deps, "discord", "a test");
  expect(await memory.get(`post:${externalId}`)).toBeUndefined();
});

test("Discord has found nothing wrong with any of it", () => {
  expect(day.discord.violations).toEqual([]);
});
