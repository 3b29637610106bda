import { runStatement, type Statement, type Tx } from "../../db/index.ts";

/** The advisory lock of the register; the function `register_revision` of the migrations takes it shared. */
const registerLock = 7_270_736_901n;

/**
 * Waits until no transaction that has read the register is under way, and keeps new ones waiting until this one ends.
 * Take it before anything else in a transaction that changes what the register lets happen: whoever reads the register
 * afterwards reads the change.
 */
export async function lockRegister(tx: Tx): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(${registerLock})`;
}

const reading: Statement = {
  name: "fp_register_revision",
  text: "SELECT register_revision()::text AS revision",
};

/**
 * The present revision, null before the first change. Inside a transaction it also holds the register as it is until
 * the transaction ends.
 */
export async function readRevision(tx: Tx): Promise<string | null> {
  const [row] = (await runStatement(tx, reading, [])) as { revision: string | null }[];
  return row?.revision ?? null;
}

/**
 * Tells every instance that the register it holds in memory is no longer in force. The value is random, because a
 * counter could come to the same number again after a transaction that was undone.
 */
export async function bumpRevision(tx: Tx): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO register_state (id, revision) VALUES (1, gen_random_uuid())
    ON CONFLICT (id) DO UPDATE SET revision = excluded.revision`;
}
