import { DomainError } from "../contract/errors.ts";
import type { Deps } from "../deps.ts";
import { directoryOf } from "./directory.ts";
import { changedFields, type PublicEntry } from "./public-entry.ts";
import { readVersions } from "./store-versions.ts";

/** One change of the directory as the public sees it. */
export interface DirectoryChange {
  /** Grows with time and names the change for good. */
  id: string;
  slug: string;
  name: string;
  at: Date;
  kind: "added" | "changed" | "taken-out";
  /** Names of the fields of an entry that changed. */
  fields: string[];
}

const most = 100;

/**
 * What changed in the directory, the newest first: of one forum, or of all. A forum that is not listed at present
 * is in no part of it.
 */
export async function showHistory(
  deps: Pick<Deps, "db" | "register">,
  query: { forum?: string; limit?: number } = {},
): Promise<DirectoryChange[]> {
  const { bySlug } = directoryOf(await deps.register(deps.db));
  if (query.forum !== undefined && !bySlug.has(query.forum)) throw new DomainError("forum/not-found");
  const versions = await readVersions(deps.db, { ...query, limit: Math.min(query.limit ?? most, most) });
  return versions.flatMap(({ id, slug, at, entry, before }) => {
    const listed = bySlug.get(slug);
    if (!listed) return [];
    return [{ id, slug, name: listed.name, at, ...toChange(entry, before) }];
  });
}

function toChange(
  entry: PublicEntry | null,
  before: PublicEntry | null,
): Pick<DirectoryChange, "kind" | "fields"> {
  if (entry === null) return { kind: "taken-out", fields: [] };
  if (before === null) return { kind: "added", fields: [] };
  return { kind: "changed", fields: changedFields(before, entry) };
}
