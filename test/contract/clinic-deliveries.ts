import type { Delivery } from "../../src/contract/adapter.ts";
import type { ClinicMessage } from "../../src/contract/notice.ts";
import { noticeOf } from "./notices.ts";

/** Makes deliveries about a clinic to one place, each with an id of its own. */
export function createClinicDeliveries(place: {
  destination: string;
  address: Delivery["address"];
  now: () => Date;
}) {
  let made = 0;
  return (change: Partial<ClinicMessage["data"]>): Delivery => {
    made += 1;
    const notice = noticeOf("clinic") as ClinicMessage;
    return {
      id: `019a0000-0000-7000-8000-${String(made).padStart(12, "0")}`,
      attempt: 1,
      uncertain: false,
      destination: place.destination,
      address: place.address,
      notice: { ...notice, data: { ...notice.data, ...change } },
      remembered: undefined,
      createdAt: place.now(),
    };
  };
}
