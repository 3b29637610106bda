import {
  Client,
  Events,
  GatewayIntentBits,
  MessageFlags,
  ModalBuilder,
  Partials,
  TextInputStyle,
} from "discord.js";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  botOrdinary,
  createDiscordSimulator,
  type DiscordSimulator,
  ordinary,
  permissions,
} from "./discord/index.ts";

const guildId = "200000000000000001";
const channelId = "300000000000000001";
const mod = "400000000000000001";
const member = "400000000000000002";

let discord: DiscordSimulator;
let client: Client<true>;

beforeAll(async () => {
  discord = await createDiscordSimulator();
  discord.guild(guildId, { botPermissions: botOrdinary });
  discord.member(guildId, mod, ordinary | permissions.manageMessages);
  discord.member(guildId, member);
  discord.channel(guildId, channelId);
  const made = new Client({
    intents: [GatewayIntentBits.Guilds, GatewayIntentBits.GuildMessages],
    partials: [Partials.Channel],
    allowedMentions: { parse: [] },
    rest: { api: discord.apiUrl, version: "10" },
  });
  const ready = new Promise<Client<true>>((resolve) => made.once(Events.ClientReady, resolve));
  await made.login(discord.token);
  client = await ready;
});

afterAll(async () => {
  await client.destroy();
  await discord.close();
});

test("a message command, a modal, a deferred answer and its filling pass through the real client", async () => {
  await client.application.commands.set([{ name: "Refer", type: 3, defaultMemberPermissions: "8192" }]);
  const message = discord.say(member, channelId, "My payment is late");
  client.once(Events.InteractionCreate, async (interaction) => {
    if (!interaction.isMessageContextMenuCommand()) return;
    const modal = new ModalBuilder({ customId: "m", title: "Refer" }).addLabelComponents((label) =>
      label
        .setLabel("Note")
        .setTextInputComponent((input) => input.setCustomId("note").setStyle(TextInputStyle.Paragraph)),
    );
    await interaction.showModal(modal);
  });
  const opened = await discord.messageCommand(mod, channelId, message.id, "Refer");
  expect(opened.modal).toMatchObject({ custom_id: "m" });
  client.once(Events.InteractionCreate, async (interaction) => {
    if (!interaction.isModalSubmit()) return;
    await interaction.deferReply({ flags: MessageFlags.Ephemeral });
    await interaction.editReply({ content: `noted: ${interaction.fields.getTextInputValue("note")}` });
  });
  const submitted = await discord.submit(opened, { note: "please" });
  expect(await discord.settled(submitted)).toMatchObject({ content: "noted: please", onlyFor: mod });
  expect(discord.shownIn(channelId)).toEqual([]);
  await expect(discord.messageCommand(member, channelId, message.id, "Refer")).rejects.toThrow("may not use");
  expect(discord.violations).toEqual([]);
});
