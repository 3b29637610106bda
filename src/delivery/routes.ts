import { z } from "zod";
import type { Deps } from "../deps.ts";
import { type Api, actorOf } from "../http/api.ts";
import { onceOf } from "../http/idempotency.ts";
import { changeOnce } from "../idempotency/index.ts";
import type { Settlers } from "./delivery.ts";
import { DeliveriesQuery, DeliveryView, listDeliveries } from "./list-deliveries.ts";
import { replayDelivery } from "./replay-delivery.ts";

const Page = z.object({ items: z.array(DeliveryView), nextCursor: z.string().nullable() });
const Replayed = z.object({ id: z.string(), state: z.string() });

export interface DeliveryRoutesDeps extends Deps {
  /** Hears of what is sent again. */
  settlers: Pick<Settlers, "replayed">;
}

/** The outbox, for administrators. */
export function deliveryRoutes(api: Api, deps: DeliveryRoutesDeps): void {
  const config = { access: ["admin"] as const };
  const tags = ["deliveries"];
  api.get(
    "/v1/deliveries",
    {
      config,
      schema: {
        tags,
        summary: "What is waiting, unknown or parked",
        querystring: DeliveriesQuery,
        response: { 200: Page },
      },
    },
    async (request) => listDeliveries(deps, request.query, actorOf(request)),
  );
  api.post(
    "/v1/deliveries/:id/replay",
    {
      config,
      schema: {
        tags,
        summary: "Send a parked or refused delivery again",
        params: z.object({ id: z.uuid() }),
        body: z.strictObject({}),
        response: { 202: Replayed },
      },
    },
    async (request, reply) => {
      const replayed = await changeOnce(deps, onceOf(request), async (transaction) => {
        const { id, state } = await replayDelivery(
          { ...deps, transaction },
          request.params.id,
          actorOf(request),
        );
        return { id, state };
      });
      // Again, because the first call came before the commit.
      deps.nudge();
      return reply.code(202).send(replayed);
    },
  );
}
