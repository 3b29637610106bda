import { fastify } from "fastify";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createCommands } from "../../../adapters/discord/index.ts";
import type { CoreApi } from "../../../src/contract/core-api.ts";
import { channel, createStage, mo } from "./stage.ts";

const forum = { slug: "parents", name: "Parents", language: "en", consent: "member-agreed", address: {} };
let draw: CoreApi["statsPicture"];
let stage: Awaited<ReturnType<typeof createStage>>;
const app = fastify({ forceCloseConnections: true });

beforeAll(async () => {
  stage = await createStage({
    core: {
      findForum: async () => forum,
      stats: async () => ({ rows: [] }),
      statsPicture: (...asked) => draw(...asked),
    },
  });
  const { adapter, discord } = stage;
  const settings = () => ({ token: discord.token, apiUrl: discord.apiUrl });
  const [, register] = createCommands({ now: () => stage.clock.now(), settings });
  await register?.run([]);
  // Only Discord's probe with a false signature is refused here.
  app.setErrorHandler((_error, _request, reply) => reply.code(401).send());
  if (adapter.inbound) await app.register(adapter.inbound);
  const url = await app.listen({ port: 0, host: "127.0.0.1" });
  expect(await discord.setInteractionsUrl(`${url}/discord/interactions`)).toBe(true);
});
afterAll(async () => {
  await app.close();
  await stage.discord.close();
});

const figures = async () => {
  const { discord } = stage;
  return discord.settled(await discord.slash(mo, channel, "referral-stats", { days: 7 }), 10_000);
};
const picture = { png: new Uint8Array([137, 80, 78, 71]), words: "Two departments." };

test("figures whose picture cannot be drawn are shown without it", async () => {
  draw = async () => {
    throw new Error("Cannot find native binding.");
  };
  const shown = await figures();
  expect(shown?.content).toContain("7 days");
  expect(shown?.attachments).toEqual([]);
  expect(stage.log.join("\n")).toContain("could not be drawn");
});

test("figures whose picture Discord refuses are shown without it", async () => {
  draw = async () => picture;
  stage.discord.setFault(({ method, body }) =>
    method === "PATCH" && body !== null && "attachments" in body ? "error:40005" : null,
  );
  const shown = await figures();
  expect(shown?.content).toContain("7 days");
  expect(shown?.attachments).toEqual([]);
  expect(stage.log.join("\n")).toContain("could not be shown");
  stage.discord.setFault(() => null);
  expect((await figures())?.attachments).toHaveLength(1);
  expect(stage.discord.violations).toEqual([]);
});
