import type { Tx } from "../db/index.ts";
import { createInstanceKey, createKeyring, type Keyring } from "./keyring.ts";

/** The row of `content_key` that holds the instance's own key. */
const instanceKeyId = "00000000-0000-0000-0000-000000000000";

/** The keyring over this database; makes the instance's own key the first time. */
export async function loadKeyring(db: Tx, masters: readonly Uint8Array[]): Promise<Keyring> {
  const current = masters[0];
  if (!current) throw new Error("An encryption key is needed.");
  await db.contentKey.createMany({
    data: [{ id: instanceKeyId, ...createInstanceKey(current) }],
    skipDuplicates: true,
  });
  const kept = await db.contentKey.findUniqueOrThrow({ where: { id: instanceKeyId } });
  return createKeyring(masters, kept);
}
