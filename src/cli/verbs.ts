import type { Command } from "commander";
import { addAdapterVerbs } from "./adapter-verbs.ts";
import type { Context } from "./context.ts";
import { addDemoVerb } from "./demo-verb.ts";
import { addDirectoryVerbs } from "./directory-verbs.ts";
import { addDoctorVerb } from "./doctor-verb.ts";
import { addExportVerbs } from "./export-verbs.ts";
import { addForumVerbs } from "./forum-verbs.ts";
import { addKeyVerbs } from "./key-verbs.ts";
import { addPrivacyVerbs } from "./privacy-verbs.ts";
import { addRecordVerbs } from "./record-verbs.ts";
import { addReferralVerbs } from "./referral-verbs.ts";
import { addRegisterVerbs } from "./register-verbs.ts";
import { addServerVerbs } from "./server-verbs.ts";
import { addStatsVerbs } from "./stats-verbs.ts";

/** Every verb of `fingerpost`, group by group. */
export function addVerbs(program: Command, context: Context): void {
  program.enablePositionalOptions();
  addServerVerbs(program, context);
  addDemoVerb(program, context);
  addDoctorVerb(program, context);
  addRegisterVerbs(program, context);
  addExportVerbs(program, context);
  addReferralVerbs(program, context);
  addKeyVerbs(program, context);
  addForumVerbs(program, context);
  addDirectoryVerbs(program, context);
  addStatsVerbs(program, context);
  addRecordVerbs(program, context);
  addPrivacyVerbs(program, context);
  addAdapterVerbs(program, context);
}
