import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Interaction } from "../../simulators/discord/index.ts";
import { createHardDay, type HardDay, referenceIn, referralForm } from "./hard-day.ts";
import { channel, mia, mo } from "./stage.ts";

const isLong = process.env.TEST_LONG === "1";

let day: HardDay;
beforeAll(async () => {
  day = await createHardDay({ discord: { rates: { limit: 10_000, globalPerSecond: 10_000 } } });
});
afterAll(() => day.close());

/** Keeps everybody from every table until it is let go: a database that answers nothing. */
async function holdDatabase(url: string): Promise<{ letGo(): Promise<void> }> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query("BEGIN");
  const { rows } = await client.query<{ name: string }>(
    "SELECT quote_ident(tablename) AS name FROM pg_tables WHERE schemaname = 'public'",
  );
  await client.query(`LOCK TABLE ${rows.map(({ name }) => name).join(", ")} IN ACCESS EXCLUSIVE MODE`);
  return {
    async letGo() {
      await client.query("ROLLBACK");
      await client.end();
    },
  };
}

test("every first answer leaves while the database answers nothing, and what was promised follows when it does", async () => {
  const { discord, world } = day;
  const reference = await day.refer();
  const reply = await day.reply(reference);
  const post = day.ask();
  const held = await holdDatabase(world.db.url);
  let isRead = false;
  const reading = world.show(reference).then(() => {
    isRead = true;
  });
  const opened = await discord.messageCommand(mo, channel, post.id, "Refer to an advisor");
  expect(opened.modal).not.toBeNull();
  const begun = [
    await discord.submit(opened, referralForm),
    await discord.slash(mo, channel, "referral status", { reference }),
    await discord.slash(mo, channel, "referral-stats"),
    await discord.press(mia, channel, reply.id, "This helped"),
  ];
  const again = await discord.press(mia, channel, reply.id, "Ask again");
  expect(again.modal).not.toBeNull();
  expect(begun.map(({ isThinking }) => isThinking)).toEqual([true, true, true, true]);
  // Half a second of the database's, and the first answers stand since long.
  world.clock.advance(500);
  expect(isRead, "the database was not held").toBe(false);
  await held.letGo();
  await reading;
  const [sent, status, figures, helped] = await Promise.all(begun.map((use) => discord.settled(use)));
  expect(referenceIn(sent?.content ?? "")).not.toBe("");
  expect(status?.content).toContain(reference);
  expect(figures?.content).not.toBe("");
  expect(helped?.content).toContain("Thank you");
  expect(discord.violations).toEqual([]);
});

test("many moderators at once are all answered, each with a referral of their own", async () => {
  const { discord, world } = day;
  const many = isLong ? 500 : 30;
  const tookMs: number[] = [];
  const timed = async (use: () => Promise<Interaction>): Promise<Interaction> => {
    const from = performance.now();
    const used = await use();
    tookMs.push(performance.now() - from);
    return used;
  };
  discord.endpoint.probes.every = 0;
  const references = await Promise.all(
    Array.from({ length: many }, async (_, i) => {
      const post = day.ask(`Question ${i}: my Universal Credit payment is late.`);
      const opened = await timed(() => day.open(post));
      const sent = await timed(() => discord.submit(opened, referralForm));
      return referenceIn((await discord.settled(sent, 60_000))?.content ?? "");
    }),
  );
  tookMs.sort((a, b) => a - b);
  const at = (share: number) => Math.round(tookMs[Math.floor((tookMs.length - 1) * share)] ?? 0);
  console.log(`${tookMs.length} interactions at once: first answer p50 ${at(0.5)} ms, p99 ${at(0.99)} ms`);
  expect(new Set(references).size).toBe(many);
  for (const reference of references.slice(0, 3)) expect((await world.show(reference)).state).toBe("offered");
  expect(discord.violations).toEqual([]);
});
