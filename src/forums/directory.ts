import type { Register } from "../register/model.ts";
import { type AddressKey, normaliseAddress } from "./normalise-address.ts";
import { type PublicEntry, publicEntry } from "./public-entry.ts";

/** An entry beside what it is searched by. */
interface Indexed {
  entry: PublicEntry;
  /** Name and other names, folded. */
  names: string;
  /** Everything a word is looked for in, folded. */
  text: string;
  codes: ReadonlySet<string>;
}

/** The public directory of one version of the register, by name. Forums that are not listed are in no part of it. */
export interface Directory {
  entries: readonly PublicEntry[];
  bySlug: ReadonlyMap<string, PublicEntry>;
  byAddress: ReadonlyMap<string, PublicEntry>;
  byHost: ReadonlyMap<string, readonly PublicEntry[]>;
  indexed: readonly Indexed[];
}

/** What a reader may narrow the list by; an absent part narrows nothing. */
export interface DirectoryQuery {
  /** Words that all have to be found, in any order. */
  q?: string;
  /** A code of the vocabulary for each facet asked for. */
  tags?: readonly string[];
  /** Slug of a department. */
  department?: string;
  /** A model that was agreed; `none-agreed` for forums with which nothing is. What is not shown is found by neither. */
  model?: string;
  life?: string;
}

const known = new WeakMap<Register, Directory>();

/** The directory of a register. Made once for each version and kept while anybody holds it. */
export function directoryOf(register: Register): Directory {
  const made = known.get(register) ?? makeDirectory(register);
  known.set(register, made);
  return made;
}

/** Lower case without accents, so that “Ty” finds “Tŷ”. */
const fold = (text: string): string =>
  text.normalize("NFD").replace(/\p{M}/gu, "").replace(/[‘’]/g, "'").toLowerCase();

function makeDirectory(register: Register): Directory {
  const entries = [...register.forums.values()]
    .filter((forum) => forum.delistedAt === null)
    .flatMap((forum) => publicEntry(forum) ?? [])
    .map((entry) => ({ entry, order: fold(entry.name) }))
    .sort((a, b) => (a.order < b.order ? -1 : a.order > b.order ? 1 : a.entry.slug < b.entry.slug ? -1 : 1))
    .map(({ entry }) => entry);
  const byAddress = new Map<string, PublicEntry>();
  const byHost = new Map<string, PublicEntry[]>();
  for (const entry of entries) {
    for (const { host, key } of addressesOf(entry)) {
      if (!byAddress.has(key)) byAddress.set(key, entry);
      const there = byHost.get(host) ?? [];
      if (!there.includes(entry)) byHost.set(host, [...there, entry]);
    }
  }
  return {
    entries,
    bySlug: new Map(entries.map((entry) => [entry.slug, entry])),
    byAddress,
    byHost,
    indexed: entries.map((entry) => toIndexed(entry, register)),
  };
}

const addressesOf = ({ url, otherAddresses }: PublicEntry): AddressKey[] =>
  [url, ...otherAddresses].flatMap((address) => (address ? (normaliseAddress(address) ?? []) : []));

function toIndexed(entry: PublicEntry, register: Register): Indexed {
  const { name, otherNames, url, description, runBy, audience, places, departments, tags, topics } = entry;
  const said = [
    url,
    description.en,
    description.cy,
    runBy,
    ...audience,
    ...places,
    ...departments.map((slug) => register.departments.get(slug)?.name),
    ...topics.map((code) => register.topics.get(code)?.title),
  ].filter((part) => part !== undefined);
  const names = fold([name, ...otherNames].join("\n"));
  return {
    entry,
    names,
    text: `${names}\n${fold(said.join("\n"))}`,
    codes: new Set(tags.map(({ code }) => code)),
  };
}

/**
 * The entries that a query asks for: those with every word in their name first, then by name. Entries that were taken
 * out are not among them; they are found by their address only.
 */
export function searchDirectory({ indexed }: Directory, query: DirectoryQuery): PublicEntry[] {
  const words = fold(query.q ?? "")
    .split(/\s+/)
    .filter(Boolean)
    .slice(0, 20);
  const isFound = ({ entry, text, codes }: Indexed): boolean =>
    entry.removed === undefined &&
    words.every((word) => text.includes(word)) &&
    (query.tags ?? []).every((code) => codes.has(code)) &&
    (query.department === undefined || entry.departments.includes(query.department)) &&
    (query.model === undefined || hasModel(entry, query.model)) &&
    (query.life === undefined || entry.life === query.life);
  const found = indexed.filter(isFound);
  if (words.length === 0) return found.map(({ entry }) => entry);
  const isNamed = ({ names }: Indexed) => words.every((word) => names.includes(word));
  return [...found.filter(isNamed), ...found.filter((one) => !isNamed(one))].map(({ entry }) => entry);
}

function hasModel({ intervention }: PublicEntry, model: string): boolean {
  if (model === "none-agreed") return intervention === null;
  if (intervention?.models.includes(model)) return true;
  // An exception for one department does not make a forum one that wants nobody.
  return model !== "none" && Object.values(intervention?.perDepartment ?? {}).includes(model);
}

/** Entries that an address already belongs to: the very same, or others on the same host. */
export function findDuplicates(
  directory: Directory,
  typed: string,
): { same: PublicEntry | null; near: readonly PublicEntry[] } {
  const address = normaliseAddress(typed);
  if (!address) return { same: null, near: [] };
  const same = directory.byAddress.get(address.key) ?? null;
  return { same, near: (directory.byHost.get(address.host) ?? []).filter((entry) => entry !== same) };
}
