import { z } from "zod";
import { commands } from "./manifest.ts";
import type { Call } from "./rest.ts";

const Application = z.object({ id: z.string() });

/** The application that a token belongs to. */
export async function applicationOf(call: Call): Promise<string> {
  return Application.parse(await call({ method: "GET", path: "/applications/@me" })).id;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Whether Discord has all that we say of a command; what it adds by itself means nothing. */
function holds(ours: unknown, theirs: unknown): boolean {
  if (Array.isArray(ours))
    return (
      Array.isArray(theirs) && ours.length === theirs.length && ours.every((one, i) => holds(one, theirs[i]))
    );
  if (!isObject(ours)) return ours === theirs || (ours === false && theirs === undefined);
  return isObject(theirs) && Object.entries(ours).every(([key, value]) => holds(value, theirs[key]));
}

const keyOf = (command: unknown): string =>
  isObject(command) ? `${String(command.type ?? 1)} ${String(command.name)}` : "";

/** Whether Discord's commands are ours, each as we have it. */
export function areOurs(theirs: unknown): boolean {
  if (!Array.isArray(theirs) || theirs.length !== commands.length) return false;
  return commands.every((ours) => theirs.some((one) => keyOf(one) === keyOf(ours) && holds(ours, one)));
}

/** Puts our commands in Discord, for every server, where they differ. Says whether they did. */
export async function putCommands(call: Call, application: string): Promise<"put" | "same"> {
  const path = `/applications/${application}/commands` as const;
  if (areOurs(await call({ method: "GET", path }))) return "same";
  await call({ method: "PUT", path, body: commands });
  return "put";
}
