import { createHash } from "node:crypto";

/** Name space of the ids below: a random UUID, chosen once (RFC 9562, 5.5). */
const nameSpace = Buffer.from("6f5c8a1e24d94a5fa2a5c5f1a3c0e7b4", "hex");

/** A UUID (version 5) that a kind and a name always give, for formats that ask for one. */
export function idOf(kind: string, name: string): string {
  const bytes = createHash("sha1").update(nameSpace).update(`${kind}:${name}`).digest().subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x50;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return bytes.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
