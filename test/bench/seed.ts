import type { ThrowawayCluster } from "../../src/db/index.ts";
import { runSql } from "./database.ts";
import { forumSlugs } from "./register.ts";

/** Two years before the day of the benchmark, over which the referrals are spread evenly. */
export const days = 730;
/** Work in hand: it grows with the people who do it, not with the years that are kept. */
const open = 2_000;

export const pools = [
  "example-universal-credit",
  "example-vaccination",
  "example-council-noise",
  "example-noise-policy",
  "example-child-benefit",
  "example-driving-licences",
  "example-student-finance",
  "example-veterans",
] as const;

/** For what only reads afterwards: nothing waits for the disk while rows are made. */
export const forReading = {
  fsync: "off",
  synchronous_commit: "off",
  full_page_writes: "off",
  max_wal_size: "4GB",
  maintenance_work_mem: "256MB",
};

const list = (names: readonly string[]) => `ARRAY[${names.map((name) => `'${name}'`).join(", ")}]`;

/** The moment of the n-th of `count` referrals, and an id in the order of time, as SQL. */
const momentOf = (count: number) =>
  `date_trunc('day', clock_timestamp()) - interval '${days} days' + interval '${days} days' * (n::float8 / ${count + 1})`;
const idOf = (moment: string) =>
  `(lpad(to_hex((extract(epoch FROM ${moment}) * 1000)::bigint), 12, '0') || '7' || substr(md5(n::text), 1, 3) || '8' || substr(md5(n::text), 4, 15))::uuid`;

/** The last of them are open, and every other one is finished. */
const stateOf = (count: number) => `CASE WHEN n > ${count - open} THEN 'claimed' ELSE 'resolved' END`;

/**
 * Fills the table of referrals of a database with so many rows, made by the server, and builds its indexes again. The
 * rows hold no content: what is measured does not read it.
 */
export async function seedReferrals(cluster: ThrowawayCluster, url: string, count: number): Promise<void> {
  const moment = momentOf(count);
  await refill(cluster, url, "referral", [
    `INSERT INTO referral (id, reference, forum_slug, pool_slug, state, consent_basis, topic, language, urgency, audience, masked,
       tried_pools, routing, owner_id, submitted_at, first_offered_at, state_since, finished_at)
     SELECT ${idOf("at")}, 'FP-' || lpad(n::text, 8, '0'), (${list(forumSlugs)})[1 + n % ${forumSlugs.length}],
            (${list(pools)})[1 + n % ${pools.length}], ${stateOf(count)}, 'member-agreed', 'universal-credit', 'en', 'normal', '{}',
            '{}', '{}', '{"rule": 1, "version": 1, "because": "So it was.", "guessed": false, "inputs": {}}',
            CASE WHEN n > ${count - open} THEN 'amal.h' END, at, at, at, CASE WHEN n > ${count - open} THEN NULL ELSE at END
       FROM generate_series(1, ${count}) AS n CROSS JOIN LATERAL (SELECT ${moment} AS at) AS time`,
  ]);
}

/** Fills the table of what each referral adds to the figures. */
export async function seedCases(cluster: ThrowawayCluster, url: string, count: number): Promise<void> {
  const isOpen = `n > ${count - open}`;
  const pool = `(${list(pools)})[1 + n % ${pools.length}]`;
  await refill(cluster, url, "stat_case", [
    `INSERT INTO stat_case (referral_id, forum, topic, language, state, outcome, submitted_at, parts, ticking, tick_since)
     SELECT ${idOf("at")}, (${list(forumSlugs)})[1 + n % ${forumSlugs.length}], 'universal-credit', 'en', ${stateOf(count)},
            CASE WHEN ${isOpen} THEN NULL ELSE 'answered_in_public' END, at,
            jsonb_build_array(jsonb_build_object('pool', ${pool}, 'counts', '{"received": 1}'::jsonb, 'times', '{}'::jsonb)),
            CASE WHEN ${isOpen} THEN jsonb_build_object('owner', 'advisor', 'pool', ${pool}, 'sinceMs',
              (extract(epoch FROM at) * 1000)::bigint, 'dues', '[]'::jsonb) END,
            CASE WHEN ${isOpen} THEN at END
       FROM generate_series(1, ${count}) AS n CROSS JOIN LATERAL (SELECT ${momentOf(count)} AS at) AS time`,
  ]);
}

/** Runs statements on a table without its indexes and triggers, and then makes the indexes again. */
async function refill(
  cluster: ThrowawayCluster,
  url: string,
  table: string,
  statements: readonly string[],
): Promise<void> {
  const asAdministrator = new URL(cluster.adminUrl);
  asAdministrator.pathname = new URL(url).pathname;
  const indexes = await runSql(
    url,
    `SELECT indexname AS name, indexdef AS definition FROM pg_indexes WHERE tablename = '${table}' AND indexname NOT LIKE '%pkey'`,
  );
  await runSql(
    asAdministrator.href,
    `ALTER TABLE ${table} DISABLE TRIGGER ALL`,
    ...indexes.map(({ name }) => `DROP INDEX "${name}"`),
    ...statements,
    ...indexes.map(({ definition }) => String(definition)),
    `ALTER TABLE ${table} ENABLE TRIGGER ALL`,
    `VACUUM (ANALYZE) ${table}`,
    "CHECKPOINT",
  );
}
