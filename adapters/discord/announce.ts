import type { Delivery, Found, Sent } from "../../src/contract/adapter.ts";
import type { ClinicMessage } from "../../src/contract/notice.ts";
import type { Desk } from "./desk.ts";
import { lookUp, type Place } from "./look-up.ts";
import { postParts, targetOf } from "./places.ts";
import { renderClinic } from "./render.ts";
import { asUnknown, readFailure } from "./rest.ts";

type Data = ClinicMessage["data"];

/** Says where a clinic happens what there is to say of its session: in the channel or under the message of its link. */
export async function announce(
  desk: Desk,
  delivery: Delivery,
  data: Data,
  signal: AbortSignal,
): Promise<Sent> {
  const target = await targetOf(desk, delivery, data.thread ?? null, signal);
  if ("outcome" in target) return target;
  const posted = await postParts(desk, delivery, renderClinic(delivery, data), target, { signal });
  return "outcome" in posted ? posted : told(target.guild, posted);
}

const told = (guild: string | null, [first]: readonly Place[]) =>
  ({
    outcome: "delivered",
    ...(first && guild !== null
      ? { url: `https://discord.com/channels/${guild}/${first.channel}/${first.message}` }
      : {}),
  }) as const;

/** Looks an announcement up by its mark where it would stand. */
export async function findAnnounced(
  desk: Desk,
  delivery: Delivery,
  data: Data,
  signal: AbortSignal,
): Promise<Found> {
  const target = await targetOf(desk, delivery, data.thread ?? null, signal);
  if ("outcome" in target) return { outcome: "absent" };
  try {
    const wanted = renderClinic(delivery, data).map((_, i) => i);
    const found = await lookUp(desk, delivery, { channels: target.channels, wanted }, signal);
    const places = wanted.map((i) => found.get(i));
    const there = places.filter((place) => place !== undefined);
    return there.length === places.length ? told(target.guild, there) : { outcome: "absent" };
  } catch (error) {
    return asUnknown(readFailure(error));
  }
}
