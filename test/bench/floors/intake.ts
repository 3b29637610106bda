import { randomBytes, randomUUID } from "node:crypto";
import { fastify } from "fastify";
import pg from "pg";

/**
 * The floor of intake: bare Fastify and `pg`, and for each post one prepared statement that writes the rows which the
 * product writes, into its own tables. It verifies, validates, masks, routes, encrypts and limits nothing.
 */
const { databaseUrl } = JSON.parse(process.argv[2] ?? "{}") as { databaseUrl: string };
const pool = new pg.Pool({ connectionString: databaseUrl, max: 32 });

interface Post {
  excerpt: string;
  topic?: string;
}

const text = `
  WITH once AS (
    INSERT INTO idempotency (scope, key, request_hash, referral_id, status, response, created_at)
    VALUES ($1, $2, $3, $4, 201, $5, $6) RETURNING referral_id
  ), opened AS (
    INSERT INTO content_key (id, wrapped, key_id) VALUES ($4, $7, 'floor') RETURNING id
  ), born AS (
    INSERT INTO referral (id, reference, forum_slug, pool_slug, state, content, member_hash, consent_basis, topic,
      language, urgency, nation, audience, masked, tried_pools, routing, clock, due_at, claim_due_at, submitted_at,
      first_offered_at, state_since)
    VALUES ($4, $8, $9, $10, 'offered', $11, $3, 'member-agreed', $12, 'en', 'normal', 'england', '{}', '{}', '{}', $13,
      'claim', $6, $6, $6, $6, $6) RETURNING id
  ), told AS (
    INSERT INTO event (referral_id, seq, type, at, actor_role, state_to, pool_slug, because, data, chain)
    VALUES ($4, 1, 'referral.offered', $6, 'moderator', 'offered', $10, 'Because the floor says so.', '{}', 'dwp') RETURNING id
  ), sent AS (
    INSERT INTO delivery (id, referral_id, adapter, destination, notice, seq, data, next_at, created_at)
    VALUES ($14, $4, 'webhook', $1, 'referral.offered', 1, $13, $6, $6) RETURNING id
  )
  INSERT INTO timer (referral_id, kind, due_at) VALUES ($4, 'escalate', $6)`;

const app = fastify();
app.post<{ Params: { slug: string }; Body: Post }>("/v1/forums/:slug/referrals", async (request, reply) => {
  const { slug } = request.params;
  const { excerpt, topic } = request.body;
  const id = timeOrdered();
  const now = new Date();
  const routing = {
    rule: 3,
    version: 1,
    because: "Because the floor says so.",
    guessed: false,
    inputs: { forum: slug },
  };
  const reference = `FP-${randomBytes(5).toString("hex").toUpperCase()}`;
  const answer = JSON.stringify({
    reference,
    state: "offered",
    version: 1,
    post: request.body,
    routing,
    at: now,
  });
  await pool.query({
    name: "intake",
    text,
    values: [
      `intake:${slug}`,
      String(request.headers["webhook-id"]),
      randomBytes(32),
      id,
      Buffer.from(answer),
      now,
      randomBytes(60),
      reference,
      slug,
      "example-universal-credit",
      Buffer.from(excerpt),
      topic ?? null,
      JSON.stringify(routing),
      timeOrdered(),
    ],
  });
  return reply.code(201).type("application/json").send(answer);
});

/** A version 7 UUID, so that the floor's indexes grow at one end as the product's do. */
function timeOrdered(): string {
  const time = Date.now().toString(16).padStart(12, "0");
  return `${time.slice(0, 8)}-${time.slice(8)}-7${randomUUID().slice(15)}`;
}

const address = await app.listen({ host: "127.0.0.1", port: 0 });
process.stdout.write(`${JSON.stringify({ address })}\n`);
process.stdin.on("end", () => process.exit(0)).resume();
