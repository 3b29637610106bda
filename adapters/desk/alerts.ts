import { z } from "zod";
import type { AdapterDeps, Capabilities, Delivery, Memory, Sent } from "../../src/contract/adapter.ts";
import type { AlertMessage } from "../../src/contract/notice.ts";

export const capabilities: Capabilities = {
  // A card or a line of a thread needs no place here: the desk shows the referral itself, as it stands.
  notices: ["alert"],
  textLength: 300,
  // An alert is kept under its delivery's id.
  dedupes: true,
};

const Alert = z.object({
  id: z.string(),
  alert: z.string(),
  text: z.string(),
  reference: z.string().nullable(),
  at: z.string(),
  dueAt: z.string().nullable(),
  to: z.array(z.string()),
});
export type Alert = z.infer<typeof Alert>;

const Kept = z.array(Alert);
const names = ["safeguarding", "triage", "administrator"] as const;
const mostKept = 10;
const mostPeople = 10;
const keptMs = 14 * 24 * 3_600_000;
const holdMs = 5_000;
/** A value of the memory is at most 4 kB of JSON. */
const mostBytes = 4_000;

const keyOf = (name: string): string => `alerts:${name}`;

/** The alerts that are kept for a name, oldest first; what another version wrote is none. */
async function read(memory: Pick<Memory, "get">, name: string): Promise<Alert[]> {
  return Kept.catch([]).parse(await memory.get(keyOf(name)));
}

/** Every alert that calls one of these handles, or anybody where `all` is set; the newest first. */
export async function alertsFor(
  memory: Pick<Memory, "get">,
  who: { handles: readonly string[]; all: boolean },
): Promise<Alert[]> {
  const kept = await Promise.all(names.map((name) => read(memory, name)));
  return kept
    .flat()
    .filter(({ to }) => who.all || to.some((id) => who.handles.includes(id)))
    .sort((a, b) => b.at.localeCompare(a.at));
}

function alertOf(id: string, data: AlertMessage["data"], createdAt: Date): Alert {
  return {
    id,
    alert: data.alert,
    text: data.text,
    reference: data.reference,
    at: createdAt.toISOString(),
    dueAt: data.dueAt,
    to: data.to.slice(0, mostPeople).map((person) => person.id),
  };
}

/** As many of the newest as fit. */
function fitting(alerts: readonly Alert[]): Alert[] {
  const newest = alerts.slice(-mostKept);
  while (newest.length > 1 && Buffer.byteLength(JSON.stringify(newest)) > mostBytes) newest.shift();
  return newest;
}

/**
 * Keeps an alert where the desk finds it. One at a time for each name, on every instance, so that none is lost; an alert
 * that has to wait for another is tried again.
 */
export function createAlerts({ memory }: Pick<AdapterDeps, "memory">) {
  let last: Promise<unknown> = Promise.resolve();

  async function keep({ id, notice, createdAt }: Delivery): Promise<Sent> {
    if (notice.type !== "alert") return { outcome: "refused", reason: "not-for-the-desk" };
    const key = keyOf(notice.data.alert);
    if (!(await memory.lease(key, holdMs))) return { outcome: "retry", reason: "busy", afterMs: 1_000 };
    const kept = await read(memory, notice.data.alert);
    if (kept.some((alert) => alert.id === id)) return { outcome: "delivered" };
    await memory.set(key, fitting([...kept, alertOf(id, notice.data, createdAt)]), { ttlMs: keptMs });
    return { outcome: "delivered" };
  }

  return async (delivery: Delivery, signal: AbortSignal): Promise<Sent> => {
    const ended = new Promise<Sent>((resolve) => {
      signal.addEventListener("abort", () => resolve({ outcome: "unknown", reason: "aborted" }), {
        once: true,
      });
    });
    const keeping = last
      .then(() => keep(delivery))
      .catch((): Sent => ({ outcome: "unknown", reason: "memory-failed" }));
    last = Promise.race([keeping, ended]);
    return Promise.race([keeping, ended]);
  };
}
