import { accessRoutes } from "./access/routes.ts";
import type { AppDeps } from "./app.ts";
import { auditRoutes } from "./audit/routes.ts";
import { clinicRoutes } from "./clinics/routes.ts";
import { deliveryRoutes } from "./delivery/routes.ts";
import { forumRoutes } from "./forums/routes.ts";
import { directoryFileRoutes } from "./forums/routes-directory.ts";
import { proposalRoutes } from "./forums/routes-proposals.ts";
import { openDataRoutes } from "./opendata/routes.ts";
import { planRoutes } from "./plans/routes.ts";
import { referralRoutes } from "./referrals/routes.ts";
import { registerRoutes } from "./register/routes.ts";
import { statsRoutes } from "./stats/routes.ts";
import { webRoutes } from "./web/routes.ts";

/** The routes of every room, one line each: what is not listed here is not served. */
export const rooms: AppDeps["routes"] = [
  registerRoutes,
  accessRoutes,
  forumRoutes,
  proposalRoutes,
  directoryFileRoutes,
  referralRoutes,
  deliveryRoutes,
  statsRoutes,
  planRoutes,
  clinicRoutes,
  auditRoutes,
  openDataRoutes,
  webRoutes,
];
