import type { Deps } from "../deps.ts";
import { directoryOf, toCsv } from "../forums/index.ts";
import type { Register } from "../register/model.ts";
import type { Dataset } from "./dataset.ts";
import { findDataset } from "./datasets.ts";
import { describeCsv, licence } from "./describe.ts";

/** A file as it is sent. */
export interface OpenFile {
  type: string;
  text: string;
}

type Reading = Pick<Deps, "db" | "register" | "now" | "baseUrl">;

const csvType = "text/csv; charset=utf-8; header=present";
const jsonType = "application/json; charset=utf-8";
/** Files that say nothing but what the register says: made once for each version of it. */
const ofRegister = new WeakMap<Register, Map<string, string>>();

/** The file at `/data/{name}`; null where there is none. Endings: `.csv`, `.json` and `.csv-metadata.json`. */
export async function openFile(deps: Reading, file: string): Promise<OpenFile | null> {
  const [, name = "", ending = ""] = /^([a-z]+)\.(csv|json|csv-metadata\.json)$/.exec(file) ?? [];
  const dataset = findDataset(name);
  if (!dataset) return null;
  if (ending === "csv-metadata.json")
    return { type: "application/csvm+json; charset=utf-8", text: pretty(describeCsv(dataset, deps.baseUrl)) };
  const make = ending === "csv" ? csvOf : jsonOf;
  const text = dataset.isOfRegister
    ? await keep(deps, file, () => make(deps, dataset))
    : await make(deps, dataset);
  return { type: ending === "csv" ? csvType : jsonType, text };
}

/** One entry of the directory as JSON; null where it is not listed. */
export async function openEntry(deps: Reading, file: string): Promise<OpenFile | null> {
  const { bySlug } = directoryOf(await deps.register(deps.db));
  const entry = file.endsWith(".json") ? bySlug.get(file.slice(0, -".json".length)) : undefined;
  return entry ? { type: jsonType, text: pretty({ license: licence, ...entry }) } : null;
}

async function keep(deps: Reading, file: string, make: () => Promise<string>): Promise<string> {
  const register = await deps.register(deps.db);
  const kept = ofRegister.get(register) ?? new Map<string, string>();
  ofRegister.set(register, kept);
  // The address of this instance stands in no such file but JSON, and it does not change while it runs.
  const text = kept.get(file) ?? (await make());
  kept.set(file, text);
  return text;
}

const pretty = (value: object): string => `${JSON.stringify(value, null, 1)}\n`;

async function csvOf(deps: Reading, dataset: Dataset): Promise<string> {
  const names = dataset.columns.map(({ name }) => name);
  return toCsv(names, await dataset.rows(deps));
}

/** The same rows as objects: lists are lists, numbers are numbers, and what is empty is null. */
async function jsonOf(deps: Reading, dataset: Dataset): Promise<string> {
  const { name, title, says, columns } = dataset;
  const items = (await dataset.rows(deps)).map((row) =>
    Object.fromEntries(
      columns.map((column, i) => {
        const cell = row[i] ?? null;
        if (column.separator)
          return [column.name, cell === null || cell === "" ? [] : String(cell).split(column.separator)];
        if (cell === "") return [column.name, null];
        return [column.name, column.datatype === "boolean" && cell !== null ? cell === "true" : cell];
      }),
    ),
  );
  return pretty({
    title: title.en,
    description: says.en,
    license: licence,
    csv: `${deps.baseUrl}/data/${name}.csv`,
    items,
  });
}
