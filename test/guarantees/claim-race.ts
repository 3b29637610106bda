import { createTestDatabase, type TestDatabase } from "../support/database.ts";
import { exampleRegister } from "../support/example-register.ts";
import type { Answer } from "../support/world.ts";
import { advisorKeys, call, inParallel, insist, prepare, referralBody, signatureHeaders } from "./client.ts";
import { newEncryptionKey, type ServerProcess, startServers } from "./processes.ts";

/** One pool with many claimants, and several processes that take their claims. */
export interface Arena {
  db: TestDatabase;
  claimants: readonly string[];
  /** Claims of all claimants at once for each of so many new referrals; the answers by referral. */
  race(referrals: number): Promise<Map<string, Answer[]>>;
  close(): Promise<void>;
}

export interface ArenaOptions {
  processes: number;
  claimants: number;
  mutant?: boolean;
}

export async function createArena(options: ArenaOptions): Promise<Arena> {
  const { processes, mutant } = options;
  const db = await createTestDatabase();
  const servers: ServerProcess[] = await startServers(processes, {
    databaseUrl: db.url,
    encryptionKey: newEncryptionKey(),
    at: new Date("2026-06-15T09:00:00Z"),
    ...(mutant === undefined ? {} : { mutant }),
  });
  const addressOf = (turn: number) => servers[turn % servers.length]?.address ?? "";
  const claimants = Array.from({ length: options.claimants }, (_, index) => `advisor.${index}`);
  const register = exampleRegister("http://127.0.0.1:9");
  const secret = await prepare(
    addressOf(0),
    {
      ...register,
      advisors: [...register.advisors, ...claimants.map((id) => ({ id, name: id, pools: ["uc"] }))],
    },
    "parents",
  );
  const keys = await advisorKeys(addressOf(0), claimants);

  async function refer(turn: number): Promise<string> {
    const body = JSON.stringify(referralBody({ externalId: `claimed-${turn}` }));
    const signed = signatureHeaders(secret, `evt_${turn}`, new Date("2026-06-15T09:00:00Z"), body);
    const { status, body: born } = await insist(addressOf, turn, (address) =>
      call(address, "POST", "/v1/forums/parents/referrals", null, body, signed),
    );
    if (status !== 201 && status !== 200) throw new Error(`A referral was refused: ${JSON.stringify(born)}`);
    return born.reference;
  }

  return {
    db,
    claimants,
    async race(referrals) {
      const turns = Array.from({ length: referrals }, (_, turn) => turn);
      const references = await inParallel(turns, 8, refer);
      const answers = await inParallel(references, 1, (reference) =>
        Promise.all(
          keys.map((key, turn) =>
            insist(
              () => addressOf(turn),
              turn,
              (address) => call(address, "POST", `/v1/referrals/${reference}/claim`, key, {}),
            ),
          ),
        ),
      );
      return new Map(references.map((reference, index) => [reference, answers[index] ?? []]));
    },
    async close() {
      await Promise.all(servers.map((server) => server.stop()));
      await db.drop();
    },
  };
}

export interface Verdict {
  /** Referrals that more than one claimant, or none, was told to have won. */
  notWonOnce: string[];
  /** Losers that were not told who won and when. */
  uninformed: string[];
}

/** What the claimants of a race were told, judged from the outside. */
export function judge(claimants: readonly string[], race: ReadonlyMap<string, readonly Answer[]>): Verdict {
  const verdict: Verdict = { notWonOnce: [], uninformed: [] };
  for (const [reference, answers] of race) {
    const winners = claimants.filter((_, turn) => answers[turn]?.status === 200);
    if (winners.length !== 1) verdict.notWonOnce.push(`${reference}: ${winners.length}`);
    const [winner] = winners;
    for (const [turn, { status, body }] of answers.entries()) {
      if (status === 200) continue;
      const told = status === 409 && body.code === "referral/already-claimed";
      if (told && body.claimedBy === winner && body.claimedAt === "2026-06-15T09:00:00.000Z") continue;
      verdict.uninformed.push(`${reference} ${claimants[turn]}: ${status} ${body.code}`);
    }
  }
  return verdict;
}
