import { expect, test } from "vitest";
import { createDay as createDiscordDay } from "../adapters/discord/day.ts";
import { channel as discordChannel, mia } from "../adapters/discord/stage.ts";
import { amal, createDay as createSlackDay } from "../adapters/slack/day.ts";

/**
 * What a platform keeps beside what people see: Slack's metadata, block ids and values, Discord's custom ids and nonces.
 * People cannot see that it is there, so nothing that anybody wrote may be in it.
 */
const hidden = new Set([
  "metadata",
  "private_metadata",
  "external_id",
  "block_id",
  "action_id",
  "callback_id",
  "value",
  "custom_id",
  "nonce",
]);

/** Every hidden value of a payload, in any depth, as text. */
function hiddenIn(payload: unknown): string[] {
  if (Array.isArray(payload)) return payload.flatMap(hiddenIn);
  if (typeof payload !== "object" || payload === null) return [];
  return Object.entries(payload).flatMap(([name, value]) =>
    hidden.has(name) ? [JSON.stringify(value)] : hiddenIn(value),
  );
}

const person = /canary-\w+/gi;
const found = (payloads: unknown[]) => payloads.flatMap(hiddenIn).flatMap((text) => text.match(person) ?? []);
const texts = {
  title: "canary-title",
  excerpt: "canary-excerpt, and my advance payment has not come.",
  note: "canary-note",
  member: "canary-member",
  moderator: "canary-moderator",
};

test("Slack keeps nothing that anybody wrote beside what people see", async () => {
  const day = await createSlackDay("http");
  try {
    const { world, slack } = day;
    const { body } = await world.refer("parents", texts);
    await day.pass();
    await world.as("advisor:amal.h", body.reference, "claim");
    await day.pass();
    await slack.click(amal, day.card(), "reply");
    await slack.submit(await day.modal(amal, "Your reply"), { text: "canary-reply" });
    await slack.submit(await day.modal(amal, "will show this"));
    await day.modal(amal, "on its way to the forum");
    await day.pass();
    const payloads: unknown[] = [slack.state.channels, slack.state.views, slack.state.ephemerals].flatMap(
      (kept) => [...kept.values()],
    );
    expect(JSON.stringify(payloads)).toContain("canary-excerpt");
    expect(payloads.flatMap(hiddenIn).length).toBeGreaterThan(10);
    expect(found(payloads)).toEqual([]);
  } finally {
    await day.close();
  }
});

test("Discord keeps nothing that anybody wrote beside what people see", async () => {
  const day = await createDiscordDay("http");
  try {
    const { world, discord } = day;
    const post = discord.say(mia, discordChannel, texts.excerpt);
    const reference = day.referenceIn(await day.refer(post, { note: texts.note }));
    await world.as("advisor:amal.h", reference, "claim");
    await world.as("advisor:amal.h", reference, "reply", { text: "canary-reply" });
    await day.pass();
    const payloads = discord.requests.map(({ body }) => body);
    expect(JSON.stringify(payloads)).toContain("canary-reply");
    expect(payloads.flatMap(hiddenIn).length).toBeGreaterThan(3);
    expect(found(payloads)).toEqual([]);
  } finally {
    await day.close();
  }
});

test("the search would find them, in any depth", () => {
  expect(found([{ blocks: [{ elements: [{ value: "canary-x" }] }], text: "canary-y" }])).toEqual([
    "canary-x",
  ]);
});
