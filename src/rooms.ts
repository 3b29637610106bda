import { accessRoutes } from "./access/routes.ts";
import type { AppDeps } from "./app.ts";

/** The routes of every room, one line each: what is not listed here is not served. */
export const rooms: AppDeps["routes"] = [accessRoutes];
