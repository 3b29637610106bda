import type { Command } from "commander";
import type { Context } from "./context.ts";
import { addForumVerbs } from "./forum-verbs.ts";
import { addKeyVerbs } from "./key-verbs.ts";
import { addRegisterVerbs } from "./register-verbs.ts";
import { addServerVerbs } from "./server-verbs.ts";

/** Every verb of `fingerpost`, group by group. */
export function addVerbs(program: Command, context: Context): void {
  addServerVerbs(program, context);
  addRegisterVerbs(program, context);
  addKeyVerbs(program, context);
  addForumVerbs(program, context);
}
