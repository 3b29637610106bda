export { type AuditEnd, type AuditLine, exportAudit } from "./export-audit.ts";
export { sealEvents } from "./seal-events.ts";
export type { AuditReport, ChainReport, KnownHead } from "./verify-audit.ts";
