import { type AuditEnd, type AuditReport, exportAudit, type KnownHead } from "../../src/audit/index.ts";
import type { Deps } from "../../src/deps.ts";

/** What an export with a check says of the audit: up to which event each chain holds, and what is not sealed yet. */
export async function verifyAudit(
  deps: Pick<Deps, "db" | "transaction">,
  known: readonly KnownHead[] = [],
): Promise<AuditReport> {
  let end: AuditEnd | undefined;
  for await (const line of exportAudit(deps, { verify: true, known })) if ("heads" in line) end = line;
  if (end?.chains === undefined) throw new Error("The export has no last line.");
  const { ok = false, chains, unsealed } = end;
  return { ok, chains, unsealed };
}
