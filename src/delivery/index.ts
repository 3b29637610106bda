export {
  type DeliveredResult,
  type DeliveryMetrics,
  type DeliveryRow,
  type DestinationAlarm,
  type NoticeBuilder,
  type Settlers,
  type StoredDelivery,
  silentMetrics,
} from "./delivery.ts";
export { cancelDelivery, deliveriesOf, type Enqueued, enqueueDelivery } from "./enqueue-delivery.ts";
export { type DeliveryView, listDeliveries } from "./list-deliveries.ts";
export { createMemory } from "./memory.ts";
export { newId } from "./new-id.ts";
export { type Audience, type Destination, destinationsFor } from "./plan-notices.ts";
export { replayDelivery } from "./replay-delivery.ts";
export { releaseAllLeases } from "./store/claims.ts";
export { createDeliveryWorker, type DeliveryWorker, type DeliveryWorkerOptions } from "./worker.ts";
