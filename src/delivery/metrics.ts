import { Counter, Gauge, type Registry } from "prom-client";
import type { DeliveryMetrics } from "./delivery.ts";

/** The outbox's counts and gauges in a registry. Labels are adapters and outcomes, never forums, pools or people. */
export function createDeliveryMetrics(metrics: Registry): DeliveryMetrics {
  const registers = [metrics];
  const settled = new Counter({
    name: "fingerpost_deliveries_settled_total",
    help: "Deliveries that ended, by how",
    labelNames: ["adapter", "outcome"],
    registers,
  });
  const retried = new Counter({
    name: "fingerpost_deliveries_retried_total",
    help: "Attempts that failed and will be made again",
    labelNames: ["adapter"],
    registers,
  });
  const unknown = new Counter({
    name: "fingerpost_deliveries_unknown_total",
    help: "Attempts whose fate was not known",
    labelNames: ["adapter"],
    registers,
  });
  const waiting = new Gauge({
    name: "fingerpost_deliveries_waiting",
    help: "Deliveries that have not ended",
    registers,
  });
  const oldest = new Gauge({
    name: "fingerpost_deliveries_oldest_age_seconds",
    help: "Age of the oldest delivery that has not ended",
    registers,
  });
  const alarms = new Gauge({
    name: "fingerpost_delivery_alarms",
    help: "Destinations that nothing has reached for an hour or more",
    registers,
  });
  return {
    settled: (adapter, outcome) => settled.inc({ adapter, outcome }),
    retried: (adapter) => retried.inc({ adapter }),
    unknown: (adapter) => unknown.inc({ adapter }),
    alarms: (open) => alarms.set(open),
    waiting: (count, oldestAgeMs) => {
      waiting.set(count);
      oldest.set(oldestAgeMs / 1000);
    },
  };
}
