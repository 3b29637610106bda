import {
  Client,
  Events,
  GatewayIntentBits,
  type Interaction,
  LabelBuilder,
  MessageFlags,
  ModalBuilder,
  Partials,
  TextInputBuilder,
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

/** What the app does at its next use. */
const next = (act: (interaction: Interaction<"cached">) => Promise<unknown>) =>
  client.once(Events.InteractionCreate, (interaction) => {
    if (interaction.inCachedGuild()) void act(interaction).catch(() => {});
  });

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
    // Node's own request function: the library's hands over files only where no other copy of undici was loaded first.
    rest: {
      api: discord.apiUrl,
      version: "10",
      makeRequest: (url: string, init: unknown) => fetch(url, init as RequestInit),
    },
  });
  const ready = new Promise<Client<true>>((resolve) => made.once(Events.ClientReady, resolve));
  await made.login(discord.token);
  client = await ready;
  await client.application.commands.set([
    { name: "Refer", type: 3, defaultMemberPermissions: "8192" },
    {
      name: "status",
      description: "Says how it stands",
      options: [
        {
          name: "reference",
          type: 3,
          description: "Which",
          required: true,
          maxLength: 12,
          autocomplete: true,
        },
      ],
    },
  ]);
});

afterAll(async () => {
  await client.destroy();
  await discord.close();
});

const modal = () =>
  new ModalBuilder({ customId: "m", title: "Refer" }).addLabelComponents(
    new LabelBuilder()
      .setLabel("Note")
      .setTextInputComponent(
        new TextInputBuilder().setCustomId("note").setStyle(TextInputStyle.Paragraph).setMaxLength(20),
      ),
  );

test("a message command, a modal, a deferred answer and its filling pass through the real client", async () => {
  const message = discord.say(member, channelId, "My payment is late");
  next(async (interaction) => {
    if (!interaction.isMessageContextMenuCommand()) return;
    expect(interaction.targetMessage.content).toBe("My payment is late");
    await interaction.showModal(modal());
  });
  const opened = await discord.messageCommand(mod, channelId, message.id, "Refer");
  expect(opened.modal).toMatchObject({ custom_id: "m" });
  await expect(discord.submit(opened, {})).rejects.toThrow("required");
  await expect(discord.submit(opened, { note: "much longer than twenty" })).rejects.toThrow("no longer");
  next(async (interaction) => {
    if (!interaction.isModalSubmit()) return;
    await interaction.deferReply({ flags: MessageFlags.Ephemeral });
    await interaction.editReply({ content: `noted: ${interaction.fields.getTextInputValue("note")}` });
  });
  const submitted = await discord.submit(opened, { note: "please" });
  expect(await discord.settled(submitted)).toMatchObject({ content: "noted: please", onlyFor: mod });
  await expect(discord.submit(opened, { note: "again" })).rejects.toThrow("before");
  expect(discord.shownIn(channelId)).toEqual([]);
  expect(discord.violations).toEqual([]);
});

test("people are offered only what is registered, in reach and permitted", async () => {
  const message = discord.say(member, channelId, "My payment is late");
  await expect(discord.messageCommand(member, channelId, message.id, "Refer")).rejects.toThrow("may not use");
  await expect(discord.slash(mod, channelId, "nothing")).rejects.toThrow("No command");
  await expect(discord.slash(mod, channelId, "status")).rejects.toThrow("required");
  await expect(discord.slash(mod, channelId, "status", { reference: "longer than twelve" })).rejects.toThrow(
    "length",
  );
  await expect(discord.press(mod, channelId, message.id, "Yes")).rejects.toThrow("no Yes");
  next(async (interaction) => {
    if (interaction.isAutocomplete()) await interaction.respond([{ name: "FP-1", value: "FP-1" }]);
  });
  const typed = await discord.autocomplete(mod, channelId, "status", { reference: "F" });
  expect(typed.first?.type).toBe(8);
});

test("what is said reaches the app without its words, unless it calls the bot", async () => {
  const heard: string[] = [];
  const all = new Promise<void>((resolve) => {
    client.on(Events.MessageCreate, (message) => {
      if (message.author.bot) return;
      heard.push(message.content);
      if (heard.length === 3) resolve();
    });
  });
  const channel = await client.channels.fetch(channelId);
  if (!channel?.isSendable()) throw new Error("no channel");
  const sent = await channel.send({ content: "an answer" });
  discord.say(member, channelId, "to all");
  discord.say(member, channelId, "to the bot", { replyTo: sent.id });
  discord.say(member, channelId, "to the bot, quietly", { replyTo: sent.id, ping: false });
  await all;
  expect(heard).toEqual(["", "to the bot", ""]);
  client.removeAllListeners(Events.MessageCreate);
});

test("a connection that is lost is taken up again and misses nothing", async () => {
  const { gateway } = discord;
  const { connections, resumes } = gateway.seen;
  const heard = new Promise<string>((resolve) =>
    client.once(Events.MessageCreate, (message) => resolve(message.content)),
  );
  const bot = discord.shownIn(channelId)[0];
  gateway.kill();
  discord.say(member, channelId, "said meanwhile", { replyTo: bot?.id ?? "" });
  expect(await heard).toBe("said meanwhile");
  expect(gateway.seen.connections).toBe(connections + 1);
  expect(gateway.seen.resumes).toBe(resumes + 1);
});

test("a file comes in parts beside its message", async () => {
  const channel = await client.channels.fetch(channelId);
  if (!channel?.isSendable()) throw new Error("no channel");
  await channel.send({ content: "see", files: [{ attachment: Buffer.from("words"), name: "words.txt" }] });
  expect(discord.shownIn(channelId).at(-1)).toMatchObject({ content: "see", attachments: [{ size: 5 }] });
  expect(discord.violations).toEqual([]);
});

test("people wait in slow mode, write in no locked thread, and press nothing that is not theirs", async () => {
  const slow = discord.channel(guildId, "300000000000000007", { slowmodeSeconds: 60 });
  discord.say(member, slow.id, "one");
  expect(() => discord.say(member, slow.id, "two")).toThrow("Slow mode");
  discord.say(mod, slow.id, "one");
  discord.say(mod, slow.id, "two");
  const thread = discord.thread(channelId, "300000000000000006", { locked: true });
  expect(() => discord.say(member, thread.id, "hello")).toThrow("locked");
  next(async (interaction) => {
    if (!interaction.isChatInputCommand()) return;
    const button = { type: 2, style: 1, label: "Press", custom_id: "p" } as const;
    const row = { type: 1, components: [button] } as const;
    await interaction.reply({ content: "for you", components: [row], flags: MessageFlags.Ephemeral });
  });
  const { original } = await discord.slash(mod, channelId, "status", { reference: "FP-1" });
  await expect(discord.press(member, channelId, original?.id ?? "", "Press")).rejects.toThrow(
    "somebody else's",
  );
});
