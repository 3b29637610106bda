/** What other rooms may use: wording that may mean danger, and whom to call. */

export {
  type Advice,
  type AdviceQuestion,
  adviceFor,
  CrisisContacts,
  parseCrisisContacts,
  staleContacts,
} from "./crisis-contacts.ts";
export { crisisContacts } from "./default-contacts.ts";
export { findSafetyWording, type SafetyFinding } from "./find-safety-wording.ts";
export type { Concern, WordingList } from "./wording/list.ts";
