import { randomFillSync } from "node:crypto";

const stockBytes = 4096;
let stock = Buffer.alloc(0);
let taken = 0;

/**
 * Random bytes of the system's generator, fetched a few thousand at a time because each call to it costs as much as the
 * encryption of a short text. No byte is given out twice.
 */
export function takeRandom(count: number): Buffer {
  if (taken + count > stock.length) {
    stock = randomFillSync(Buffer.alloc(Math.max(stockBytes, count)));
    taken = 0;
  }
  taken += count;
  return stock.subarray(taken - count, taken);
}
