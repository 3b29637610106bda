import type { Actor } from "../contract/actor.ts";
import { holdsRole, type Register } from "../register/model.ts";

/** Whether somebody keeps this department's plan, reports and clinics: its engagement lead, or an administrator. */
export function keepsRecord(register: Register, actor: Actor, department: string): boolean {
  if (actor.kind === "admin") return true;
  return actor.kind === "person" && holdsRole(register, actor.id, "engagement", department);
}
