import { expect, test } from "vitest";
import { amal, channel, createDay } from "./day.ts";

test("a mutant that relays what was said in a thread is found out at the end of its day", async () => {
  const day = await createDay("http");
  const { body } = await day.world.refer("parents");
  await day.pass();
  const said = day.slack.messagesIn(channel).find(({ user }) => user === amal)?.text;
  await day.world.as("advisor:amal.h", body.reference, "claim");
  await day.world.as("advisor:amal.h", body.reference, "ask", { text: said });
  await day.pass();
  await expect(day.close()).rejects.toThrow("said in private");
});
