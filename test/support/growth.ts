/** The quickest of several runs, in milliseconds: the one least disturbed by whatever else the machine does. */
export function quickest(work: () => void, rounds = 5): number {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds; round += 1) {
    const started = performance.now();
    work();
    best = Math.min(best, performance.now() - started);
  }
  return best;
}

const times = 32;

/** Between linear (32) and quadratic (1024), far enough from both for a busy machine. */
export const linearGrowth = 300;

/** How many times longer it takes to read 32 times a text. The short one is read often enough to be measured. */
export function growth(unit: string, read: (text: string) => unknown): number {
  const short = unit.repeat(Math.ceil(1000 / unit.length));
  const long = short.repeat(times);
  const repeats = 10;
  read(short);
  const shortMs = quickest(() => {
    for (let repeat = 0; repeat < repeats; repeat += 1) read(short);
  });
  return quickest(() => read(long), 3) / (shortMs / repeats);
}
