import { readFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "./db/index.ts";

/** The release this is, as `package.json` says. */
export const version: string = JSON.parse(readFileSync(join(packageRoot(), "package.json"), "utf8")).version;
