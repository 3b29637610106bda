import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { liveParts } from "../../simulators/slack/index.ts";
import { amal, bea, channel, createDay, type Day, lee, member, mod, village } from "./day.ts";

const words = "My Universal Credit advance has not come <@U0MEMBER001> <!channel> &amp; I am cold";

describe("a forum that lives in Slack", () => {
  let day: Day;
  let reference = "";
  let post = "";
  beforeAll(async () => {
    day = await createDay("http");
    await day.world.keyFor("advisor:amal.h");
    post = day.slack.say(member, village, words);
  });
  afterAll(async () => {
    await day.close();
  });

  const inThread = () => day.slack.messagesIn(village).filter(({ threadTs }) => threadTs === post);
  const newest = () => {
    const message = inThread().at(-1);
    return { channel: village, ts: message?.ts ?? "", says: JSON.stringify(message ?? null) };
  };
  const told = () => JSON.stringify(day.slack.state.ephemerals.at(-1) ?? null);
  const closeViews = () => {
    for (const view of day.slack.state.views.values()) view.open = false;
  };
  async function refer(user: string, ts = post, values: Record<string, string> = {}, from = village) {
    await day.slack.shortcut(user, "refer", from, ts);
    const modal = await day.modal(user, "What is passed on");
    await day.slack.submit(modal, { consent: "member-agreed", ...values });
    return modal;
  }

  test("a moderator refers a message from its own menu, with the likeliest topics first", async () => {
    const modal = await refer(mod);
    const done = await day.modal(mod, "Passed on as");
    expect(JSON.stringify(modal)).not.toContain("U0MEMBER001");
    const said = JSON.stringify(done.view);
    reference = /FP-[0-9A-Z]{4}-[0-9A-Z]{4}/.exec(said)?.[0] ?? "";
    for (const part of [
      reference,
      "to Universal Credit specialists.",
      "Universal Credit belongs to DWP",
      "Nothing had to be masked",
      "an advisor claims it",
    ])
      expect(said).toContain(part);
    await day.until(() => told().includes(reference));
    await day.pass();
    expect(day.cardText()).toContain(reference);
    expect(day.cardText()).toContain("@someone @group & I am cold");
    expect(inThread()).toEqual([]);
    closeViews();
  });

  test("the moderator can ask where it stands, a member cannot", async () => {
    await day.slack.command(mod, "/referral", reference, village);
    await day.slack.command(member, "/referral", reference, village);
    await day.until(() => day.slack.state.answers.length === 2);
    const [first, second] = [mod, member].map((who) =>
      JSON.stringify(day.slack.state.answers.find(({ user }) => user === who)?.body),
    );
    expect(first).toContain("With Universal Credit specialists.");
    expect(second).not.toContain("Universal Credit");
  });

  test("a question comes into the message's thread, and only its member or a moderator answers", async () => {
    const { slack, world } = day;
    await world.as("advisor:amal.h", reference, "claim");
    await world.as("advisor:amal.h", reference, "ask", { text: "Which week `<!here>` was it?" });
    await day.pass();
    expect((await world.show(reference)).state).toBe("waiting_member");
    expect(newest().says).toContain("Universal Credit specialists asks:");
    await slack.click(bea, newest(), "member:answer");
    await slack.submit(await day.modal(bea, "Your answer"), { text: "not mine to say" });
    await day.modal(bea, "Only the person who wrote the post");
    await slack.click(member, newest(), "member:answer");
    await slack.submit(await day.modal(member, "Your answer"), { text: "The first week of May" });
    await day.modal(member, "Thank you");
    const { state, history } = await world.show(reference);
    expect(state).toBe("claimed");
    expect(history.at(-1)).toMatchObject({ type: "referral.answered", by: { role: "member" } });
    closeViews();
  });

  test("a reply comes with department, pool and a link to check it, and its address is kept", async () => {
    const { world } = day;
    const text = "Ask for it: https://www.gov.uk/advance. [Not a link](https://www.gov.uk/x) `<!channel>`";
    await world.as("advisor:amal.h", reference, "reply", { text });
    await day.pass();
    const { replies } = await world.show(reference);
    const { says, ts } = newest();
    expect(says).toContain(
      "Official reply from Department for Work and Pensions, Universal Credit specialists",
    );
    expect(says).toContain(`{"type":"link","url":"${replies[0].verify.url}"}`);
    expect(says).toContain(replies[0].verify.code);
    expect(says).toContain('{"type":"link","url":"https://www.gov.uk/advance"}');
    expect(says).not.toContain("amal");
    expect(replies[0].url).toBe(
      `https://example.slack.com/archives/${village}/p${ts.replace(".", "")}?thread_ts=${post}&cid=${village}`,
    );
  });

  test("a correction changes the reply where it stands", async () => {
    const { world } = day;
    const before = inThread().length;
    const { replies } = await world.show(reference);
    await world.as("advisor:amal.h", reference, "correct", {
      reply: replies[0].id,
      text: "Ask your work coach.",
    });
    await day.pass();
    expect(inThread().length).toBe(before);
    expect(newest().says).toContain("Corrected official reply from");
    expect(newest().says).toContain("Ask your work coach.");
    expect(newest().says).not.toContain("gov.uk/advance");
  });

  test("the member says it helped, in their own voice; a passer-by has none", async () => {
    const { slack, world } = day;
    const before = slack.state.ephemerals.length;
    slack.state.channels.get(village)?.members.add(bea);
    await slack.click(bea, newest(), "member:helped");
    await day.until(() => slack.state.ephemerals.length === before + 1);
    expect(told()).toContain("Only the person who wrote the post");
    await slack.click(member, newest(), "member:helped");
    await day.until(() => slack.state.ephemerals.length === before + 2);
    expect(told()).toContain("Thank you");
    expect((await world.show(reference)).outcome).toMatchObject({ result: "helped", saidBy: "member" });
  });

  test("asking again opens it once more for its advisor", async () => {
    const { slack, world } = day;
    await slack.click(member, newest(), "member:again");
    await slack.submit(await day.modal(member, "What is still open"), { text: "And the month after?" });
    await day.modal(member, "Thank you");
    expect((await world.show(reference)).state).toBe("claimed");
    await day.pass();
    const thread = day.ours(channel).filter(({ threadTs }) => threadTs !== null);
    expect(JSON.stringify(thread.at(-1))).toContain("And the month after?");
    closeViews();
  });

  test("where the member is asked first, only they can say yes", async () => {
    const { slack, world } = day;
    const ts = slack.say(member, village, "My advance payment again");
    await refer(mod, ts, { consent: "ask-member" });
    const said = JSON.stringify((await day.modal(mod, "the member is asked in the thread")).view);
    const asked = /FP-[0-9A-Z]{4}-[0-9A-Z]{4}/.exec(said)?.[0] ?? "";
    await day.pass();
    const question = slack.messagesIn(village).find(({ threadTs }) => threadTs === ts);
    const at = { channel: village, ts: question?.ts ?? "" };
    await slack.click(mod, at, "member:yes");
    await day.until(() => told().includes("Only the person who wrote the post can say this"));
    expect((await world.show(asked)).state).toBe("awaiting_consent");
    await slack.click(member, at, "member:yes");
    await day.until(() => told().includes("Thank you"));
    expect((await world.show(asked)).state).toBe("offered");
    closeViews();
  });

  test("somebody whom the forum's entry names as a moderator refers too", async () => {
    const { slack, world } = day;
    const { body: register } = await world.call("GET", "/v1/register", await world.keyFor("admin"));
    const entry = register.forums.find(({ slug }: { slug: string }) => slug === "village");
    const named = { ...entry, slack: { ...entry.slack, moderators: [lee] } };
    expect((await world.apply({ forums: [named] })).status).toBe(200);
    slack.state.channels.get(village)?.members.add(lee);
    await refer(lee, slack.say(member, village, "My work coach does not answer"));
    await day.modal(lee, "Passed on as");
    closeViews();
  });

  test("words of danger are answered with whom to call, at once, and the thread says nothing", async () => {
    const { slack, world } = day;
    const ts = slack.say(member, village, "I want to die and I have a plan for tonight.");
    await refer(mod, ts);
    const { view } = await day.modal(mod, "Please read this first");
    expect(JSON.stringify(view)).toContain("116 123");
    await day.until(() => told().includes("116 123"));
    expect(JSON.stringify(view)).toContain("safeguarding lead");
    await day.pass();
    expect(slack.messagesIn(village).some(({ threadTs }) => threadTs === ts)).toBe(false);
    expect(
      (await world.call("GET", "/v1/referrals?state=diverted", await world.keyFor("admin"))).body.items
        .length,
    ).toBe(1);
    closeViews();
  });

  test.each([
    ["somebody who does not moderate", () => refer(bea), bea, "Only this forum's moderators"],
    [
      "a message that is private to a pool",
      () => refer(mod, day.card().ts, {}, channel),
      mod,
      "private to a pool",
    ],
    [
      "a channel without the app",
      () => {
        day.slack.addChannel("C0WITHOUT01", [mod]).members.delete(day.slack.state.botUser);
        return refer(mod, day.slack.say(member, "C0WITHOUT01", "Help"), {}, "C0WITHOUT01");
      },
      mod,
      "Invite it with /invite",
    ],
  ])("%s is refused, and the typed text given back", async (_what, attempt, user, says) => {
    const before = (await day.world.call("GET", "/v1/referrals?limit=100", await day.world.keyFor("admin")))
      .body;
    await attempt();
    const { view } = await day.modal(user, says);
    expect(JSON.stringify(view)).toContain('"block_id":"excerpt"');
    const after = (await day.world.call("GET", "/v1/referrals?limit=100", await day.world.keyFor("admin")))
      .body;
    expect(after.items.length).toBe(before.items.length);
    closeViews();
  });

  test("/refer takes the link of a message in this channel, and passes on all of it where nothing is cut", async () => {
    const { slack } = day;
    const link = `https://example.slack.com/archives/${village}/p${post.replace(".", "")}`;
    await slack.command(mod, "/refer", link, village);
    const modal = await day.modal(mod, "Link to the message");
    expect(JSON.stringify(modal.view)).toContain(`"initial_value":"${link}"`);
    await slack.submit(modal, {
      consent: "member-agreed",
      note: "typed with care",
      link: `${link.replace(village, channel)}`,
    });
    const refused = await day.modal(mod, "stands in another channel");
    expect(JSON.stringify(refused.view)).toContain("typed with care");
    await slack.submit(refused, { consent: "member-agreed", link });
    await day.modal(mod, "Passed on as");
    await day.pass();
    expect(day.cardText()).toContain("@someone @group & I am cold");
    closeViews();
  });

  test("erasing blanks what was said about a referral in the thread, and leaves what people wrote", async () => {
    const { slack, world } = day;
    const { body } = await world.call(
      "POST",
      `/v1/referrals/${reference}/withdraw`,
      await world.keyFor("admin"),
      {
        as: "forum:village",
      },
    );
    expect(body.state).toBe("withdrawn");
    for (let days = 0; days < 100; days += 50) await day.world.pass(50 * 86_400_000);
    expect(inThread().length).toBeGreaterThan(0);
    expect(inThread().every(({ text }) => text === "This has been removed.")).toBe(true);
    expect(slack.messagesIn(village).find(({ ts }) => ts === post)?.text).toBe(words);
  });

  test("nothing in the forum's channel is live, and Slack found nothing wrong", () => {
    const ours = day.slack.messagesIn(village).filter(({ user }) => user === day.slack.state.botUser);
    expect(ours.flatMap((message) => liveParts(message))).toEqual([]);
    expect(day.slack.openViews(amal)).toEqual([]);
    expect(day.slack.state.violations).toEqual([]);
  });
});
