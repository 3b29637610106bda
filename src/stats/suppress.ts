/** Counts from 1 to this are not published: nobody should be found behind a number. 0 is shown. */
export const smallest = 10;

export const isFew = (count: number): boolean => count > 0 && count < smallest;

/** Sums that are published beside a table. Each that is given has to be the true sum. */
export interface Totals {
  /** Of each row. */
  rows?: readonly number[];
  /** Of each column. */
  columns?: readonly number[];
  all?: number;
  /** The sums of columns stand in other tables too, so that withholding one here would hide nothing. */
  areKnown?: boolean;
}

/** A table as it may be published: null stands for a number that is withheld. */
export interface Suppressed {
  rows: (number | null)[][];
  totals: { rows?: (number | null)[]; columns?: (number | null)[]; all?: number | null };
}

/**
 * A number of the table as an arc of a network in which what flows into a node flows out of it: from its row to its
 * column, with the totals closing the circle. The nodes are exactly the sums a reader can use.
 */
interface Arc {
  from: number;
  to: number;
  value: number;
  published: boolean;
  hidden: boolean;
  /** Cannot be withheld: it is known from elsewhere. */
  fixed?: boolean;
}

/**
 * Withholds every count from 1 to 9, and as many more as it takes so that none of these can be computed back from the
 * sums: for each there is another table, with the same published numbers and nothing withheld below 1, in which it
 * differs. Zeros stay. The further numbers are chosen so that little is lost: the cheapest ring through the cell in the
 * network of sums (L. H. Cox, "Network Models for Complementary Cell Suppression", JASA 90, 1995; exact for tables of two
 * dimensions). Where sums are known from elsewhere and nothing else can vary, the whole column is withheld, zeros too.
 */
export function suppress(rows: readonly (readonly number[])[], totals: Totals = {}): Suppressed {
  const width = Math.max(0, ...rows.map((row) => row.length));
  const [left, right] = [rows.length + width, rows.length + width + 1];
  const arc = (from: number, to: number, value: number, published = true): Arc => ({
    from,
    to,
    value,
    published,
    hidden: !published || isSmall(value),
  });
  const sum = (values: readonly number[]) => values.reduce((all, value) => all + value, 0);
  const columnSums = Array.from({ length: width }, (_, j) => sum(rows.map((row) => row[j] ?? 0)));
  const cells = rows.map((row, i) =>
    Array.from({ length: width }, (_, j) => arc(i, rows.length + j, row[j] ?? 0)),
  );
  const ofRows = rows.map((row, i) => arc(left, i, sum(row), totals.rows !== undefined));
  const ofColumns = columnSums.map((value, j) => ({
    ...arc(rows.length + j, right, value, totals.columns !== undefined),
    fixed: totals.areKnown === true && !isSmall(value),
  }));
  const withheld = new Set<number>();
  const ofAll = arc(right, left, sum(columnSums), totals.all !== undefined);
  const arcs = [...cells.flat(), ...ofRows, ...ofColumns, ofAll];

  for (const small of arcs) {
    // A sum nobody publishes is kept just as safe, because it could be computed too.
    if (!isSmall(small.value)) continue;
    const ring = cheapestRing(arcs, small, right + 1);
    for (const further of ring) further.hidden = true;
    if (totals.areKnown && ring.length === 0 && small.to < left) withheld.add(small.to - rows.length);
  }
  const shown = ({ hidden, value }: Arc) => (hidden ? null : value);
  return {
    rows: cells.map((row) => row.map((cell, j) => (withheld.has(j) ? null : shown(cell)))),
    totals: {
      ...(totals.rows ? { rows: ofRows.map(shown) } : {}),
      ...(totals.columns ? { columns: ofColumns.map(shown) } : {}),
      ...(totals.all === undefined ? {} : { all: shown(ofAll) }),
    },
  };
}

const isSmall = (value: number) => value > 0 && value < smallest;

/** The numbers to withhold beside one, so that it could be one more, or one less, and all sums still hold. */
function cheapestRing(arcs: readonly Arc[], small: Arc, nodes: number): Arc[] {
  const up = cheapestPath(arcs, small, small.to, small.from, nodes);
  const down = small.value > 1 ? cheapestPath(arcs, small, small.from, small.to, nodes) : null;
  if (!up || !down) return (up ?? down)?.arcs ?? [];
  return (up.cost <= down.cost ? up : down).arcs;
}

/** What it costs to take a number away from the reader: nothing where it is withheld already. */
function costOf(arc: Arc): number {
  if (arc.hidden) return 0;
  return 1 + Math.log2(arc.value);
}

/** Dijkstra's path from a node to another, along numbers that can grow and against those that can shrink. */
function cheapestPath(
  arcs: readonly Arc[],
  without: Arc,
  start: number,
  end: number,
  nodes: number,
): { arcs: Arc[]; cost: number } | null {
  const best = Array.from({ length: nodes }, () => ({
    cost: Number.POSITIVE_INFINITY,
    by: null as Arc | null,
    done: false,
  }));
  const at = (node: number) => best[node] ?? { cost: Number.POSITIVE_INFINITY, by: null, done: true };
  at(start).cost = 0;
  for (;;) {
    let node = -1;
    for (const [candidate, { cost, done }] of best.entries())
      if (!done && cost < (node < 0 ? Number.POSITIVE_INFINITY : at(node).cost)) node = candidate;
    if (node < 0) return null;
    at(node).done = true;
    if (node === end) break;
    for (const arc of arcs) {
      // A zero is always shown, and a withheld number is known to be at least 1.
      if (arc === without || arc.fixed || (arc.published && arc.value === 0)) continue;
      const next =
        arc.from === node ? arc.to : arc.to === node && (arc.value > 1 || !arc.published) ? arc.from : -1;
      const cost = at(node).cost + costOf(arc);
      if (next < 0 || cost >= at(next).cost) continue;
      Object.assign(at(next), { cost, by: arc });
    }
  }
  const path: Arc[] = [];
  for (let node = end; node !== start; ) {
    const { by } = at(node);
    if (!by) return null;
    path.push(by);
    node = by.from === node ? by.to : by.from;
  }
  return { arcs: path, cost: at(end).cost };
}
