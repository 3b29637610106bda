import { afterAll, beforeAll, expect, test } from "vitest";
import { createClinicDeliveries } from "../../contract/clinic-deliveries.ts";
import { channel, createStage, guild } from "./stage.ts";

let stage: Awaited<ReturnType<typeof createStage>>;
let about: ReturnType<typeof createClinicDeliveries>;
beforeAll(async () => {
  stage = await createStage();
  about = createClinicDeliveries({
    destination: "forum:parents",
    address: stage.address,
    now: () => stage.clock.now(),
  });
});
afterAll(() => stage.discord.close());

const signal = () => AbortSignal.timeout(5_000);
const shown = () => stage.discord.shownIn(channel).map(({ content }) => content);

test("a clinic is announced in the channel, or under the message, that its plan names, and found there again", async () => {
  const inChannel = about({ thread: `https://discord.com/channels/${guild}/${channel}` });
  expect(await stage.adapter.deliver(inChannel, signal())).toMatchObject({
    outcome: "delivered",
    url: expect.stringContaining(`https://discord.com/channels/${guild}/${channel}/`),
  });
  const under = about({
    thread: stage.post,
    text: "@everyone **come** <@1>",
    news: "cancelled",
    language: "cy",
  });
  expect(await stage.adapter.deliver(under, signal())).toMatchObject({ outcome: "delivered" });
  const [first = "", second = ""] = shown();
  expect(first).toContain("For your calendar: https://fingerpost.example/clinics/benefits-evening.ics");
  expect(second).toContain("Pryd, ble a sut i ofyn");
  expect(second).not.toMatch(/\.ics|[^\\]@everyone|[^\\]\*\*come/);
  for (const sent of [inChannel, under])
    expect(await stage.adapter.find?.(sent, signal())).toMatchObject({ outcome: "delivered" });
  expect(await stage.adapter.find?.(about({ thread: stage.post }), signal())).toEqual({ outcome: "absent" });
  expect(stage.discord.violations).toEqual([]);
});

test("one whose plan names no place of this server is refused", async () => {
  const before = shown().length;
  const other = `https://discord.com/channels/200000000000000009/${channel}`;
  const outcomes = [];
  for (const thread of [null, "https://parents.example/clinic", other])
    outcomes.push(await stage.adapter.deliver(about({ thread }), signal()));
  expect(outcomes).toEqual([
    { outcome: "refused", reason: "no-post" },
    { outcome: "refused", reason: "no-post" },
    { outcome: "refused", reason: "other-server" },
  ]);
  expect(shown().length).toBe(before);
});

test("a look-up that Discord slows down says how long", async () => {
  stage.discord.setRetryAfter(7);
  stage.discord.setFault(({ path }) => (path.endsWith("/messages") ? "429" : null));
  const slowed = { outcome: "unknown", reason: "rate-limited", afterMs: 7_050 };
  expect(await stage.adapter.find?.(about({ thread: stage.post }), signal())).toEqual(slowed);
  stage.discord.setFault(() => null);
});
