import { expect, test } from "vitest";
import { agreeIntervention } from "../../src/joining/index.ts";
import { createWorld } from "../support/world.ts";

test("who chooses a model again keeps what was agreed beside it", async () => {
  const world = await createWorld();
  const deps = { ...world.instance.deps, afterApply: async () => {}, checkAddress: async () => null };
  const { body: register } = await world.call("GET", "/v1/register", await world.keyFor("admin"));
  const beside = { perDepartment: { dwp: "none" }, publicQuestions: true };
  const agreed = {
    models: ["referral", "clinic"],
    agreedOn: "2026-05-01",
    agreedWith: "the forum",
    ...beside,
  };
  const forums = register.forums.map((forum: { slug: string }) =>
    forum.slug === "parents" ? { ...forum, intervention: agreed } : forum,
  );
  expect((await world.apply({ ...register, forums })).status).toBe(200);
  const agreement = { model: "clinic", consent: "moderator", callbackUrl: null } as const;
  await agreeIntervention(
    deps,
    { forum: "parents", agreement },
    { kind: "admin", keyId: "a key of its own" },
  );
  const { forums: now } = await deps.register(deps.db);
  expect(now.get("parents")?.intervention).toEqual({
    model: "clinic",
    agreedOn: "2026-06-15",
    agreedWith: "forum administrator",
    ...beside,
  });
  await world.close();
});
