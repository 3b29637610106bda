import { randomUUID } from "node:crypto";
import type { TestDatabase } from "../support/database.ts";
import { born, move, type Writable } from "./histories.ts";

/** Numbers that look random and are the same for the same seed (mulberry32). */
export function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const pick = <T>(random: () => number, list: readonly T[]): T => {
  const chosen = list[Math.floor(random() * list.length)];
  if (chosen === undefined) throw new Error("Nothing to choose from.");
  return chosen;
};

const pools = ["uc", "uc-second", "jabs"];
const results = ["helped", "partly_helped", "not_eligible", "no_longer_needed"];

/** What may happen next to a referral in a state; some of it more often than the rest. */
function nextWords(one: Writable, random: () => number): string[] {
  const pool = () => pick(random, pools);
  const finished = [
    "erased",
    "feedback helped member",
    "feedback not_helped moderator",
    "reopened",
    "reopened",
  ];
  switch (one.state) {
    case "awaiting_consent":
      return [`offered ${pool()}`, "triage", "withdrawn"];
    case "triage":
      return [
        `rerouted ${pool()}`,
        `rerouted ${pool()}`,
        "diverted",
        "closed declined_not_responsible unknown advisor",
        "merged",
      ];
    case "diverted":
      return ["triage", "closed diverted_urgent unknown advisor"];
    case "offered":
      return [
        "claimed",
        "claimed",
        "claimed",
        `lost ${one.pool}`,
        `escalated ${pool()}`,
        "declined not-ours",
        `declined no-capacity ${pool()}`,
        `rerouted ${pool()}`,
        "withdrawn",
        "merged",
        "closed no_capacity unknown advisor",
      ];
    case "claimed":
      return [
        "replied 1",
        "replied 2",
        "replied 2 held",
        "failed 2",
        "waits",
        "released",
        "lapsed",
        "declined policy-or-election",
        "withdrawn",
        "diverted",
      ];
    case "waiting_member":
      return ["answers", "answers", "closed insufficient_information could_not_reach nobody"];
    case "replied":
      return [
        `resolved ${pick(random, results)} ${pick(random, ["member", "moderator", "advisor"])}`,
        `resolved helped member`,
        "closed answered_in_public unknown nobody",
        "corrected",
        "held 2",
        "posted 2",
        "answers",
      ];
    case "merged":
      return ["split"];
    case "withdrawn":
      return ["erased"];
    default:
      return finished;
  }
}

/** A world of referrals that go on at random, in the database and in memory. */
export function createRandomWorld(db: TestDatabase, random: () => number, start: Date) {
  const cases: Writable[] = [];
  const written = new Map<string, { events: number; lost: number; version: number }>();
  let nowMs = start.getTime();

  async function write(one: Writable): Promise<void> {
    const known = written.get(one.id);
    const { forum, pool, history, lostClaims, id, ...columns } = one;
    const row = { ...columns, forumSlug: forum, poolSlug: pool, version: history.length };
    if (known) await db.prisma.referral.update({ where: { id }, data: row });
    else {
      const fixed = {
        reference: `FP-${id.slice(-9)}`,
        consentBasis: "member-agreed",
        urgency: "normal",
        routing: {},
        triedPools: [],
      };
      await db.prisma.referral.create({ data: { ...row, ...fixed, id, audience: [], masked: [] } });
    }
    const fresh = history.slice(known?.events ?? 0);
    await db.prisma.event.createMany({
      data: fresh.map((event, i) => ({
        referralId: id,
        seq: (known?.events ?? 0) + i + 1,
        type: event.type,
        at: event.at,
        actorRole: "advisor",
        stateFrom: event.from,
        stateTo: event.to,
        poolSlug: event.pool,
        data: event.data as object,
      })),
    });
    const races = lostClaims.slice(known?.lost ?? 0);
    await db.prisma.lostClaim.createMany({
      data: races.map((poolSlug) => ({ referralId: id, poolSlug, at: new Date(nowMs) })),
    });
    written.set(id, { events: history.length, lost: lostClaims.length, version: history.length });
  }

  return {
    cases,
    now: () => new Date(nowMs),
    /** Lets time pass and something happen to a referral, new or old. */
    async step(): Promise<void> {
      // From seconds to two days, so that nights, weekends and the change of the clocks come by.
      nowMs += Math.floor(random() ** 4 * 2 * 86_400_000) + 1;
      const at = new Date(nowMs);
      let one = cases.length > 0 && random() < 0.75 ? pick(random, cases) : null;
      if (one === null) {
        one = born(at);
        one.id = randomUUID();
        one.forum = pick(random, ["parents", "carers"]);
        one.topic = pick(random, ["universal-credit", "vaccination", null]);
        one.language = pick(random, ["en", "en", "cy"]);
        cases.push(one);
        move(one, ...split(pick(random, ["offered uc", "offered jabs", "triage", "asked", "diverted"])), at);
        await write(one);
        return;
      }
      const [word, args] = split(pick(random, nextWords(one, random)));
      if (word === "lost") one.lostClaims.push(...args);
      else {
        if (one.state === "awaiting_consent" && word !== "withdrawn") one.consentedAt = at;
        move(one, word, args, at);
      }
      await write(one);
    },
  };
}

function split(text: string): [word: string, args: string[]] {
  const [word = "", ...args] = text.split(" ");
  return [word, args];
}
