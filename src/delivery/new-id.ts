import { randomUUID } from "node:crypto";

/**
 * An id in the order of time (UUID version 7, RFC 9562 section 5.7): 48 bits of milliseconds, then random bits. They are
 * those of a version 4 UUID, for which Node keeps random bytes in stock.
 */
export function newId(now: Date): string {
  const time = now.getTime().toString(16).padStart(12, "0");
  return `${time.slice(0, 8)}-${time.slice(8)}-7${randomUUID().slice(15)}`;
}
