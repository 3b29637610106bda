import { createRequire } from "node:module";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createCommands } from "../../../adapters/discord/index.ts";
import { ordinary, permissions } from "../../simulators/discord/index.ts";
import { adminKey } from "../../support/world.ts";
import { createDay, type Day } from "./day.ts";
import { channel, guild, mia, mo, moderator, sid } from "./stage.ts";

let day: Day;
const other = { guild: "200000000000000002", channel: "300000000000000002", boss: "400000000000000009" };
beforeAll(async () => {
  day = await createDay("http");
  const { discord } = day;
  discord.guild(other.guild);
  discord.channel(other.guild, other.channel);
  discord.member(other.guild, other.boss, moderator | permissions.manageGuild);
  discord.member(other.guild, mo, moderator);
});
afterAll(() => day.close());

const slash = async (words: string, options: Record<string, unknown> = {}, by = mo, where = channel) =>
  day.read(await day.discord.slash(by, where, words, options));

test("/refer asks for the words, takes a link to the message and who asked, and refuses another server's", async () => {
  const asked = day.discord.say(mia, channel, "Where do I find my advance payment?");
  const link = `https://discord.com/channels/${guild}/${channel}/${asked.id}`;
  const opened = await day.discord.slash(mo, channel, "refer", { message: link, member: mia });
  const answer = await day.read(
    await day.discord.submit(opened, {
      consent: "member-agreed",
      excerpt: "Where is my universal credit advance?",
    }),
  );
  const view = await day.world.show(day.referenceIn(answer));
  expect(view.post).toMatchObject({ url: link, excerpt: "Where is my universal credit advance?" });
  const elsewhere = { message: link.replace(guild, other.guild) };
  expect(await slash("refer", elsewhere)).toContain("no link to a message in this server");
});

test("/referral shows, lists, takes back and opens again, for this server's referrals alone", async () => {
  const message = day.discord.say(mia, channel, "My Universal Credit advance payment has not come.");
  const reference = day.referenceIn(await day.refer(message));
  expect(await slash("referral status", { reference })).toContain("waiting for an advisor");
  expect(await slash("referral status")).toContain(reference);
  expect(await slash("referral status", { reference: "FP-0000-0000" })).toContain("no referral FP");

  const elsewhere = await day.world.refer("parents");
  expect(await slash("referral status", { reference: elsewhere.body.reference })).toContain(
    "There is no referral",
  );
  expect(await slash("referral withdraw", { reference: elsewhere.body.reference })).toContain(
    "There is no referral",
  );

  expect(await slash("referral reopen", { reference, reason: "More to say" })).toContain(
    "is not where that can be done",
  );
  expect(await slash("referral withdraw", { reference, reason: "Solved" })).toContain("has been taken back");
  expect((await day.world.show(reference)).state).toBe("withdrawn");
});

test("rights come from what Discord signs, not from who sees the command", async () => {
  for (const command of day.discord.state.commands.values()) command.default_member_permissions = null;
  const message = day.discord.say(mia, channel, "My Universal Credit advance payment has not come.");
  expect(await day.refer(message, {}, sid)).toContain("Only moderators refer");
  for (const words of ["referral status", "referral-stats", "refer"])
    expect(await slash(words, {}, sid)).toContain("Only moderators refer");
  expect(await slash("fingerpost link", { code: "0000-0000-0000" }, mo)).toContain("Manage Server");
  day.discord.member(guild, sid, ordinary | permissions.moderateMembers);
  expect(await slash("referral status", {}, sid)).toContain("FP-");
  day.discord.member(guild, sid);
});

test("a server that has not joined is refused, and joins with a code, once", async () => {
  expect(await slash("refer", {}, mo, other.channel)).toContain("has not joined");
  expect(await slash("referral status", {}, mo, other.channel)).toContain("has not joined");
  const { config } = day.world;
  expect(config.discord?.token).toBe(day.discord.token);
  const applied = await day.world.apply({
    forums: [
      {
        slug: "cymru",
        name: "Fforwm enghreifftiol",
        platform: "discord",
        language: "cy",
        intervention: { model: "referral", agreedOn: "2026-01-05", agreedWith: "forum administrator" },
      },
    ],
  });
  expect(applied.status).toBe(200);
  const { body } = await day.world.call("POST", "/v1/forums/cymru/links", adminKey, {});
  expect(await slash("fingerpost link", { code: "wrong" }, other.boss, other.channel)).toContain(
    "unknown, used",
  );
  const code = body.code.toLowerCase();
  expect(await slash("fingerpost link", { code }, other.boss, other.channel)).toContain(
    "Fforwm enghreifftiol",
  );
  expect(await slash("fingerpost link", { code }, other.boss, other.channel)).toContain("unknown, used");

  const opened = await day.discord.slash(mo, other.channel, "refer");
  expect(JSON.stringify(opened.modal)).toContain("Cyfeirio at gynghorydd");
  const answer = await day.read(
    await day.discord.submit(opened, {
      consent: "member-agreed",
      topic: "universal-credit",
      excerpt: "Ble mae'r arian?",
    }),
  );
  expect(answer).toContain("Mae gyda **Universal Credit specialists**");
});

test("safety wording answers with the crisis text at once", async () => {
  const message = day.discord.say(mia, channel, "I want to kill myself tonight.");
  const answer = await day.refer(message);
  expect(answer).toMatch(/Samaritans|999|116 123/);
  expect((await day.world.show(day.referenceIn(answer))).state).toBe("diverted");
});

test("invite and register work from the command line", async () => {
  const { discord } = day;
  const settings = () => ({ token: discord.token, apiUrl: discord.apiUrl });
  const [invite, register] = createCommands({ now: () => new Date(0), settings });
  const { text } = (await invite?.run([])) ?? { text: "" };
  const url = new URL(text.split("\n")[0] ?? "");
  expect(url.searchParams.get("client_id")).toBe(discord.applicationId);
  expect(BigInt(url.searchParams.get("permissions") ?? 0) & permissions.administrator).toBe(0n);

  discord.state.commands.clear();
  expect(await register?.run([])).toMatchObject({ json: { outcome: "put" } });
  expect(await register?.run([])).toMatchObject({ json: { outcome: "same" } });
  const off = createCommands({ now: () => new Date(0), settings: () => null });
  await expect(off[1]?.run([])).rejects.toThrow("DISCORD_TOKEN");
  await expect(off[0]?.run(["--application-id", "x"])).rejects.toThrow("digits");
});

test("Discord has found nothing wrong with any of it", () => {
  expect(day.discord.violations).toEqual([]);
});

test("/referral-stats has a picture of what each department received, with its words, where there is something to compare", async () => {
  const message = () => day.discord.say(mia, channel, "Where do I go, and what do I bring?");
  const figures = async () =>
    day.discord.settled(await day.discord.slash(mo, channel, "referral-stats", { days: 7 }));
  day.referenceIn(await day.refer(message(), { topic: "vaccination" }));
  const before = dispatcherOfSlack();
  try {
    const shown = await figures();
    expect(shown?.content).toMatch(/\d received/);
    expect(shown?.attachments).toHaveLength(1);
    const [picture] = shown?.attachments ?? [];
    expect(picture).toMatchObject({ filename: "figures.png" });
    expect(picture?.size).toBeGreaterThan(1_000);
    expect(picture?.description).toMatch(
      /^Referrals received from .*: Department for Work and Pensions: \d+; Department of Health: 1/,
    );
    expect(day.discord.violations).toEqual([]);
  } finally {
    before();
  }
});

/** Slack's kit brings an undici of its own; whichever was loaded first serves the process. Gives what undoes it. */
function dispatcherOfSlack(): () => void {
  const here = createRequire(import.meta.url);
  const undici = createRequire(here.resolve("@slack/socket-mode"))("undici");
  const former = undici.getGlobalDispatcher();
  undici.setGlobalDispatcher(new undici.Agent());
  return () => undici.setGlobalDispatcher(former);
}
