import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { adminKey } from "../../support/world.ts";
import { amal, bea, channel, createDay, type Day, lee } from "./day.ts";

describe.each(["http", "socket"] as const)("an advisor's whole day in Slack, over %s", (mode) => {
  let day: Day;
  let reference = "";
  beforeAll(async () => {
    day = await createDay(mode);
  });
  afterAll(async () => {
    await day.close();
  });

  test("a referral appears as a card in its pool's channel", async () => {
    const { world } = day;
    const { body } = await world.refer("parents", { title: "Advance payment <!channel>" });
    reference = body.reference;
    await day.pass();
    expect(day.ours(channel).length).toBe(1);
    expect(day.cardText()).toContain(reference);
    expect(day.cardText()).toContain("Universal Credit belongs to DWP");
    expect(day.cardText()).toContain('"claim"');
  });

  test("the first claim asks to acknowledge the guidance", async () => {
    const { slack, world } = day;
    await slack.click(amal, day.card(), "claim");
    const modal = await day.modal(amal, "I have read it");
    expect((await world.show(reference)).state).toBe("offered");
    modal.open = false;
    for (const advisor of ["amal.h", "bea.k", "lee.d"]) await world.keyFor(`advisor:${advisor}`);
  });

  test("of twenty clicks one wins, and the others learn who did and when", async () => {
    const { slack, world } = day;
    const clicks = Array.from({ length: 20 }, (_, i) => [bea, lee][i % 2] ?? bea);
    await Promise.all(clicks.map((user) => slack.click(user, day.card(), "claim")));
    await day.until(() => slack.state.ephemerals.length >= 20);
    const said = slack.state.ephemerals.map(({ blocks }) => JSON.stringify(blocks));
    expect(said.filter((words) => words.includes("is yours")).length).toBeGreaterThan(0);
    const view = await world.show(reference);
    expect(view.state).toBe("claimed");
    expect(view.history.filter(({ type }: { type: string }) => type === "referral.claimed").length).toBe(1);
    const winner = view.history.find(({ type }: { type: string }) => type === "referral.claimed").by.id;
    const lost = said.filter((words) => words.includes(`${winner} claimed`));
    expect(lost.length).toBeGreaterThanOrEqual(10);
    expect(lost[0]).toContain('"type":"date"');
    for (const view of slack.state.views.values()) view.open = false;
    await world.as("admin", reference, "transfer", { to: "amal.h", as: `advisor:${winner}` });
    await day.pass();
  });

  test("the card names its owner, and a private thread opens", async () => {
    const { slack } = day;
    expect(day.cardText()).toContain(`"user_id":"${amal}"`);
    const thread = day.ours(channel).filter(({ threadTs }) => threadTs === day.card().ts);
    expect(thread.length).toBe(1);
    expect(JSON.stringify(thread)).toContain("nothing written in this thread leaves Slack");
    expect(slack.messagesIn(channel).filter(({ user }) => user === amal).length).toBe(1);
  });

  test("a question goes to the forum, and its answer comes into the thread", async () => {
    const { slack, world } = day;
    await slack.click(amal, day.card(), "ask");
    await slack.submit(await day.modal(amal, "Your question"), { text: "Which week did you apply?" });
    await day.modal(amal, "on its way");
    await day.pass();
    expect(world.callbacks.at(-1)).toMatchObject({
      type: "referral.question",
      data: { text: "Which week did you apply?" },
    });
    expect((await world.show(reference)).state).toBe("waiting_member");
    await world.event("parents", {
      type: "member.answered",
      reference,
      text: "The first week of May <@U0AMAL00001>",
    });
    await day.pass();
    const thread = day.ours(channel).filter(({ threadTs }) => threadTs === day.card().ts);
    expect(JSON.stringify(thread.at(-1))).toContain("The first week of May");
  });

  test("a reply is checked, previewed, and sent only from the preview", async () => {
    const { slack, world } = day;
    const text = "You can ask for an advance. See https://www.gov.uk/universal-credit.";
    for (const view of slack.openViews(amal)) view.open = false;
    await slack.click(amal, day.card(), "reply");
    await slack.submit(await day.modal(amal, "Your reply"), { text });
    const preview = await day.modal(amal, "will show this");
    expect(JSON.stringify(preview.view)).toContain(text);
    await day.pass();
    expect(world.callbacks.some(({ type }) => type === "referral.replied")).toBe(false);
    await slack.submit(preview);
    await day.modal(amal, "on its way to the forum");
    await day.pass();
    const replied = world.callbacks.find(({ type }) => type === "referral.replied");
    expect(replied?.data.text).toBe(text);
    expect((await world.show(reference)).state).toBe("replied");
    expect(day.cardText()).toContain('"resolve"');
  });

  test("a refused submit gives the typed text back", async () => {
    const { slack, world } = day;
    for (const view of slack.openViews(amal)) view.open = false;
    await slack.click(amal, day.card(), "release");
    await world.event("parents", {
      type: "feedback",
      reference,
      result: "partly_helped",
      saidBy: "moderator",
    });
    await slack.submit(await day.modal(amal, "Release"), { reason: "typed with care" });
    const back = await day.modal(amal, "is not where it was");
    expect(JSON.stringify(back.view)).toContain('"initial_value":"typed with care"');
    await world.as("admin", reference, "reopen", { reason: "for the test", as: "forum:parents" });
    await day.pass();
  });

  test("/referrals lists what an advisor has in hand", async () => {
    const { slack } = day;
    await slack.command(amal, "/referrals", "", channel);
    await day.until(() => slack.state.answers.length === 1);
    expect(JSON.stringify(slack.state.answers)).toContain(reference);
  });

  test("the advisor resolves it, saying what came of it and what the department learned", async () => {
    const { slack, world } = day;
    for (const view of slack.openViews(amal)) view.open = false;
    expect((await world.show(reference)).next.advisor).toBe("amal.h");
    await world.as("advisor:amal.h", reference, "reply", { text: "The page is now clearer." });
    await day.pass();
    await slack.click(amal, day.card(), "resolve");
    await slack.submit(await day.modal(amal, "What came of it"), {
      result: "now_knows_next_step",
      insight: "guidance_unclear",
    });
    await day.modal(amal, "It is resolved");
    const { state, outcome } = await world.show(reference);
    expect(state).toBe("resolved");
    expect(outcome).toMatchObject({
      result: "now_knows_next_step",
      saidBy: "advisor",
      insight: "guidance_unclear",
    });
    await day.pass();
    expect(day.cardText()).toContain("Resolved");
    expect(day.cardText()).not.toContain('"resolve"');
  });

  test("figures are shown as blocks, and Slack has found nothing wrong", async () => {
    const { slack, world } = day;
    await slack.command(lee, "/referral-stats", "7", channel);
    await slack.command(amal, "/referral", reference, channel);
    await day.until(() => slack.state.answers.length === 3);
    const said = slack.state.answers.map(({ body }) => JSON.stringify(body));
    expect(said.some((words) => words.includes("received"))).toBe(true);
    expect(said.filter((words) => words.includes(reference)).length).toBe(2);
    await slack.event({ type: "app_home_opened", user: amal, tab: "home", channel: "D1", event_ts: "1" });
    await day.until(() => slack.state.homes.has(amal));
    const { body: audit } = await world.call("GET", "/v1/events?limit=100", adminKey);
    expect(JSON.stringify(audit)).toContain("referral.read");
    expect(slack.state.violations).toEqual([]);
  });
});
