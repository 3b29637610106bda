import { afterAll, beforeAll, expect, test } from "vitest";
import { createWorld, hourMs, type World } from "../support/world.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const calls = () =>
  world.db.prisma.delivery.findMany({
    where: { notice: "alert" },
    select: { destination: true, adapter: true, state: true },
  });

test("a destination that fails for an hour calls the administrator, once", async () => {
  world.setMood({ status: 500 });
  await world.refer("parents");
  await world.settle();
  for (let hour = 0; hour < 4; hour += 1) await world.pass(hourMs);
  const alarms = (await calls()).filter(({ destination }) => destination === "alert:administrator");
  const place = { destination: "alert:administrator", state: "delivered" };
  expect(alarms.map(({ adapter }) => adapter).sort()).toEqual(["desk", "email"]);
  for (const alarm of alarms) expect(alarm).toMatchObject(place);
  expect(world.log.filter((line) => line.includes("nothing has arrived at a destination")).length).toBe(1);
  world.setMood(null);
});

test("wording that needs care calls the safeguarding lead, with the reference and nothing that was written", async () => {
  const { body } = await world.refer("parents", { excerpt: "I want to die and I have a plan for tonight." });
  await world.settle();
  expect((await calls()).some(({ destination }) => destination === "alert:safeguarding")).toBe(true);
  const lines = world.log.filter(
    (line) => line.includes("somebody has to be called") && line.includes("safeguarding"),
  );
  expect(lines.length).toBe(1);
  expect(lines[0]).toContain(body.reference);
  expect(lines[0]).not.toContain("tonight");
});
