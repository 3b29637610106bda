import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createDay, type Day } from "./day.ts";
import { channel, guild, mia, mo, sid } from "./stage.ts";

describe.each(["http", "gateway"] as const)("a referral from a message to an outcome, over %s", (mode) => {
  let day: Day;
  let reference = "";
  let post = "";
  beforeAll(async () => {
    day = await createDay(mode);
    post = day.discord.say(
      mia,
      channel,
      "My Universal Credit advance payment has not come. AB 12 34 56 C",
    ).id;
  });
  afterAll(() => day.close());

  test("a moderator opens the form from the message: the likeliest topics stand first", async () => {
    const { discord } = day;
    const opened = await discord.messageCommand(mo, channel, post, "Refer to an advisor");
    const fields = JSON.stringify(opened.modal);
    expect(fields.indexOf("universal-credit")).toBeLessThan(fields.indexOf("vaccination"));
    expect(fields.indexOf("The member agreed")).toBeLessThan(fields.indexOf("Ask the member"));
    const answer = await day.read(
      await discord.submit(opened, {
        topic: "universal-credit",
        consent: "member-agreed",
        note: "Since May.",
      }),
    );
    reference = day.referenceIn(answer);
    expect(answer).toContain("It is with **Universal Credit specialists**");
    expect(answer).toContain("Universal Credit belongs to DWP");
    expect(answer).toContain("a National Insurance number");
    expect(answer).toContain("an advisor claims it");
    const view = await day.world.show(reference);
    expect(view.state).toBe("offered");
    expect(view.post.url).toBe(`https://discord.com/channels/${guild}/${channel}/${post}`);
    expect(JSON.stringify(view)).not.toContain(mia);
  });

  test("the answer comes as a reply to the message, with who answers and how to check it", async () => {
    const { world, discord } = day;
    await world.as("advisor:amal.h", reference, "claim");
    await world.as("advisor:amal.h", reference, "reply", {
      text: "You can ask for **an advance**. @everyone",
    });
    await day.pass();
    const reply = day.newest();
    expect(reply.replyTo).toBe(post);
    expect(reply.content).toContain("**Department for Work and Pensions**, Universal Credit specialists");
    expect(reply.content).toContain(`${world.instance.address}/verify/`);
    expect(discord.labelsOf(reply)).toEqual(["This helped", "Partly", "It did not", "Ask again"]);
    const view = await world.show(reference);
    expect(view.state).toBe("replied");
    expect(view.replies[0].url).toBe(`https://discord.com/channels/${guild}/${channel}/${reply.id}`);
  });

  test("somebody else who presses is refused, and nothing changes", async () => {
    const pressed = await day.discord.press(sid, channel, day.newest().id, "This helped");
    expect(await day.read(pressed)).toContain("Only the member who asked and the moderators");
    expect((await day.discord.press(sid, channel, day.newest().id, "Ask again")).modal).toBeNull();
    expect((await day.world.show(reference)).state).toBe("replied");
  });

  test("a correction changes the message and says so", async () => {
    const { id } = day.newest();
    const [reply] = (await day.world.show(reference)).replies;
    await day.world.as("advisor:amal.h", reference, "correct", {
      reply: reply.id,
      text: "You can ask for it online.",
    });
    await day.pass();
    expect(day.newest().id).toBe(id);
    expect(day.newest().content).toContain("this has been corrected");
    expect(day.newest().content).toContain("You can ask for it online.");
  });

  test("the member presses This helped, and it is resolved as said by the member", async () => {
    const pressed = await day.discord.press(mia, channel, day.newest().id, "This helped");
    expect(await day.read(pressed)).toContain("said by the member");
    const view = await day.world.show(reference);
    expect(view.state).toBe("resolved");
    expect(view.outcome).toMatchObject({ result: "helped", saidBy: "member" });
  });

  test("/referral-stats shows the forum's own figures", async () => {
    const shown = await day.discord.settled(
      await day.discord.slash(mo, channel, "referral-stats", { days: 7 }),
    );
    expect(shown?.content).toContain("1 received, 0 open");
    expect(shown?.content).toContain("resolved 100 %");
    // One bar alone would show nothing.
    expect(shown?.attachments).toEqual([]);
  });

  test("Discord has found nothing wrong with any of it", () => {
    expect(day.discord.violations).toEqual([]);
    expect(day.world.log.filter((line) => line.includes('"level":50'))).toEqual([]);
  });
});
