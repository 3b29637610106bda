/** One value of a document as a row of a table: where it stands (RFC 6901), and what it is. */
export interface Row {
  pointer: string;
  value: string;
}

const escaped = (step: string): string => step.replaceAll("~", "~0").replaceAll("/", "~1");
const unescaped = (step: string): string => step.replaceAll("~1", "/").replaceAll("~0", "~");

/** Texts that a reader would take for something else stand in quotes: `"7"`, `"true"`, and what begins with a quote. */
const ambiguous = /^(?:null|true|false|-?\d+(?:\.\d+)?|\[\]|\{\}|["'].*)$/s;

const written = (value: unknown): string =>
  typeof value === "string" && !ambiguous.test(value) ? value : JSON.stringify(value);

function read(value: string): unknown {
  if (!ambiguous.test(value) || value.startsWith("'")) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

const isEmpty = (value: object): boolean => Object.keys(value).length === 0;

/** A document as rows, in its order: a row for each text, number, truth and null, and for each empty list. */
export function toRows(value: unknown, pointer = ""): Row[] {
  if (value === undefined) return [];
  if (typeof value !== "object" || value === null || isEmpty(value))
    return [{ pointer, value: written(value) }];
  return Object.entries(value).flatMap(([key, inner]) => toRows(inner, `${pointer}/${escaped(key)}`));
}

type Branch = { inner: Map<string, Branch> } | { leaf: unknown };

function plant(root: Map<string, Branch>, { pointer, value }: Row): void {
  const steps = pointer.split("/").slice(1).map(unescaped);
  const last = steps.pop();
  let inner = root;
  for (const step of steps) {
    const known = inner.get(step);
    const next = known && "inner" in known ? known : { inner: new Map<string, Branch>() };
    inner.set(step, next);
    inner = next.inner;
  }
  if (last !== undefined) inner.set(last, { leaf: read(value) });
}

function harvest(branch: Branch): unknown {
  if ("leaf" in branch) return branch.leaf;
  const entries = [...branch.inner];
  if (entries.every(([key]) => /^\d{1,4}$/.test(key)))
    return entries.sort(([a], [b]) => Number(a) - Number(b)).map(([, inner]) => harvest(inner));
  return Object.fromEntries(entries.map(([key, inner]) => [key, harvest(inner)]));
}

/** The document of rows, in any order; lists close up where a row is missing. */
export function fromRows(rows: readonly Row[]): unknown {
  const root = new Map<string, Branch>();
  for (const row of rows) plant(root, row);
  return harvest({ inner: root });
}
