import type { Bench } from "./bench.ts";

/** Every benchmark by the name that `npm run bench NAME` takes; each is loaded when it runs. */
export const benches: Readonly<Record<string, () => Promise<{ bench: Bench }>>> = {
  intake: () => import("./intake.ts"),
  claim: () => import("./claim.ts"),
  delivery: () => import("./delivery.ts"),
  routing: () => import("./routing.ts"),
  statistics: () => import("./statistics.ts"),
  rebuild: () => import("./rebuild.ts"),
  lists: () => import("./lists.ts"),
  pages: () => import("./pages.ts"),
  start: () => import("./start.ts"),
  "slack-ack": () => import("./slack-ack.ts"),
  discord: () => import("./discord.ts"),
};
