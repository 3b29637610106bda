import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { exampleRegister } from "../support/example-register.ts";
import { createWorld, dayMs, type World } from "../support/world.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());
beforeEach(() => world.nextMonday());

async function asked(): Promise<string> {
  const { body } = await world.refer("young");
  expect(body.state).toBe("awaiting_consent");
  return body.reference;
}
async function expectErased(reference: string, by: string): Promise<void> {
  const row = await world.db.prisma.referral.findFirstOrThrow({ where: { reference } });
  expect(row).toMatchObject({ state: "withdrawn", content: null, erasedAt: expect.any(Date) });
  expect((await world.show(reference)).history.at(-1)).toMatchObject({
    type: "referral.erased",
    by: { role: by },
  });
}

describe("without a yes nothing is kept:", () => {
  test("the member withdraws", async () => {
    const reference = await asked();
    await world.event("young", { type: "member.withdrew", reference });
    await expectErased(reference, "member");
  });

  test("a moderator withdraws", async () => {
    const reference = await asked();
    expect((await world.as("forum:young", reference, "withdraw", { reason: "A mistake." })).status).toBe(200);
    await expectErased(reference, "moderator");
  });

  test("the forum agrees to nothing any more", async () => {
    const reference = await asked();
    const { forums } = (await world.call("GET", "/v1/register", await world.keyFor("admin"))).body;
    const young = (forums as { slug: string; intervention: object }[]).filter(({ slug }) => slug === "young");
    const none = young.map((forum) => ({ ...forum, intervention: { ...forum.intervention, model: "none" } }));
    await world.apply({ forums: none });
    await expectErased(reference, "register");
    await world.apply({ forums: young });
  });
});

test("a withdrawal after the yes keeps the content until its time is over", async () => {
  const { reference } = (await world.refer("parents")).body;
  await world.event("parents", { type: "member.withdrew", reference });
  const row = await world.db.prisma.referral.findFirstOrThrow({ where: { reference } });
  expect(row).toMatchObject({ state: "withdrawn", erasedAt: null });
});

test("triage reads what the member wrote only after the yes", async () => {
  const reference = await asked();
  await world.event("young", { type: "post.edited", reference, excerpt: "An edited text." });
  const read = async () =>
    (await world.call("GET", `/v1/referrals/${reference}`, await world.keyFor("person:sam.t"))).body;
  const before = await read();
  expect(before).toMatchObject({ state: "awaiting_consent", post: null });
  expect(before).not.toHaveProperty("doors");
  expect(JSON.stringify(before)).not.toContain("An edited text.");
  await world.event("young", { type: "member.consent", reference, given: true });
  expect((await read()).post).toMatchObject({ edits: ["An edited text."] });
});

describe("a forum that left", () => {
  test("reads none of its referrals, whoever still has a key or a role for it", async () => {
    const people = [{ id: "olga.y", name: "Olga Y.", roles: ["operator:young"] }];
    await world.apply({ people: [...exampleRegister("").people, ...people] });
    const { reference } = (await world.refer("young")).body;
    const readers = ["forum:young", "operator:young", "person:olga.y"];
    const reading = async (who: string) => {
      const key = await world.keyFor(who);
      const shown = await world.call("GET", `/v1/referrals/${reference}`, key);
      const listed = await world.call("GET", "/v1/referrals", key);
      return [shown.status, listed.body.items.length > 0];
    };
    for (const who of readers) expect(await reading(who)).toEqual([200, true]);
    await world.call("POST", "/v1/forums/young/leave", await world.keyFor("operator:young"), {});
    for (const who of readers) expect(await reading(who)).toEqual([404, false]);
    await world.pass(dayMs);
  });
});
