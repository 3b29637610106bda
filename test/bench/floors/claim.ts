import { fastify } from "fastify";
import pg from "pg";

/**
 * The floor of claiming: bare Fastify and `pg`, and for each claim one prepared statement that takes the referral if it is
 * still offered and writes its event. It asks nobody who they are and tells the loser nothing but that it lost.
 */
const { databaseUrl } = JSON.parse(process.argv[2] ?? "{}") as { databaseUrl: string };
const pool = new pg.Pool({ connectionString: databaseUrl, max: 32 });

const text = `
  WITH won AS (
    UPDATE referral SET state = 'claimed', owner_id = $2, claimed_at = $3, first_claimed_at = $3, state_since = $3,
           version = version + 1
     WHERE reference = $1 AND state = 'offered' RETURNING id, version, pool_slug
  )
  INSERT INTO event (referral_id, seq, type, at, actor_role, actor_id, state_from, state_to, pool_slug, data, chain)
  SELECT id, version, 'referral.claimed', $3, 'advisor', $2, 'offered', 'claimed', pool_slug, '{}', 'dwp' FROM won`;

const app = fastify();
app.post<{ Params: { ref: string } }>("/v1/referrals/:ref/claim", async (request, reply) => {
  const { ref } = request.params;
  const owner = String(request.headers.authorization).slice(-8);
  const { rowCount } = await pool.query({ name: "claim", text, values: [ref, owner, new Date()] });
  return reply.code(rowCount === 1 ? 200 : 409).send({ reference: ref, state: "claimed" });
});

const address = await app.listen({ host: "127.0.0.1", port: 0 });
process.stdout.write(`${JSON.stringify({ address })}\n`);
process.stdin.on("end", () => process.exit(0)).resume();
