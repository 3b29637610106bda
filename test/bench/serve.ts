import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
import { readConfig } from "../../src/config.ts";
import { packageRoot } from "../../src/db/package-root.ts";
import { createLogger } from "../../src/http/logger.ts";
import { adminKey, type OursOptions } from "./servers.ts";

/** A whole instance as a process of its own, from what was built: `serve.ts OPTIONS`, with the options as JSON. */
const { databaseUrl, background = false, env } = JSON.parse(process.argv[2] ?? "{}") as OursOptions;
const built = path.join(packageRoot(), "dist", "src", "main.js");
if (!existsSync(built)) throw new Error("Nothing is built yet: npm run build.");
const { startInstance } = (await import(pathToFileURL(built).href)) as typeof import("../../src/main.ts");

const instance = await startInstance({
  config: readConfig({
    DATABASE_URL: databaseUrl,
    PORT: "0",
    LOG_LEVEL: "error",
    NODE_ENV: "test",
    ADMIN_API_KEY: adminKey,
    ENCRYPTION_KEY: randomBytes(32).toString("hex"),
    EGRESS_ALLOW_PRIVATE: "1",
    ...env,
  }),
  logger: createLogger("error", process.stderr),
  background,
});
const say = (fields: object) => process.stdout.write(`${JSON.stringify(fields)}\n`);
say({ address: instance.address });

for await (const line of createInterface(process.stdin)) {
  if (line === "turn") await instance.turnClock();
  say({ done: line });
}
await instance.stop();
process.exit(0);
