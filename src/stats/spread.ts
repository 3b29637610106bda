/**
 * Many durations in milliseconds. Few are kept as they are; more are counted in buckets that grow with what they hold, so
 * that a percentile of any number of them is at most 2 % off.
 */
export interface Spread {
  values: number[];
  /** How many lie in each bucket, by its number. */
  buckets: Record<string, number>;
}

/** What a stored spread keeps exactly; a group of few is exact because each of its cells is. */
const keptExactly = 50;
/** What a merged spread keeps exactly before it is put into buckets. */
const mergedExactly = 5_000;
/** A bucket's middle is at most this share away from what it holds. */
const precision = 0.02;
const growth = Math.log((1 + precision) / (1 - precision));
/** Below a second nothing is told apart. */
const unitMs = 1_000;

export const createSpread = (): Spread => ({ values: [], buckets: {} });

const bucketOf = (ms: number): number => (ms < unitMs ? -1 : Math.floor(Math.log(ms / unitMs) / growth));
/** The value from which both ends of the bucket are equally far, as a share. */
const middleOf = (bucket: number): number =>
  bucket < 0 ? 0 : unitMs * Math.exp(bucket * growth) * (1 + precision);

export const sizeOf = ({ values, buckets }: Spread): number =>
  Object.values(buckets).reduce((sum, n) => sum + n, values.length);

function putInBuckets(spread: Spread): void {
  for (const value of spread.values) {
    const bucket = bucketOf(value);
    spread.buckets[bucket] = (spread.buckets[bucket] ?? 0) + 1;
  }
  spread.values = [];
}

function isCounted({ buckets }: Spread): boolean {
  for (const _ in buckets) return true;
  return false;
}

/** Adds one duration; `exactly` is how many are kept as they are before all are put into buckets. */
export function addTo(spread: Spread, ms: number, exactly = keptExactly): void {
  spread.values.push(ms);
  if (isCounted(spread) || spread.values.length > exactly) putInBuckets(spread);
}

/** Takes one duration out again. */
export function takeFrom(spread: Spread, ms: number): void {
  const at = spread.values.indexOf(ms);
  if (at >= 0) {
    spread.values.splice(at, 1);
    return;
  }
  const bucket = bucketOf(ms);
  const left = (spread.buckets[bucket] ?? 0) - 1;
  if (left > 0) spread.buckets[bucket] = left;
  else delete spread.buckets[bucket];
}

/** Adds a whole spread to another that only collects. */
export function mergeInto(spread: Spread, other: Spread): void {
  for (const value of other.values) spread.values.push(value);
  for (const [bucket, n] of Object.entries(other.buckets))
    spread.buckets[bucket] = (spread.buckets[bucket] ?? 0) + n;
  if (spread.values.length > mergedExactly) putInBuckets(spread);
}

/**
 * The value below which that share of the durations lies, between the two nearest where it falls between them: what
 * `percentile_cont` gives in SQL and PERCENTILE.INC in a spreadsheet. Exact where all are kept, else within 2 %. Null
 * without durations.
 */
export function percentile(spread: Spread, share: number): number | null {
  const size = sizeOf(spread);
  if (size === 0) return null;
  const steps = [
    ...spread.values.map((value): [number, number] => [value, 1]),
    ...Object.entries(spread.buckets).map(([bucket, n]): [number, number] => [middleOf(Number(bucket)), n]),
  ].sort(([a], [b]) => a - b);
  const rank = share * (size - 1);
  const low = valueAt(steps, Math.floor(rank));
  const high = valueAt(steps, Math.ceil(rank));
  return low + (high - low) * (rank - Math.floor(rank));
}

function valueAt(steps: readonly [value: number, n: number][], rank: number): number {
  let before = 0;
  for (const [value, n] of steps) {
    before += n;
    if (rank < before) return value;
  }
  return steps.at(-1)?.[0] ?? 0;
}
