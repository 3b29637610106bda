import { z } from "zod";
import type { Tx } from "../../db/index.ts";
import { emptyContent } from "../content.ts";
import {
  AdvisorEntry,
  Alerts,
  DepartmentEntry,
  ElectionPeriod,
  PersonEntry,
  RuleEntry,
  Settings,
  TopicEntry,
} from "../document.ts";
import { ForumEntry } from "../forum-entry.ts";
import type { Register, RegisteredForum } from "../model.ts";
import { PoolEntry } from "../pool-entry.ts";

const Moment = z
  .string()
  .nullable()
  .transform((text) => (text === null ? null : new Date(text)));
const Names = z.record(z.string(), z.string());

const Row = z.object({
  revision: z.string().nullable(),
  latest: z
    .object({ version: z.number(), settings: z.record(z.string(), z.unknown()), rules: z.unknown() })
    .nullable(),
  departments: z.array(z.unknown()),
  topics: z.array(z.unknown()),
  pools: z.array(z.unknown()),
  advisors: z.array(z.unknown()),
  people: z.array(z.unknown()),
  forums: z.array(
    z.object({
      document: z.unknown(),
      leftAt: Moment,
      callbackStoppedAt: Moment,
      delistedAt: Moment,
      joined: z.record(z.string(), z.record(z.string(), z.string())),
    }),
  ),
  removed: z.object({ departments: Names, pools: Names, forums: Names }),
});

/** The register as the database has it, with the revision it belongs to. One statement, so that its parts agree. */
export async function loadRegister(tx: Tx): Promise<{ revision: string | null; register: Register }> {
  const rows = await tx.$queryRaw<unknown[]>`
    SELECT (SELECT revision::text FROM register_state WHERE id = 1) AS revision,
      (SELECT json_build_object('version', version, 'settings', settings, 'rules', rules)
        FROM register_version ORDER BY version DESC LIMIT 1) AS latest,
      (SELECT coalesce(json_agg(document ORDER BY position), '[]') FROM department WHERE removed_at IS NULL) AS departments,
      (SELECT coalesce(json_agg(document ORDER BY position), '[]') FROM topic) AS topics,
      (SELECT coalesce(json_agg(document ORDER BY position), '[]') FROM pool WHERE removed_at IS NULL) AS pools,
      (SELECT coalesce(json_agg(document ORDER BY position), '[]') FROM advisor) AS advisors,
      (SELECT coalesce(json_agg(document ORDER BY position), '[]') FROM person) AS people,
      (SELECT coalesce(json_agg(json_build_object('document', document, 'leftAt', left_at,
          'callbackStoppedAt', callback_stopped_at, 'delistedAt', delisted_at, 'joined', joined) ORDER BY position), '[]')
        FROM forum WHERE removed_at IS NULL) AS forums,
      json_build_object(
        'departments', (SELECT coalesce(json_object_agg(slug, document->>'name'), '{}') FROM department WHERE removed_at IS NOT NULL),
        'pools', (SELECT coalesce(json_object_agg(slug, document->>'name'), '{}') FROM pool WHERE removed_at IS NOT NULL),
        'forums', (SELECT coalesce(json_object_agg(slug, document->>'name'), '{}') FROM forum WHERE removed_at IS NOT NULL)
      ) AS removed`;
  const row = Row.parse(rows[0]);
  return { revision: row.revision, register: toRegister(row) };
}

function toRegister(row: z.infer<typeof Row>): Register {
  const settings = row.latest?.settings ?? {};
  return {
    version: row.latest?.version ?? 0,
    settings: read(Settings, settings.settings ?? emptyContent.settings),
    alerts: read(Alerts, settings.alerts ?? emptyContent.alerts),
    electionPeriods: read(z.array(ElectionPeriod), settings.electionPeriods ?? []),
    departments: byName(row.departments, DepartmentEntry, ({ slug }) => slug),
    topics: byName(row.topics, TopicEntry, ({ code }) => code),
    pools: byName(row.pools, PoolEntry, ({ slug }) => slug),
    advisors: byName(row.advisors, AdvisorEntry, ({ id }) => id),
    people: byName(row.people, PersonEntry, ({ id }) => id),
    forums: new Map(
      row.forums.map(({ document, ...since }): [string, RegisteredForum] => {
        const entry = read(ForumEntry, document);
        return [entry.slug, { ...entry, ...since }];
      }),
    ),
    rules: read(z.array(RuleEntry), row.latest?.rules ?? emptyContent.rules),
    removed: {
      departments: new Map(Object.entries(row.removed.departments)),
      pools: new Map(Object.entries(row.removed.pools)),
      forums: new Map(Object.entries(row.removed.forums)),
    },
  };
}

function byName<Schema extends z.ZodType>(
  documents: readonly unknown[],
  schema: Schema,
  nameOf: (entry: z.output<Schema>) => string,
): Map<string, z.output<Schema>> {
  return new Map(documents.map((document) => read(schema, document)).map((entry) => [nameOf(entry), entry]));
}

/**
 * An entry as its schema has it. What a newer release wrote may not fit this one's schema during a rolling update; it
 * was valid when it was saved, so it is taken as it stands.
 */
function read<Schema extends z.ZodType>(schema: Schema, document: unknown): z.output<Schema> {
  const parsed = schema.safeParse(document);
  return parsed.success ? parsed.data : (document as z.output<Schema>);
}
