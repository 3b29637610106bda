export { type AuditEnd, type AuditLine, exportAudit } from "./export-audit.ts";
export { sealEvents } from "./seal-events.ts";
export { type AuditReport, type ChainReport, type KnownHead, verifyAudit } from "./verify-audit.ts";
