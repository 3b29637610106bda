import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createWorld, dayMs, minuteMs, type World } from "../support/world.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());
beforeEach(async () => {
  world.setMood(null);
  await world.nextMonday();
  world.callbacks.length = 0;
});

const amal = "advisor:amal.h";
async function claimed(): Promise<string> {
  const { reference } = (await world.refer("parents")).body;
  expect((await world.as(amal, reference, "claim")).status).toBe(200);
  await world.settle();
  return reference;
}
async function asked(): Promise<string> {
  const reference = await claimed();
  expect((await world.as(amal, reference, "ask", { text: "Which month was it?" })).status).toBe(202);
  return reference;
}
const stateOf = async (reference: string) => (await world.show(reference)).state;
const questionsTo = (reference: string) =>
  world.callbacks.filter(({ type, data }) => type === "referral.question" && data.reference === reference);
const arrivedAt = (reference: string) =>
  world.arrived.filter(({ type, data }) => type === "referral.question" && data.reference === reference)
    .length;
const answer = (reference: string) =>
  world.event("parents", { type: "member.answered", reference, text: "It was May." });
/** As after days of trying. */
const parkQuestion = async (reference: string) => {
  const parked = { state: "parked", settledAt: world.clock.now() };
  await world.db.prisma.delivery.updateMany({
    where: { referral: { reference }, notice: "referral.question" },
    data: parked,
  });
};
const replayQuestion = async (reference: string) => {
  const { id } = await world.db.prisma.delivery.findFirstOrThrow({
    where: { referral: { reference }, notice: "referral.question" },
    orderBy: { seq: "asc" },
  });
  const replay = await world.call("POST", `/v1/deliveries/${id}/replay`, await world.keyFor("admin"), {});
  expect(replay.status).toBe(202);
};

describe("the forum's word on a question", () => {
  test("a reminder that has not left when the member answers is not sent, and changes nothing", async () => {
    const reference = await asked();
    await world.settle();
    expect(await stateOf(reference)).toBe("waiting_member");
    world.setMood({ status: 503 });
    await world.pass(3 * dayMs + minuteMs);
    expect((await answer(reference)).body.state).toBe("claimed");
    world.setMood(null);
    await world.pass(60 * minuteMs);
    expect(questionsTo(reference)).toHaveLength(1);
    expect(await stateOf(reference)).toBe("claimed");
  });

  test("an answer proves that the question was shown, though no word of that ever came", async () => {
    const reference = await asked();
    await parkQuestion(reference);
    expect(await stateOf(reference)).toBe("claimed");
    const { status, body } = await answer(reference);
    expect([status, body.state]).toEqual([200, "claimed"]);
    expect((await world.show(reference)).history.map(({ type }: { type: string }) => type).slice(-2)).toEqual(
      ["referral.asked", "referral.answered"],
    );
  });

  test("a reminder that arrives after the answer does not make the referral wait again", async () => {
    const reference = await asked();
    await world.settle();
    let arrive = () => {};
    const after = new Promise<void>((resolve) => {
      arrive = resolve;
    });
    world.clock.advance(3 * dayMs + minuteMs);
    await world.instance.turnClock();
    world.setMood({ status: 200, after });
    const sending = world.settle();
    await expect.poll(() => arrivedAt(reference)).toBe(2);
    await answer(reference);
    arrive();
    await sending;
    expect(await stateOf(reference)).toBe("claimed");
  });

  test("an old question that is sent again after a new one was answered is not sent, and changes nothing", async () => {
    const reference = await asked();
    await parkQuestion(reference);
    await world.as(amal, reference, "ask", { text: "Which year?" });
    await world.settle();
    expect(await stateOf(reference)).toBe("waiting_member");
    await answer(reference);
    await replayQuestion(reference);
    await world.settle();
    expect(questionsTo(reference)).toHaveLength(1);
    expect(await stateOf(reference)).toBe("claimed");
  });

  test("a question that could not be delivered stops the clock once it is sent again", async () => {
    const reference = await asked();
    await parkQuestion(reference);
    expect(await stateOf(reference)).toBe("claimed");
    await replayQuestion(reference);
    await world.settle();
    expect(await stateOf(reference)).toBe("waiting_member");
  });

  test("without a question it stops no clock", async () => {
    const reference = await claimed();
    const key = await world.keyFor("forum:parents");
    const once = { "idempotency-key": reference };
    const said = { type: "question.posted", reference, url: "https://parents.example/q" };
    expect((await world.call("POST", "/v1/forums/parents/events", key, said, once)).status).toBe(200);
    expect(await stateOf(reference)).toBe("claimed");
  });
});

describe("a reply beside a question", () => {
  test("takes back the question that has not left, and the referral is replied", async () => {
    const reference = await asked();
    expect((await world.as(amal, reference, "reply", { text: "Ask for an advance." })).status).toBe(202);
    await world.settle();
    expect(questionsTo(reference)).toEqual([]);
    expect(await stateOf(reference)).toBe("replied");
  });

  test("is not overtaken by a question that arrives first", async () => {
    const reference = await asked();
    let arrive = () => {};
    const after = new Promise<void>((resolve) => {
      arrive = resolve;
    });
    world.setMood({ status: 200, after });
    const sending = world.settle();
    await expect
      .poll(() =>
        world.arrived.some(({ data }) => data.questionId !== undefined && data.reference === reference),
      )
      .toBe(true);
    await world.as(amal, reference, "reply", { text: "Ask for an advance." });
    arrive();
    await sending;
    await world.settle();
    expect(await stateOf(reference)).toBe("replied");
  });

  test("is on its way: no question is taken meanwhile", async () => {
    const reference = await claimed();
    await world.as(amal, reference, "reply", { text: "Ask for an advance." });
    expect(await world.as(amal, reference, "ask", { text: "Which month?" })).toMatchObject({
      status: 409,
      body: { code: "reply/in-flight" },
    });
  });
});

test("a question that has not left when its referral goes back to the pool is not sent", async () => {
  const reference = await asked();
  await world.as(amal, reference, "release");
  await world.settle();
  expect(questionsTo(reference)).toEqual([]);
  await world.as(amal, reference, "claim");
  await world.event("parents", { type: "question.posted", reference, url: "https://parents.example/q" });
  expect(await stateOf(reference)).toBe("claimed");
});
