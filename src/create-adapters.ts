import type { Adapter } from "./contract/adapter.ts";
import { createCore } from "./core.ts";
import { createHttpClient } from "./delivery/http-client.ts";
import { createMemory } from "./delivery/index.ts";
import type { Deps } from "./deps.ts";
import { type Parts, settingsOf } from "./open-core.ts";
import { webTools } from "./web/tools.ts";

/** Makes the adapters that the configuration turns on, by name. `instance` names this process in their leases. */
export async function createAdapters(
  { config, library }: Parts,
  deps: Deps,
  instance: string,
): Promise<Map<string, Adapter>> {
  const core = createCore(deps, config.adminApiKey);
  const http = createHttpClient({ allowPrivate: config.egressAllowPrivate });
  const { logger, now } = deps;
  const made = new Map<string, Adapter>();
  for (const [name, load] of Object.entries(library)) {
    const settings = settingsOf(config, name);
    if (settings === null) continue;
    const { createAdapter } = await load();
    const given = {
      core,
      http,
      memory: createMemory(deps, name, instance),
      logger,
      now,
      settings,
      web: webTools,
    };
    const adapter = createAdapter({
      ...given,
      // The address is known when the server listens; what an adapter builds later has it.
      get baseUrl() {
        return deps.baseUrl;
      },
    });
    made.set(name, adapter);
  }
  return made;
}
