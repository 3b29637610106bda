import type { ForumEntry } from "../register/forum-entry.ts";
import type { PublicEntry } from "./public-entry.ts";

type Raw = Record<string, unknown>;
type Cell = string | readonly string[] | undefined;

/** One column of the directory as a table: how it is published, and where a value goes when a table is read back. */
export interface DirectoryColumn {
  name: string;
  /** As in CSV on the Web. Lists are joined by `; `. */
  datatype: "string" | "date" | "anyURI" | "boolean";
  isList: boolean;
  says: string;
  of(entry: PublicEntry): Cell;
  /** Puts the value of a cell into an entry of the register, or takes it away where the cell is empty. */
  put(entry: Raw, directory: Raw, value: string | string[] | undefined): void;
}

function set(target: Raw, key: string, value: unknown): void {
  if (value === undefined) delete target[key];
  else target[key] = value;
}

type Field = keyof PublicEntry & string;

/** A column for a field that the public entry has under the same name as the register. */
function plain(
  name: string,
  field: Field,
  says: string,
  {
    place = "directory",
    datatype = "string",
    isList = false,
  }: Partial<{
    place: "entry" | "directory";
    datatype: DirectoryColumn["datatype"];
    isList: boolean;
  }> = {},
): DirectoryColumn {
  return {
    name,
    datatype,
    isList,
    says,
    of: (entry) => {
      const value = entry[field];
      return Array.isArray(value) ? value.map(String) : value === undefined ? undefined : String(value);
    },
    put: (entry, directory, value) => {
      const given = datatype === "boolean" && value !== undefined ? value === "true" : value;
      set(place === "entry" ? entry : directory, field, given);
    },
  };
}

/** A column for a part of something that is one object in the register. Without its first part there is none of it. */
function part(
  name: string,
  field: "consent" | "removed" | "decision" | "intervention",
  key: string,
  says: string,
  {
    datatype = "string",
    isList = false,
    isFirst = false,
  }: Partial<Pick<DirectoryColumn, "datatype" | "isList"> & { isFirst: boolean }> = {},
): DirectoryColumn {
  return {
    name,
    datatype,
    isList,
    says,
    of: (entry) => {
      const whole: Readonly<Raw> = { ...entry[field] };
      const value = whole[key];
      return Array.isArray(value) ? value.map(String) : value === undefined ? undefined : String(value);
    },
    put: (entry, directory, value) => {
      const into = field === "intervention" ? entry : directory;
      const whole: Raw = { ...(into[field] as Raw | null | undefined) };
      set(whole, key, value);
      set(
        into,
        field,
        isFirst && value === undefined ? undefined : Object.keys(whole).length > 0 ? whole : undefined,
      );
    },
  };
}

const list = { isList: true };
const date = { datatype: "date" } as const;
const inEntry = { place: "entry" } as const;

/** The directory as a table, in this order. What forums keep to themselves is in no column. */
export const directoryColumns: readonly DirectoryColumn[] = [
  plain("slug", "slug", "Name of the entry in addresses", inEntry),
  plain("name", "name", "Name of the forum", inEntry),
  plain("other_names", "otherNames", "Other names", list),
  plain("url", "url", "Address", { ...inEntry, datatype: "anyURI" }),
  plain("other_addresses", "otherAddresses", "Other addresses", list),
  plain("software", "software", "What it runs on"),
  plain("languages", "languages", "Languages it is written in, ISO 639", list),
  {
    name: "description",
    datatype: "string",
    isList: false,
    says: "What it is about",
    of: ({ description }) => description.en ?? description.cy,
    put: (entry, _directory, value) => set(entry, "description", value),
  },
  {
    name: "description_cy",
    datatype: "string",
    isList: false,
    says: "What it is about, in Welsh",
    of: ({ description }) => (description.en === undefined ? undefined : description.cy),
    put: (_entry, directory, value) => set(directory, "descriptionCy", value),
  },
  plain("run_by", "runBy", "Who runs it", inEntry),
  plain("run_by_kind", "runByKind", "Individual, business, charity, public-body or community"),
  plain("volunteer_moderators", "moderators", "Band of the number of volunteer moderators"),
  plain("contact", "contact", "Where anybody may write to"),
  plain("audience", "audience", "Who it is for, in plain words", { ...inEntry, ...list }),
  {
    name: "audience_codes",
    datatype: "string",
    isList: true,
    says: "Codes of the vocabulary of audiences, each with who gave it: parents:forum",
    of: ({ tags }) => tags.map(({ code, by }) => `${code}:${by}`),
    put: (_entry, directory, value) => {
      const tags = [value].flat().flatMap((text) => {
        const [code = "", by = "editor"] = (text ?? "").split(":");
        return code === "" ? [] : [{ code, by }];
      });
      set(directory, "tags", value === undefined ? undefined : tags);
    },
  },
  plain("places", "places", "Towns, counties and the like", list),
  plain("members_under_18", "under18", "Whether many members are under 18; empty where it is not shown", {
    ...inEntry,
    datatype: "boolean",
  }),
  plain("departments", "departments", "Departments most often concerned", { ...inEntry, ...list }),
  plain("topics", "topics", "Topics that moderators may choose", { ...inEntry, ...list }),
  part(
    "intervention_models",
    "intervention",
    "models",
    "What was agreed; empty where nothing is, or it is not shown",
    {
      ...list,
      isFirst: true,
    },
  ),
  part("agreed_on", "intervention", "agreedOn", "Since when", date),
  part("agreed_with", "intervention", "agreedWith", "With whom"),
  plain("rules_for_officials", "rulesForOfficials", "The forum's rules for officials"),
  plain("official_accounts", "officialAccounts", "Names of official accounts on the forum", list),
  plain("response_promise", "responsePromise", "Promised answer time"),
  plain("moderation_hours", "moderationHours", "When it is moderated"),
  plain("proposed_by", "proposedBy", "Who proposed it"),
  part("consent_on", "consent", "on", "When the forum agreed to be listed; empty where nobody was asked", {
    ...date,
    isFirst: true,
  }),
  part("consent_scope", "consent", "scope", "everything or name-only"),
  plain("state", "life", "active, inactive, defunct or temporarily_closed; empty where nobody has looked"),
  plain("last_checked", "lastChecked", "When somebody last looked", date),
  plain("next_review", "nextReview", "When somebody is to look again", date),
  plain("moved_to", "movedTo", "Address it has moved to", { datatype: "anyURI" }),
  part("removed_on", "removed", "on", "When it was taken out of the lists", { ...date, isFirst: true }),
  part("removed_because", "removed", "because", "Why"),
  part("listed_on", "decision", "on", "When it was decided to list it", { ...date, isFirst: true }),
  part("criteria_met", "decision", "criteria", "Criteria it met then", list),
  part("decision_because", "decision", "because", "Why it was listed"),
];

const separator = "; ";

/** An entry as a row, in the order of the columns. */
export function rowOf(entry: PublicEntry): string[] {
  return directoryColumns.map((column) => {
    const cell = column.of(entry);
    return typeof cell === "string" ? cell : (cell ?? []).join(separator);
  });
}

/**
 * What a row says, put over the entry that has its slug: a document for the register, not yet checked. A cell that is empty
 * takes the value away, a column that is not there leaves it alone; so does everything that has no column.
 */
export function entryOf(row: Readonly<Record<string, string>>, present: ForumEntry | undefined): Raw {
  const entry: Raw = { ...present };
  const directory: Raw = { ...present?.directory };
  for (const { name, isList, put } of directoryColumns) {
    const text = row[name]?.trim();
    if (text === undefined) continue;
    const values = text.split(/\s*;\s*/).filter((value) => value !== "");
    put(entry, directory, text === "" ? undefined : isList ? values : text);
  }
  if (entry.intervention && typeof entry.intervention === "object")
    entry.intervention = withModel({ ...entry.intervention }, present);
  return Object.keys(directory).length > 0 ? { ...entry, directory } : entry;
}

/** The register has one model or several; a table always has a list. */
function withModel(intervention: Raw, present: ForumEntry | undefined): Raw {
  const { model: _model, models, ...rest } = intervention;
  const isOne = Array.isArray(models) && models.length === 1 && present?.intervention?.models === undefined;
  if (isOne) return { ...rest, model: models[0] };
  return Array.isArray(models) ? { ...rest, models } : intervention;
}
