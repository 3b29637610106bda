import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createWorld, type World } from "../support/world.ts";
import { reach } from "./verb-cases.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const born = async (change: Record<string, unknown> = {}): Promise<string> =>
  (await world.refer("parents", change)).body.reference;
const merge = (who: string, from: string, into: string) => world.as(who, from, "merge", { into });
const stateOf = async (reference: string): Promise<string> => (await world.show(reference)).state;

describe("no merge loses a referral", () => {
  test("two merged into each other at the same moment: one stays open, whoever asks first", async () => {
    for (let turn = 0; turn < 4; turn += 1) {
      const [one, two] = [await born(), await born()];
      const answers = await Promise.all([merge("person:sam.t", one, two), merge("advisor:lee.d", two, one)]);
      expect(answers.filter(({ status }) => status === 200).length).toBe(1);
      expect([await stateOf(one), await stateOf(two)].sort()).toEqual(["merged", "offered"]);
    }
  }, 60_000);

  test("one that ends while another is merged into it: nothing is merged into what is finished", async () => {
    for (let turn = 0; turn < 4; turn += 1) {
      const [one, two] = [await born(), await born()];
      const [merged] = await Promise.all([
        merge("person:sam.t", one, two),
        world.as("forum:parents", two, "withdraw"),
      ]);
      const { events } = await world.db.prisma.referral.findUniqueOrThrow({
        where: { reference: two },
        select: { events: { where: { type: "referral.withdrawn" }, select: { id: true } } },
      });
      const mergedAt = await world.db.prisma.event.findFirst({
        where: { type: "referral.merged", referral: { reference: one } },
      });
      if (merged.status === 200) expect(Number(mergedAt?.id)).toBeLessThan(Number(events[0]?.id));
      else expect([merged.body.code, await stateOf(one)]).toEqual(["referral/not-possible", "offered"]);
    }
  }, 60_000);

  test("an answer reaches everybody at the end of a chain of merges, and a link of it can be split off", async () => {
    const [first, second, third] = [await born(), await born(), await born()];
    await merge("person:sam.t", first, second);
    await merge("person:sam.t", second, third);
    await world.as("advisor:amal.h", third, "claim");
    await world.as("advisor:amal.h", third, "reply", { text: "For all three of you." });
    await world.settle();
    for (const reference of [first, second, third]) {
      const told = world.callbacks.filter(({ data }) => data.reference === reference);
      expect(told.at(-1)).toMatchObject({
        type: "referral.replied",
        data: { text: "For all three of you." },
      });
    }
    expect(await world.as("person:sam.t", first, "split")).toMatchObject({
      status: 200,
      body: { state: "offered" },
    });
  });

  test("a lead is told of no referral in another department, whether it is there or not", async () => {
    const { reference } = await reach(world, "claimed");
    const foreign = await born({ topic: "vaccination" });
    const answers = [];
    for (const into of [foreign, "FP-0000-0000"]) {
      const { status, body } = await merge("advisor:lee.d", reference, into);
      answers.push({ status, code: body.code, detail: body.detail });
    }
    expect(answers[0]).toEqual(answers[1]);
    expect(answers[0]).toMatchObject({ status: 404, code: "referral/not-found" });
  });
});
