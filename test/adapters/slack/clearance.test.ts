import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { exampleRegister } from "../../support/example-register.ts";
import { createDay, type Day } from "./day.ts";

const press = "C0PRESS0001";
const [kit, cleo, jo] = ["U0KIT000001", "U0CLEO00001", "U0JO0000001"];

describe("a pool that has every reply cleared, in Slack", () => {
  let day: Day;
  let reference = "";
  const text = "Rates are on https://www.gov.uk/benefit-rates. `<!channel>` & “quotes” stay as they are.";
  beforeAll(async () => {
    day = await createDay("http");
    const { slack, world } = day;
    for (const user of [kit, cleo, jo]) slack.addPerson(user);
    slack.addChannel(press, [kit, cleo, jo]);
    const { pools, advisors, people } = exampleRegister("http://unused.example");
    const ids: Record<string, string> = { "kit.w": kit, "cleo.c": cleo, "jo.v": jo };
    const inSlack = <Entry extends { id: string }>(entry: Entry) => ({
      ...entry,
      slackUserId: ids[entry.id],
    });
    const applied = await world.apply({
      pools: pools
        .filter(({ slug }) => slug === "cleared")
        .map((pool) => ({ ...pool, slack: { channel: press } })),
      advisors: advisors.filter(({ id }) => id in ids).map(inSlack),
      people: people.filter(({ id }) => id in ids).map(inSlack),
    });
    expect(applied.status).toBe(200);
    await world.keyFor("advisor:kit.w");
    await world.keyFor("advisor:jo.v");
    reference = (await world.refer("parents", { board: "press", topic: undefined })).body.reference;
    await day.pass();
  });
  afterAll(async () => {
    await day.close();
  });

  const card = () => ({ channel: press, ts: day.slack.messagesIn(press)[0]?.ts ?? "" });
  const closeViews = () => {
    for (const view of day.slack.state.views.values()) view.open = false;
  };

  test("somebody of another pool cannot claim it", async () => {
    await day.slack.click(jo, card(), "claim");
    await day.modal(jo, "that you may see");
    expect((await day.world.show(reference)).state).toBe("offered");
    closeViews();
  });

  test("its author sends a reply for clearance, whole, to a person they choose", async () => {
    const { slack, world } = day;
    await slack.click(kit, card(), "claim");
    await day.until(() => slack.state.ephemerals.some(({ user }) => user === kit));
    await day.pass();
    closeViews();
    await slack.click(kit, card(), "reply");
    await slack.submit(await day.modal(kit, "Your reply"), { text });
    await slack.submit(await day.modal(kit, "will show this"));
    await slack.submit(await day.modal(kit, "cleared by a second person"), { clearer: cleo });
    await day.modal(kit, "It is with the clearer");
    await day.pass();
    expect((await world.show(reference)).state).toBe("waiting_clearance");
    expect(JSON.stringify(slack.messagesIn(press)[0])).toContain('"review"');
    closeViews();
  });

  test("nobody clears their own", async () => {
    await day.slack.click(kit, card(), "review");
    await day.slack.submit(await day.modal(kit, "The draft, as it would be sent"), { decision: "approve" });
    await day.modal(kit, "You cannot clear your own reply");
    expect((await day.world.show(reference)).state).toBe("waiting_clearance");
    closeViews();
  });

  test("the clearer returns it with a note, and the thread says so", async () => {
    const { slack, world } = day;
    await slack.click(cleo, card(), "review");
    const draft = await day.modal(cleo, "The draft, as it would be sent");
    expect(JSON.stringify(draft.view)).toContain("Rates are on");
    await slack.submit(draft, { decision: "return", note: "Name the year." });
    await day.modal(cleo, "Your decision is with the author");
    expect((await world.show(reference)).state).toBe("claimed");
    await day.pass();
    const thread = day.ours(press).filter(({ threadTs }) => threadTs !== null);
    expect(JSON.stringify(thread)).toContain("The reply has been reviewed");
    closeViews();
  });

  test("approved, it is sent from the preview byte for byte, and not before", async () => {
    const { slack, world } = day;
    await slack.click(kit, card(), "reply");
    await slack.submit(await day.modal(kit, "Your reply"), { text });
    await slack.submit(await day.modal(kit, "will show this"));
    await slack.submit(await day.modal(kit, "cleared by a second person"), { clearer: cleo });
    await day.modal(kit, "It is with the clearer");
    await day.pass();
    closeViews();
    await slack.click(cleo, card(), "review");
    await slack.submit(await day.modal(cleo, "The draft, as it would be sent"), { decision: "approve" });
    await day.modal(cleo, "Your decision is with the author");
    await day.pass();
    expect(world.callbacks.some(({ type }) => type === "referral.replied")).toBe(false);
    closeViews();
    await slack.click(kit, card(), "reply");
    await slack.submit(await day.modal(kit, "will show this"));
    await day.modal(kit, "on its way to the forum");
    await day.pass();
    const replied = world.callbacks.filter(({ type }) => type === "referral.replied");
    expect(replied.map(({ data }) => data.text)).toEqual([text]);
    expect((await world.show(reference)).state).toBe("replied");
    expect(slack.state.violations).toEqual([]);
  });

  test("Not us offers the pools by name, under their departments, and the chosen one gets it", async () => {
    const { slack, world } = day;
    const { body } = await world.refer("parents", { board: "press", topic: undefined });
    await day.pass();
    const newest = slack
      .messagesIn(press)
      .filter(({ threadTs }) => threadTs === null)
      .at(-1);
    await slack.click(kit, { channel: press, ts: newest?.ts ?? "" }, "decline");
    const modal = await day.modal(kit, "Whose it is, if you know");
    expect(JSON.stringify(modal.view)).toContain("Universal Credit specialists");
    expect(JSON.stringify(modal.view)).toContain("Department of Health");
    await slack.submit(modal, { reason: "not-ours", likelyOwner: "uc" });
    await day.modal(kit, "It has been passed on");
    expect(await world.show(body.reference)).toMatchObject({ state: "offered", pool: { slug: "uc" } });
  });
});
