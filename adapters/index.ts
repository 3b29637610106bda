import type { AdapterLibrary } from "../src/contract/adapter.ts";

/** Every adapter there is, by name: a new one is a folder and a line here. */
export const adapters: AdapterLibrary = {
  desk: () => import("./desk/index.ts"),
  discord: () => import("./discord/index.ts"),
  email: () => import("./email/index.ts"),
  slack: () => import("./slack/index.ts"),
  webhook: () => import("./webhook/index.ts"),
};
