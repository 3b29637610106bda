import { median } from "./figures.ts";

/** Runs of two sides in turn, and what each gave. */
export interface Pairs<Sample> {
  ours: Sample[];
  floor: Sample[];
}

/**
 * Runs ours and the floor in turn (A B A B), so that a machine that slows down slows both. The first pair warms up and is
 * not counted, but where one pair is all that was asked for.
 */
export async function alternate<Sample>(
  pairs: number,
  sides: { ours(turn: number): Promise<Sample>; floor(turn: number): Promise<Sample> },
): Promise<Pairs<Sample>> {
  const found: Pairs<Sample> = { ours: [], floor: [] };
  for (let turn = pairs > 1 ? 0 : 1; turn <= pairs; turn += 1) {
    const ours = await sides.ours(turn);
    const floor = await sides.floor(turn);
    if (turn === 0) continue;
    found.ours.push(ours);
    found.floor.push(floor);
  }
  return found;
}

/** Ours divided by the floor in each pair, and of these the middle one: noise that spans a pair falls out. */
export function ratioOf<Sample>({ ours, floor }: Pairs<Sample>, read: (sample: Sample) => number): number {
  return median(ours.map((sample, index) => read(sample) / read(floor[index] ?? sample)));
}
