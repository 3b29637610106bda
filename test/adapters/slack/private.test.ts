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

test("words that divert a referral never reach the pool's thread, not even to be blanked", async () => {
  const day = await createDay("http");
  try {
    const { reference } = (await day.world.refer("parents")).body;
    await day.world.as("advisor:amal.h", reference, "claim");
    await day.world.as("advisor:amal.h", reference, "reply", { text: "Ring the helpline." });
    await day.pass();
    const text = "I want to die and I have a plan for tonight.";
    const event = { type: "followed_up", reference, text, saidBy: "member" };
    expect((await day.world.event("parents", event)).body).toMatchObject({ state: "diverted" });
    await day.pass();
    const lines = await day.world.db.prisma.delivery.findMany({ where: { notice: "message" } });
    expect(
      lines.filter(({ data }) => (data as { event: string }).event === "referral.followed_up"),
    ).toMatchObject([{ state: "cancelled" }]);
  } finally {
    await day.close();
  }
});
