export {
  createDatabase,
  type Database,
  runStatement,
  type Statement,
  type Tx,
} from "./client.ts";
export {
  type Clock,
  createDatabaseClock,
  createManualClock,
  type DatabaseClock,
  type ManualClock,
} from "./clock.ts";
export { startThrowawayCluster, type ThrowawayCluster } from "./embedded/throwaway.ts";
export { isCheckViolation, isDuplicate, isUnavailable } from "./errors.ts";
export { Prisma } from "./generated/client.ts";
export { applyMigrations, MigrationRefused, pendingMigrations } from "./migrate.ts";
export { type OpenDatabaseOptions, type OpenedDatabase, openDatabase } from "./open.ts";
export { migrationsFolder, packageRoot } from "./package-root.ts";
