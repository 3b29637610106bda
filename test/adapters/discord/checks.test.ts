import { afterEach, beforeEach, expect, test } from "vitest";
import { createAdapter } from "../../../adapters/discord/index.ts";
import { putCommands } from "../../../adapters/discord/register.ts";
import { createCall } from "../../../adapters/discord/rest.ts";
import type { Check } from "../../../src/contract/adapter.ts";
import { permissions } from "../../simulators/discord/index.ts";
import { createStage, guild } from "./stage.ts";

const forum = {
  slug: "server",
  name: "Server",
  language: "en",
  consent: "moderator",
  address: { guildId: guild },
};
type Stage = Awaited<ReturnType<typeof createStage>>;
let stage: Stage;
beforeEach(async () => {
  stage = await createStage({ core: { listForums: async () => [forum] } });
});
afterEach(() => stage.discord.close());

async function look(settings: Record<string, string> = {}): Promise<Map<string, Check>> {
  const { deps } = stage;
  const checks = await createAdapter({ ...deps, settings: { ...deps.settings, ...settings } }).checks?.();
  return new Map(checks?.map((check) => [check.name, check]));
}

test("a server that is set up as the guide says is well", async () => {
  const { deps, discord } = stage;
  await putCommands(createCall(deps), discord.applicationId);
  discord.state.interactionsUrl = "https://fingerpost.example/discord/interactions";
  expect([...(await look()).values()].filter(({ ok }) => !ok)).toEqual([]);
});

test("each thing that is not as it should be is named, with what to do", async () => {
  const { discord } = stage;
  const bot = discord.state.bot.id;
  discord.channel(guild, "300000000000000009", {
    name: "quiet",
    denied: new Map([[bot, permissions.sendMessages]]),
  });
  discord.state.privileged = 1 << 15;
  const found = await look({ applicationId: "1" });
  expect(found.get("commands")).toMatchObject({ ok: false, mend: "Run `fingerpost discord register`." });
  expect(found.get("interactions")).toMatchObject({ ok: false, detail: "go over the gateway" });
  expect(found.get("application id")?.mend).toContain(discord.applicationId);
  expect(found.get("intents")?.detail).toContain("Message Content");
  expect(found.get("server of server")?.detail).toBe("not in #quiet (Send Messages)");

  stage.deps.core.listForums = async () => [{ ...forum, address: {} }];
  expect((await look()).get("server of server")?.mend).toContain("fingerpost forum link server");
  stage.deps.core.listForums = async () => [forum];

  discord.guild(guild, { hasBot: false });
  expect((await look()).get("server of server")).toMatchObject({
    ok: false,
    mend: expect.stringContaining("https://"),
  });
});

test("where nobody listens for interactions it says so, and a token that is refused ends the looking", async () => {
  const { deps, discord } = stage;
  const { publicKey: _, ...withoutKey } = deps.settings;
  const unheard = createAdapter({ ...deps, settings: withoutKey });
  expect(await unheard.checks?.()).toContainEqual(
    expect.objectContaining({ name: "interactions", detail: "reach nobody" }),
  );
  discord.refuseToken();
  const found = await look();
  expect([...found.keys()]).toEqual(["token"]);
  expect(found.get("token")).toMatchObject({ ok: false, detail: "Discord refuses it" });
});
