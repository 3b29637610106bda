import { applyRegister } from "../../src/register/apply-register.ts";
import { admin, applyDepsOver } from "../register/support.ts";
import type { TestDatabase } from "../support/database.ts";

const agreed = { model: "referral", agreedOn: "2026-11-01", agreedWith: "forum administrator" };

/** Two forums that take part, one through the webhook and one on Discord. */
const twoForums = {
  forums: [
    { slug: "parents", name: "Example parents", platform: "webhook", intervention: agreed },
    { slug: "gamers", name: "Example gamers", platform: "discord", intervention: agreed },
    {
      slug: "knitters",
      name: "Example knitters",
      platform: "discord",
      intervention: agreed,
      discord: { guildId: "7" },
    },
  ],
};

export const applyForums = (db: TestDatabase, document: unknown = twoForums) =>
  applyRegister(applyDepsOver(db), { document }, admin);

/** A clock that a test moves by hand. */
export function clockFrom(start: string): { now(): Date; advanceHours(hours: number): void } {
  let timeMs = Date.parse(start);
  return {
    now: () => new Date(timeMs),
    advanceHours: (hours) => {
      timeMs += hours * 3_600_000;
    },
  };
}
