import type { AdapterCommand, AdapterFactory, Capabilities, CommandTools } from "../src/contract/adapter.ts";

/** What the folder of an adapter offers. Nothing of its SDK is loaded before the adapter is on. */
export interface AdapterModule {
  createAdapter: AdapterFactory;
  capabilities: Capabilities;
  /** Verbs for the command line that need no running server: `fingerpost <adapter> <name>`. */
  createCommands?(tools: CommandTools): readonly AdapterCommand[];
}

/** Every adapter there is, by name: a new one is a folder and a line here. */
export const adapters: Readonly<Record<string, () => Promise<AdapterModule>>> = {
  desk: () => import("./desk/index.ts"),
  discord: () => import("./discord/index.ts"),
  email: () => import("./email/index.ts"),
  slack: () => import("./slack/index.ts"),
  webhook: () => import("./webhook/index.ts"),
};
