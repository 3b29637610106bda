/**
 * Many durations in milliseconds. Few are kept as they are; more are counted in buckets that grow with what they hold, so
 * that a percentile of many is at most 3 % off, and half of that on average.
 */
export interface Spread {
  values: number[];
  /** How many lie in each bucket, from the smallest on; empty while all are kept as they are. */
  buckets: number[];
}

/** What a stored spread keeps exactly; a group of few is exact because each of its cells is. */
const keptExactly = 50;
/** What a merged spread keeps exactly before it is put into buckets. */
const mergedExactly = 5_000;
/** A bucket's middle is at most this share away from what it holds. */
const precision = 0.03;
const growth = Math.log((1 + precision) / (1 - precision));
/** Below a second nothing is told apart: the first bucket. */
const unitMs = 1_000;
/** The last bucket holds what is longer than a hundred years, too. */
const lastBucket = 1 + Math.ceil(Math.log(100 * 366 * 86_400) / growth);

export const createSpread = (): Spread => ({ values: [], buckets: [] });

const bucketOf = (ms: number): number =>
  ms < unitMs ? 0 : Math.min(lastBucket, 1 + Math.floor(Math.log(ms / unitMs) / growth));
/** The value from which both ends of the bucket are equally far, as a share. */
const middleOf = (bucket: number): number =>
  bucket === 0 ? 0 : unitMs * Math.exp((bucket - 1) * growth) * (1 + precision);

export function sizeOf({ values, buckets }: Spread): number {
  let size = values.length;
  for (const n of buckets) size += n;
  return size;
}

function change(spread: Spread, bucket: number, by: number): void {
  while (spread.buckets.length <= bucket) spread.buckets.push(0);
  spread.buckets[bucket] = (spread.buckets[bucket] ?? 0) + by;
}

function putInBuckets(spread: Spread): void {
  for (const value of spread.values) change(spread, bucketOf(value), 1);
  spread.values = [];
}

/** Adds one duration; `exactly` is how many are kept as they are before all are put into buckets. */
export function addTo(spread: Spread, ms: number, exactly = keptExactly): void {
  spread.values.push(ms);
  if (spread.buckets.length > 0 || spread.values.length > exactly) putInBuckets(spread);
}

/** Takes one duration out again. */
export function takeFrom(spread: Spread, ms: number): void {
  const at = spread.values.indexOf(ms);
  if (at >= 0) {
    spread.values.splice(at, 1);
    return;
  }
  change(spread, bucketOf(ms), -1);
  while (spread.buckets.at(-1) === 0) spread.buckets.pop();
}

/**
 * The value below which that share of the durations lies, between the two nearest where it falls between them: what
 * `percentile_cont` gives in SQL and PERCENTILE.INC in a spreadsheet. Exact where all are kept. Null without durations.
 */
export function percentile(spread: Spread, share: number): number | null {
  const size = sizeOf(spread);
  if (size === 0) return null;
  const steps = stepsOf(spread);
  const rank = share * (size - 1);
  const low = valueAt(steps, Math.floor(rank));
  const high = valueAt(steps, Math.ceil(rank));
  return low + (high - low) * (rank - Math.floor(rank));
}

/** The durations in order, each with how many there are of it. */
function stepsOf({ values, buckets }: Spread): { value: number; n: number }[] {
  const steps: { value: number; n: number }[] = [];
  buckets.forEach((n, bucket) => {
    if (n > 0) steps.push({ value: middleOf(bucket), n });
  });
  if (values.length === 0) return steps;
  for (const value of values) steps.push({ value, n: 1 });
  return steps.sort((a, b) => a.value - b.value);
}

function valueAt(steps: readonly { value: number; n: number }[], rank: number): number {
  let before = 0;
  for (const { value, n } of steps) {
    before += n;
    if (rank < before) return value;
  }
  return steps.at(-1)?.value ?? 0;
}

/** A spread as it is stored: the durations, or the buckets as one short text. */
export type PackedSpread = readonly number[] | string;

/** The buckets as numbers of seven bits a byte (LEB128), in base64: read ten times as fast as a list in JSON. */
export function pack({ values, buckets }: Spread): PackedSpread {
  if (buckets.length === 0) return values;
  const bytes: number[] = [];
  for (let n of buckets) {
    for (; n >= 128; n = Math.floor(n / 128)) bytes.push((n % 128) + 128);
    bytes.push(n);
  }
  return Buffer.from(bytes).toString("base64");
}

export function unpack(packed: PackedSpread): Spread {
  if (typeof packed !== "string") return { values: [...packed], buckets: [] };
  const buckets: number[] = [];
  eachBucket(packed, (_, n) => buckets.push(n));
  return { values: [], buckets };
}

function eachBucket(packed: string, use: (bucket: number, n: number) => void): void {
  let [bucket, n, weight] = [0, 0, 1];
  for (const byte of Buffer.from(packed, "base64")) {
    n += (byte % 128) * weight;
    weight *= 128;
    if (byte >= 128) continue;
    use(bucket, n);
    bucket += 1;
    n = 0;
    weight = 1;
  }
}

/** Adds a whole spread, as it is stored, to another that only collects. */
export function mergeInto(spread: Spread, packed: PackedSpread): void {
  if (typeof packed !== "string") {
    for (const value of packed) spread.values.push(value);
    if (spread.values.length > mergedExactly) putInBuckets(spread);
    return;
  }
  const { buckets } = spread;
  eachBucket(packed, (bucket, n) => {
    if (bucket < buckets.length) buckets[bucket] = (buckets[bucket] ?? 0) + n;
    else buckets.push(n);
  });
}
