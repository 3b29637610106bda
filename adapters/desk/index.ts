import type { Adapter, AdapterDeps } from "../../src/contract/adapter.ts";
import { capabilities, createAlerts } from "./alerts.ts";
import { createInbound } from "./inbound.ts";

export { capabilities };

/** An advisor's whole day in a browser, for a department without Slack. Always on; it has no variables. */
export function createAdapter(deps: AdapterDeps): Adapter {
  const { core, memory, now, web } = deps;
  return {
    name: "desk",
    capabilities,
    deliver: createAlerts(deps),
    ...(web === undefined ? {} : { inbound: createInbound({ core, memory, now: () => now(), web }) }),
  };
}
