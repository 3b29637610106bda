import { randomBytes } from "node:crypto";
import type { TestProject } from "vitest/node";
import { startThrowawayCluster } from "../../src/db/embedded/throwaway.ts";
import { applyMigrations } from "../../src/db/migrate.ts";
import { runOnServer, urlFor } from "./server.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** A role on the test server that may make and drop databases. */
    databaseAdminUrl: string;
    /** The role that tests work as: with the embedded server no superuser, as in production. */
    databaseRole: string;
    /** The migrated database that each test file clones. */
    databaseTemplate: string;
  }
}

/**
 * One PostgreSQL for the whole run: the embedded one in a private folder, or the server that TEST_DATABASE_URL names, whose
 * role must be allowed to make databases. Runs beside each other do not meet.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env.TEST_DATABASE_URL;
  const cluster = given ? undefined : await startThrowawayCluster({ max_connections: "200" });
  const adminUrl = cluster?.adminUrl ?? given ?? "";
  const role = new URL(cluster?.url ?? adminUrl).username;
  const template = `fp_template_${randomBytes(6).toString("hex")}`;
  const close = async () => {
    if (cluster === undefined)
      await runOnServer(adminUrl, `DROP DATABASE IF EXISTS ${template} WITH (FORCE)`);
    await cluster?.close();
  };
  try {
    await runOnServer(adminUrl, `CREATE DATABASE ${template} OWNER ${role}`);
    await applyMigrations({ url: urlFor(adminUrl, template, role) });
  } catch (error) {
    await close();
    throw error;
  }
  project.provide("databaseAdminUrl", adminUrl);
  project.provide("databaseRole", role);
  project.provide("databaseTemplate", template);
  return close;
}
