import closeWithGrace from "close-with-grace";
import { adapters } from "../adapters/index.ts";
import { awaitMigrations } from "./await-migrations.ts";
import { type Config, readConfig } from "./config.ts";
import { hasAdminKey, howToGetIn, howToMakeAKey, makeFirstKey } from "./first-start.ts";
import { createLogger } from "./http/logger.ts";
import * as composition from "./instance.ts";
import type * as core from "./open-core.ts";

export type { Instance } from "./instance.ts";
export type { Core, MigrationsPending } from "./open-core.ts";

/** What an instance is built from, the adapters aside: those are known here. */
export type Parts = Omit<core.Parts, "library">;
