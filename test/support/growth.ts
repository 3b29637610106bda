/** Milliseconds of processor time that this process has used: waiting for a busy machine does not count. */
function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** The quickest of several runs, in milliseconds of processor time: the one least disturbed by compiling and collecting. */
export function quickest(work: () => void, rounds = 12): number {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds; round += 1) {
    const started = processorMs();
    work();
    best = Math.min(best, processorMs() - started);
  }
  return best;
}

const times = 32;

/** What one reading of a short text is at least taken for: below it the processor's clock is too coarse. */
const smallestMs = 0.002;

/** Between linear (32) and quadratic (1024), far enough from both for a busy machine. */
export const linearGrowth = 300;

/**
 * How many times longer it takes to read 32 times a text, which has `length` characters. The short one is read often
 * enough to be measured. A reader known to be slow shows it on less.
 */
export function growth(unit: string, read: (text: string) => unknown, length = 1000): number {
  const short = unit.repeat(Math.ceil(length / unit.length));
  const long = short.repeat(times);
  const repeats = 20;
  for (let warm = 0; warm < repeats; warm += 1) read(short);
  const shortMs = quickest(() => {
    for (let repeat = 0; repeat < repeats; repeat += 1) read(short);
  });
  return quickest(() => read(long), 5) / Math.max(shortMs / repeats, smallestMs);
}
