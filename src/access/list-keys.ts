import type { Deps } from "../deps.ts";
import { findKeys } from "./store.ts";

export interface ListedKey {
  id: string;
  name: string;
  scopes: string[];
  createdAt: string;
  expiresAt: string | null;
  revokedAt: string | null;
}

/** Every key that was made, revoked ones too, newest first. Never the key itself. */
export async function listKeys(deps: Deps): Promise<ListedKey[]> {
  const rows = await findKeys(deps.db);
  return rows.map((row) => ({
    ...row,
    createdAt: row.createdAt.toISOString(),
    expiresAt: row.expiresAt?.toISOString() ?? null,
    revokedAt: row.revokedAt?.toISOString() ?? null,
  }));
}
