import pg from "pg";
import { hasCode } from "./binaries.ts";
import {
  adminRole,
  databaseName,
  foreignCluster,
  ownerRole,
  type Place,
  socketDirectories,
} from "./place.ts";

/** `busy`: a server is there but starting or stopping. `absent`: nothing answers. */
export type Attachment =
  | { state: "attached"; admin: pg.Client; socketDirectory: string }
  | { state: "busy" }
  | { state: "absent" };

/** Connects as administrator to the server that runs on this cluster, if one does. */
export async function attach(place: Place, applicationName: string): Promise<Attachment> {
  for (const socketDirectory of await socketDirectories(place)) {
    const admin = new pg.Client({
      host: socketDirectory,
      user: adminRole,
      database: "postgres",
      application_name: applicationName,
      connectionTimeoutMillis: 3_000,
    });
    // Without a listener a lost connection would end the process; who needs to know adds another.
    admin.on("error", () => {});
    try {
      await admin.connect();
      return { state: "attached", admin, socketDirectory };
    } catch (error) {
      if (isBusy(error)) return { state: "busy" };
      if (hasCode(error, "EACCES")) throw foreignCluster(place);
      if (!isAbsent(error)) throw error;
    }
  }
  return { state: "absent" };
}

/** 57P03 cannot_connect_now: starting, recovering or stopping. A reset is a server that stops this moment. */
function isBusy(error: unknown): boolean {
  return (
    hasCode(error, "57P03") ||
    hasCode(error, "ECONNRESET") ||
    hasCode(error, "EPIPE") ||
    hasCode(error, "57P01") ||
    (error instanceof Error && /terminated|timeout/.test(error.message))
  );
}

function isAbsent(error: unknown): boolean {
  return hasCode(error, "ENOENT") || hasCode(error, "ECONNREFUSED") || hasCode(error, "ENOTDIR");
}

/** Makes the product's role and database where a first start did not come so far. The role is no superuser. */
export async function ensureDatabase(admin: pg.Client): Promise<void> {
  const roles = await admin.query("SELECT 1 FROM pg_roles WHERE rolname = $1", [ownerRole]);
  if (roles.rowCount === 0) await ignoreExisting(admin.query(`CREATE ROLE ${ownerRole} LOGIN`));
  const databases = await admin.query("SELECT 1 FROM pg_database WHERE datname = $1", [databaseName]);
  if (databases.rowCount === 0) {
    await ignoreExisting(admin.query(`CREATE DATABASE ${databaseName} OWNER ${ownerRole}`));
  }
}

/** Two processes may come to the same missing thing at once: the second one's refusal is as good as success. */
async function ignoreExisting(work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    const isMade = ["42710", "42P04", "23505"].some((code) => hasCode(error, code));
    if (!isMade) throw error;
  }
}
