import type { AdapterDeps } from "../../src/contract/adapter.ts";
import type { App, WebClient } from "./sdk.ts";

export function createListeners(_parts: { deps: AdapterDeps; client: WebClient }) {
  return (_app: InstanceType<typeof App>): void => {};
}
