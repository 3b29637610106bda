import { afterAll, beforeAll, expect, test } from "vitest";
import { createClinicDeliveries } from "../../contract/clinic-deliveries.ts";
import { createStage, poolChannel } from "./stage.ts";

const square = "C0SQUARE001";
let stage: Awaited<ReturnType<typeof createStage>>;
let about: ReturnType<typeof createClinicDeliveries>;
beforeAll(async () => {
  stage = await createStage();
  about = createClinicDeliveries({
    destination: "forum:village",
    address: { teamId: "T0000000001" },
    now: () => stage.clock.now(),
  });
  stage.slack.addChannel(square, ["U0MEMBER001"]);
});
afterAll(() => stage.slack.close());

const signal = () => AbortSignal.timeout(5_000);
const said = (channel: string) =>
  stage.slack.messagesIn(channel).filter(({ user }) => user === stage.slack.state.botUser);

test("a clinic is announced in the channel, or under the message, that its plan names", async () => {
  const channel = about({ thread: `https://example.slack.com/archives/${square}` });
  expect(await stage.adapter.deliver(channel, signal())).toMatchObject({
    outcome: "delivered",
    url: expect.stringContaining(`/archives/${square}/p`),
  });
  const ts = stage.slack.say("U0MEMBER001", square, "The clinic of December");
  const thread = `https://example.slack.com/archives/${square}/p${ts.replace(".", "")}`;
  const reminder = about({ thread, news: "reminder" });
  expect(await stage.adapter.deliver(reminder, signal())).toMatchObject({ outcome: "delivered" });
  expect(said(square).map(({ threadTs }) => threadTs)).toEqual([null, ts]);
  expect(JSON.stringify(said(square))).toContain("https://fingerpost.example/clinics/benefits-evening.ics");
  for (const sent of [channel, reminder])
    expect(await stage.adapter.find?.(sent, signal())).toMatchObject({ outcome: "delivered" });
  for (const place of [thread, `https://example.slack.com/archives/${square}`])
    expect(await stage.adapter.find?.(about({ thread: place }), signal())).toEqual({ outcome: "absent" });
  expect(stage.slack.state.violations).toEqual([]);
});

test("one whose plan names no place in Slack is refused, and nothing is said anywhere", async () => {
  const before = said(square).length;
  const gone = `https://example.slack.com/archives/${square}/p1700000000000100`;
  const late = await stage.adapter.deliver(about({ thread: gone }), signal());
  expect(late).toEqual({ outcome: "refused", reason: "post-gone" });
  for (const thread of [null, "https://parents.example/clinic", "no link"]) {
    const sent = await stage.adapter.deliver(about({ thread }), signal());
    expect(sent).toEqual({ outcome: "refused", reason: "no-slack-place" });
  }
  expect([said(square).length, said(poolChannel).length]).toEqual([before, 0]);
});

test("one that was cancelled offers no calendar, and in Welsh the words around it are Welsh", async () => {
  const thread = `https://example.slack.com/archives/${square}`;
  await stage.adapter.deliver(about({ thread, news: "cancelled", language: "cy" }), signal());
  const last = JSON.stringify(said(square).at(-1));
  expect(last).toContain("Pryd, ble a sut i ofyn");
  expect(last).not.toContain(".ics");
});
