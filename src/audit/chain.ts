import { createHash } from "node:crypto";

/** One line of the audit with its place. Codes, ids and times only: no text that anybody typed. */
export interface AuditEvent {
  /** Its place in the whole audit, from 1, as digits. */
  number: string;
  /** The department it belongs to; empty for what has none. */
  chain: string;
  /** Its place in that chain, from 1, without gaps. */
  position: number;
  referralId: string | null;
  seq: number | null;
  type: string;
  at: Date;
  actorRole: string;
  actorId: string | null;
  actedBy: string | null;
  stateFrom: string | null;
  stateTo: string | null;
  poolSlug: string | null;
  because: string | null;
  data: unknown;
  textId: string | null;
}

export interface SealedEvent extends AuditEvent {
  hash: Uint8Array;
}

/** What the first event of a chain is hashed upon. */
export const emptyHash = new Uint8Array(32);

/** JSON with the members of every object in the order of their names, so that equal values are equal texts. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value ?? null);
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`);
  return `{${members.join(",")}}`;
}

/** The text of an event that its seal is made over: every column in a fixed order, times in ISO 8601 with milliseconds. */
function encodeEvent(event: AuditEvent): string {
  return canonical([
    event.number,
    event.chain,
    event.position,
    event.referralId,
    event.seq,
    event.type,
    event.at.toISOString(),
    event.actorRole,
    event.actorId,
    event.actedBy,
    event.stateFrom,
    event.stateTo,
    event.poolSlug,
    event.because,
    event.data,
    event.textId,
  ]);
}

/** The seal of an event: SHA-256 over the seal before it in the chain, then its own text in UTF-8. */
export function hashEvent(previous: Uint8Array, event: AuditEvent): Uint8Array<ArrayBuffer> {
  return new Uint8Array(createHash("sha256").update(previous).update(encodeEvent(event), "utf8").digest());
}

export const hexOf = (hash: Uint8Array): string => Buffer.from(hash).toString("hex");
