import { z } from "zod";
import type { Tx } from "../../db/index.ts";
import { RuleEntry } from "../document.ts";

const Rules = z.array(RuleEntry);

/** The rules of one version of the register; none where there is no such version. */
export async function rulesOfVersion(tx: Tx, version: number): Promise<RuleEntry[]> {
  const row = await tx.registerVersion.findUnique({ where: { version }, select: { rules: true } });
  return row === null ? [] : Rules.parse(row.rules);
}
