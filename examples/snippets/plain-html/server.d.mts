import type { Server } from "node:http";
import type { Fingerpost } from "./fingerpost.mjs";

export function createForum(
  options: Fingerpost & {
    show(type: string, data: Record<string, unknown>): Promise<string | undefined> | undefined;
  },
): Server;
