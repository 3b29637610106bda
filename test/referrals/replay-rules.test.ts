import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { replayDraft } from "../../src/referrals/index.ts";
import { adminKey, createWorld, type World } from "../support/world.ts";

describe("replaying a draft of the rules", () => {
  let world: World;
  let reference: string;
  let rules: { when?: object; to: string; because?: string }[];
  beforeAll(async () => {
    world = await createWorld();
    rules = (await world.call("GET", "/v1/register", adminKey)).body.rules;
    reference = (await world.refer("parents")).body.reference;
  });
  afterAll(() => world.close());

  const replay = (draft: unknown) => replayDraft(world.instance.deps, draft);

  test("the rules in force move nothing, though a referral has left its first pool since", async () => {
    await world.as("advisor:amal.h", reference, "decline", { reason: "not-ours" });
    expect((await world.show(reference)).state).toBe("triage");
    expect(await replay({ rules })).toEqual({ moved: [], unchanged: 1, notJudged: [] });
  });

  test("a draft that sends all to triage moves it, and names the pool of its day after the rules have changed", async () => {
    const expected = { moved: [expect.objectContaining({ reference, to: null, rule: 1 })], unchanged: 0 };
    const before = await replay([{ to: "triage" }]);
    expect(before).toMatchObject(expected);
    expect(before.moved[0]?.from).toBe("uc");
    await world.apply({ rules: [{ to: "triage" }] });
    expect(await replay([{ to: "triage" }])).toEqual(before);
    expect(await replay({ rules })).toMatchObject({ moved: [], unchanged: 1 });
  });

  test("a rule that asks for words nobody looked for then is not judged", async () => {
    const asked = [
      { when: { words: ["zebra crossing"] }, to: rules[0]?.to, because: "so" },
      { to: "triage" },
    ];
    const { notJudged } = await replay(asked);
    expect(notJudged).toEqual([{ reference, because: expect.stringContaining("words") }]);
  });

  test("a file without rules, and a rule to a pool that nobody knows, are refused with their place", async () => {
    await expect(replay({})).rejects.toMatchObject({
      code: "register/invalid",
      errors: [{ pointer: "/rules", detail: expect.any(String), hint: expect.any(String) }],
    });
    const unknown = [{ when: { topic: ["x"] }, to: "nobodys", because: "so" }, { to: "triage" }];
    await expect(replay(unknown)).rejects.toMatchObject({
      errors: [{ pointer: "/rules/0/to", detail: 'There is no pool "nobodys".' }],
    });
  });
});
