import type pg from "pg";
import { adminRole } from "./place.ts";

/**
 * The lock that a live Fingerpost server holds in its cluster, as long as its connection lives. The number is the product's
 * own ("fing" in ASCII) and means nothing else.
 */
const serverLock = 0x66696e67;

const serverName = "fingerpost server";
const commandName = "fingerpost command";

export type Role = "server" | "command";

/** The name a connection goes by in the cluster, so that a refusal can say who holds the lock. */
export function applicationName(role: Role): string {
  return `${role === "server" ? serverName : commandName} ${process.pid}`;
}

/** Takes the lock for this connection if nobody has it. */
export async function takeServerLock(admin: pg.Client): Promise<boolean> {
  const { rows } = await admin.query("SELECT pg_try_advisory_lock($1) AS taken", [serverLock]);
  return rows[0].taken === true;
}

/** The process number of the live server that holds the lock; undefined when none, or a command that is about to leave. */
export async function serverHoldingLock(admin: pg.Client): Promise<number | undefined> {
  const { rows } = await admin.query(
    `SELECT activity.application_name AS name
       FROM pg_locks AS locks JOIN pg_stat_activity AS activity ON activity.pid = locks.pid
      WHERE locks.locktype = 'advisory' AND locks.granted AND locks.classid = 0 AND locks.objid = $1`,
    [serverLock],
  );
  const name: string = rows[0]?.name ?? "";
  return name.startsWith(serverName) ? Number(name.slice(serverName.length)) : undefined;
}

/** Whether another Fingerpost process uses the cluster: each keeps an administrator's connection while it does. */
export async function hasOtherClients(admin: pg.Client): Promise<boolean> {
  const { rows } = await admin.query(
    `SELECT count(*)::int AS others FROM pg_stat_activity
      WHERE backend_type = 'client backend' AND usename = $1 AND pid <> pg_backend_pid()`,
    [adminRole],
  );
  return rows[0].others > 0;
}
