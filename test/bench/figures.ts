/** The middle of some figures; NaN of none. */
export const median = (values: readonly number[]): number => quantile(values, 0.5);

/** The value below which the given part (0 to 1) of the figures lies, by nearest rank; NaN of none. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? Number.NaN;
}

/** A figure with as many digits as it deserves. */
export function show(value: number, unit = ""): string {
  const digits = value >= 100 ? 0 : value >= 10 ? 1 : 2;
  const text = value.toLocaleString("en-GB", {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  return `${text}${unit}`;
}
