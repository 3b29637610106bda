import { z } from "zod";
import { Language, Nation, Urgency } from "../contract/vocabulary.ts";
import { listOf, Name, ShortText, Slug } from "./fields.ts";

/** What a rule looks at: every part that is named must hold, and a part holds when one of its values does. */
export const RuleWhen = z.strictObject({
  forum: listOf(Slug, 500).optional(),
  board: listOf(Name, 500).optional(),
  topic: listOf(Slug, 500).optional(),
  words: listOf(Name, 500).optional(),
  nation: listOf(Nation, 4).optional(),
  area: listOf(Name, 500).optional(),
  audience: listOf(Name, 100).optional(),
  language: listOf(Language, 2).optional(),
  urgency: listOf(Urgency, 3).optional(),
  flag: listOf(Name, 100).optional(),
  clinic: listOf(Slug, 100).optional(),
});
export type RuleWhen = z.infer<typeof RuleWhen>;

/** One rule of routing. `to` is a pool or `triage`; `because` is a sentence that a moderator can read. */
export const RuleEntry = z.strictObject({
  when: RuleWhen.optional(),
  to: Slug,
  because: ShortText.optional(),
});
export type RuleEntry = z.infer<typeof RuleEntry>;
