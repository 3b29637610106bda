import type { ThrowawayCluster } from "../../src/db/index.ts";
import { runSql } from "./database.ts";
import { forumSlugs } from "./register.ts";

/** Two years before the day of the benchmark, over which the referrals are spread evenly. */
export const days = 730;
const dayMs = 86_400_000;
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

/** For what only reads afterwards: nothing waits for the disk while rows are made, and nothing is written twice. */
export const forReading = {
  fsync: "off",
  synchronous_commit: "off",
  full_page_writes: "off",
  wal_level: "minimal",
  max_wal_senders: "0",
  max_wal_size: "4GB",
  maintenance_work_mem: "512MB",
};

const list = (names: readonly string[]) => `ARRAY[${names.map((name) => `'${name}'`).join(", ")}]`;
const nthOf = (names: string) => `(${names})[1 + n % array_length(${names}, 1)]`;

/** The number of rows as SQL, each with its moment `at` and an id in the order of time, as the product's own are. */
function rowsOf(count: number): string {
  const firstMs = (Math.floor(Date.now() / dayMs) - days) * dayMs;
  return `generate_series(1, ${count}) AS n
     CROSS JOIN LATERAL (SELECT ${firstMs} + (${days * dayMs}::float8 * n / ${count + 1})::bigint AS ms) AS time
     CROSS JOIN LATERAL (SELECT to_timestamp(ms / 1000::float8) AS at,
       (lpad(to_hex(ms), 12, '0') || '70008' || lpad(to_hex(n), 15, '0'))::uuid AS id) AS made`;
}

/** The last of them are open, and every other one is finished. */
const isOpen = (count: number) => `n > ${count - open}`;
const stateOf = (count: number) => `CASE WHEN ${isOpen(count)} THEN 'claimed' ELSE 'resolved' END`;

/**
 * Fills the table of referrals of a database with so many rows, made by the server. The rows hold no content: what is
 * measured does not read it.
 */
export async function seedReferrals(cluster: ThrowawayCluster, url: string, count: number): Promise<void> {
  await refill(
    cluster,
    url,
    "referral",
    `INSERT INTO referral (id, reference, forum_slug, pool_slug, state, consent_basis, topic, language, urgency, audience, masked,
       tried_pools, routing, owner_id, submitted_at, first_offered_at, state_since, finished_at)
     SELECT id, 'FP-' || lpad(n::text, 8, '0'), ${nthOf(list(forumSlugs))}, ${nthOf(list(pools))}, ${stateOf(count)},
            'member-agreed', 'universal-credit', 'en', 'normal', '{}', '{}', '{}',
            '{"rule": 1, "version": 1, "because": "So it was.", "guessed": false, "inputs": {}}',
            CASE WHEN ${isOpen(count)} THEN 'amal.h' END, at, at, at, CASE WHEN ${isOpen(count)} THEN NULL ELSE at END
       FROM ${rowsOf(count)}`,
  );
}

/** Fills the table of what each referral adds to the figures. */
export async function seedCases(cluster: ThrowawayCluster, url: string, count: number): Promise<void> {
  const pool = nthOf(list(pools));
  const parts = pools.map((slug) => JSON.stringify([{ pool: slug, counts: { received: 1 }, times: {} }]));
  await refill(
    cluster,
    url,
    "stat_case",
    `INSERT INTO stat_case (referral_id, forum, topic, language, state, outcome, submitted_at, parts, ticking, tick_since)
     SELECT id, ${nthOf(list(forumSlugs))}, 'universal-credit', 'en', ${stateOf(count)},
            CASE WHEN ${isOpen(count)} THEN NULL ELSE 'answered_in_public' END, at, ${nthOf(`${list(parts)}::jsonb[]`)},
            CASE WHEN ${isOpen(count)} THEN jsonb_build_object('owner', 'advisor', 'pool', ${pool}, 'sinceMs',
              (extract(epoch FROM at) * 1000)::bigint, 'dues', '[]'::jsonb) END,
            CASE WHEN ${isOpen(count)} THEN at END
       FROM ${rowsOf(count)}`,
  );
}

/** Fills the table of events with four for each referral: offered, claimed, replied to and resolved. */
export async function seedHistories(cluster: ThrowawayCluster, url: string, count: number): Promise<void> {
  await refill(
    cluster,
    url,
    "event",
    `INSERT INTO event (referral_id, seq, type, at, actor_role, state_from, state_to, pool_slug)
     SELECT id, seq, type, at + seq * interval '1 hour', 'advisor', state_from, state_to, ${nthOf(list(pools))}
       FROM ${rowsOf(count)} CROSS JOIN (VALUES (1, 'referral.submitted', NULL, 'offered'), (2, 'referral.claimed', 'offered', 'claimed'),
         (3, 'referral.replied', 'claimed', 'replied'), (4, 'referral.resolved', 'replied', 'resolved'))
         AS life (seq, type, state_from, state_to)`,
  );
}

/**
 * Empties a table and whatever refers to it, and fills it with one statement: without triggers, and with the indexes built
 * once at the end. Emptied in the same transaction, its rows need no log.
 */
async function refill(
  cluster: ThrowawayCluster,
  url: string,
  table: string,
  statement: string,
): Promise<void> {
  const asAdministrator = new URL(cluster.adminUrl);
  asAdministrator.pathname = new URL(url).pathname;
  await runSql(
    asAdministrator.href,
    "BEGIN",
    `ALTER TABLE ${table} DISABLE TRIGGER ALL`,
    "ALTER TABLE event DISABLE TRIGGER event_not_emptied",
    `TRUNCATE ${table} CASCADE`,
    `UPDATE pg_index SET indisready = FALSE, indisvalid = FALSE WHERE indrelid = '${table}'::regclass`,
    statement,
    `REINDEX TABLE ${table}`,
    `ALTER TABLE ${table} ENABLE TRIGGER ALL`,
    "ALTER TABLE event ENABLE TRIGGER event_not_emptied",
    "COMMIT",
    `VACUUM (ANALYZE) ${table}`,
    "CHECKPOINT",
  );
}
