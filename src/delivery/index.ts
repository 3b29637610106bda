export type {
  DeliveryRow,
  NoticeBuilder,
  Settlers,
} from "./delivery.ts";
export { cancelDelivery, deliveriesOf, enqueueDelivery, newDelivery } from "./enqueue-delivery.ts";
export { listDeliveries } from "./list-deliveries.ts";
export { createMemory } from "./memory.ts";
export { blockedUntil } from "./model.ts";
export { newId } from "./new-id.ts";
export { destinationsFor } from "./plan-notices.ts";
export { replayDelivery } from "./replay-delivery.ts";
export { releaseAllLeases } from "./store/claims.ts";
export { createDeliveryWorker, type DeliveryWorker, type DeliveryWorkerOptions } from "./worker.ts";
