import { z } from "zod";
import type { Deps } from "../deps.ts";
import { type Api, actorOf } from "../http/api.ts";
import { EventsQuery, listEvents } from "./list-events.ts";

const Line = z.looseObject({
  id: z.string(),
  chain: z.string(),
  position: z.int(),
  type: z.string(),
  at: z.string(),
  hash: z.string(),
});
const Page = z.object({ items: z.array(Line), after: z.string(), nextCursor: z.string().nullable() });

/** The audit, for auditors and administrators. */
export function auditRoutes(api: Api, deps: Deps): void {
  api.get(
    "/v1/events",
    {
      config: { access: ["admin", "person"] },
      schema: {
        tags: ["audit"],
        summary: "The audit after an event you already have, oldest first",
        querystring: EventsQuery,
        response: { 200: Page },
      },
    },
    async (request) => listEvents(deps, request.query, actorOf(request)),
  );
}
