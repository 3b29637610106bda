import { listClinics } from "../clinics/index.ts";
import { DomainError } from "../contract/errors.ts";
import type { Deps } from "../deps.ts";
import {
  audienceLabel,
  audienceVersion,
  type Directory,
  directoryOf,
  findAudience,
  idOf,
  isNamedOnly,
  type PublicEntry,
} from "../forums/index.ts";
import type { Register } from "../register/model.ts";
import { schedulesOf } from "./hsds-schedules.ts";

/** What the description of a service says where the directory shows none: the standard asks organizations for one. */
const undescribed = "No description is given.";
const vocabularyName = "Fingerpost audiences";
/** Facets that say who a service is for; the others describe what it is about. */
const audienceFacets = ["role", "age", "relation"];

/** `GET /hsds`: what this interface follows, as the HSDS 3 API asks. */
export const hsdsRoot = (baseUrl: string) => ({
  version: "3.0",
  profile: "https://docs.openreferraluk.org/",
  openapi_url: `${baseUrl}/openapi.json`,
});

const statuses = {
  active: "active",
  inactive: "inactive",
  defunct: "defunct",
  temporarily_closed: "temporarily closed",
} as const;

/** Members with a value only: the standard's schemas take no null. */
function given<Members extends Record<string, unknown>>(members: Members): Partial<Members> {
  const kept = Object.entries(members).filter(([, value]) => value !== undefined && value !== "");
  return Object.fromEntries(kept) as Partial<Members>;
}

function organizationOf(entry: PublicEntry) {
  const name = entry.runBy ?? entry.name;
  return {
    id: idOf("organization", entry.slug),
    name,
    description: entry.runBy ? `Runs the forum ${entry.name}.` : undescribed,
    ...given({ website: entry.url, legal_status: entry.runByKind }),
  };
}

/** What every view of a service has. An email address among contacts stands in its own place. */
function serviceOf(entry: PublicEntry) {
  const { slug, name, url, description, life, lastChecked, contact } = entry;
  return {
    id: idOf("forum", slug),
    organization_id: idOf("organization", slug),
    name,
    status: life ? statuses[life] : ("active" as const),
    ...given({
      alternate_name: entry.otherNames.join(", "),
      description: description.en ?? description.cy,
      url,
      email: contact && !/^https?:/i.test(contact) ? contact : undefined,
      assured_date: lastChecked,
      alert: life ? undefined : "Nobody has checked this entry yet, so its status is assumed.",
    }),
  };
}

function attributesOf(entry: PublicEntry) {
  const service = idOf("forum", entry.slug);
  return entry.tags.map(({ code, by }) => {
    const facet = findAudience(code)?.facet ?? "role";
    return {
      id: idOf("attribute", `${entry.slug}/${code}`),
      link_id: service,
      link_type: audienceFacets.includes(facet) ? "audience" : facet,
      link_entity: "service",
      value: by,
      taxonomy_term_id: idOf("term", code),
      taxonomy_term: {
        id: idOf("term", code),
        code,
        name: audienceLabel(code, "en"),
        description: `${audienceLabel(code, "en")} (${facet}); in Welsh: ${audienceLabel(code, "cy")}`,
        taxonomy: `${vocabularyName} ${audienceVersion}`,
        language: "en",
      },
    };
  });
}

const areaNames: Readonly<Record<string, string>> = {
  england: "England",
  wales: "Wales",
  scotland: "Scotland",
  "northern-ireland": "Northern Ireland",
  uk: "United Kingdom",
};

function areasOf(entry: PublicEntry) {
  const nations = entry.tags.flatMap(({ code }) =>
    areaNames[code] ? [{ name: areaNames[code], type: "nation" }] : [],
  );
  const places = entry.places.map((name) => ({ name, type: "place" }));
  return [...nations, ...places].map(({ name, type }) => ({
    id: idOf("area", `${entry.slug}/${name}`),
    service_id: idOf("forum", entry.slug),
    name,
    extent_type: type,
  }));
}

const byId = new WeakMap<Directory, ReadonlyMap<string, PublicEntry>>();

function entriesById(directory: Directory): ReadonlyMap<string, PublicEntry> {
  const made =
    byId.get(directory) ?? new Map(directory.entries.map((entry) => [idOf("forum", entry.slug), entry]));
  byId.set(directory, made);
  return made;
}

/**
 * One forum as a whole service of HSDS 3, with its clinics' hours unless it agreed to its name only. Refuses what is not listed
 * (`forum/not-found`).
 */
export async function showService(deps: Deps, id: string): Promise<object> {
  const register = await deps.register(deps.db);
  const entry = entriesById(directoryOf(register)).get(id.toLowerCase());
  if (!entry) throw new DomainError("forum/not-found");
  const languages = entry.languages.map((code) => ({
    id: idOf("language", `${entry.slug}/${code}`),
    service_id: idOf("forum", entry.slug),
    code,
    name: new Intl.DisplayNames(["en"], { type: "language" }).of(code) ?? code,
  }));
  const clinics = isNamedOnly(entry) ? [] : await listClinics(deps, { forum: entry.slug });
  const { baseUrl } = deps;
  return {
    ...serviceOf(entry),
    schedules: schedulesOf(idOf("forum", entry.slug), clinics, { now: deps.now(), baseUrl }),
    organization: organizationOf(entry),
    languages,
    service_areas: areasOf(entry),
    attributes: attributesOf(entry),
  };
}

export interface ServiceQuery {
  page: number;
  perPage: number;
  /** Words of the name or the description. */
  text?: string | undefined;
}

/** A page of services, as the HSDS 3 API gives lists: what is in it, and how many there are. */
export function listServices(register: Register, { page, perPage, text = "" }: ServiceQuery): object {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const found = directoryOf(register).indexed.filter(
    ({ entry, text: all }) => entry.removed === undefined && words.every((word) => all.includes(word)),
  );
  const pages = Math.max(1, Math.ceil(found.length / perPage));
  const contents = found.slice((page - 1) * perPage, page * perPage);
  return {
    total_items: found.length,
    total_pages: pages,
    page_number: page,
    size: contents.length,
    first_page: page === 1,
    last_page: page >= pages,
    empty: contents.length === 0,
    contents: contents.map(({ entry }) => ({ ...serviceOf(entry), organization: organizationOf(entry) })),
  };
}
