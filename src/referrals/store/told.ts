import { runStatement, type Statement, type Tx } from "../../db/index.ts";
import type { Referral } from "../model.ts";
import { referralColumns } from "./claims.ts";
import { type Row, toReferral } from "./referrals.ts";

/** A referral that somebody is told of, and whether anybody has begun to answer it. */
export interface Told {
  referral: Referral;
  hasReplies: boolean;
}

/** The referral by its id, with the key of its content, in one statement: it stands between a commit and what is told of it. */
export async function findTold(tx: Tx, id: string): Promise<Told | null> {
  const [row] = (await runStatement(tx, telling, [id])) as (Row & {
    wrapped: Uint8Array | null;
    keyId: string | null;
    hasReplies: boolean;
  })[];
  if (!row) return null;
  const { wrapped, keyId, hasReplies, ...columns } = row;
  return {
    referral: toReferral(columns, wrapped && keyId !== null ? { wrapped, keyId } : null),
    hasReplies,
  };
}

const telling: Statement = {
  name: "fp_told",
  text: `SELECT ${referralColumns}, k.wrapped, k.key_id AS "keyId",
      EXISTS (SELECT FROM reply p WHERE p.referral_id = r.id) AS "hasReplies"
    FROM referral r LEFT JOIN content_key k ON k.id = r.id WHERE r.id = $1::uuid`,
};
