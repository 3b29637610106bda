import type { Deps } from "../deps.ts";

export async function sessionsHeld(
  _deps: Pick<Deps, "db">,
  _of: { department: string; from: string; to: string },
): Promise<{ planned: number; held: number }> {
  return { planned: 0, held: 0 };
}
