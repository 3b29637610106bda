export { askQuestion } from "./ask-question.ts";
export { createClinicNotice } from "./build-clinic-notice.ts";
export { ClinicFile, clinicsFromCsv, clinicsToCsv } from "./clinic-file.ts";
export { mayWork } from "./clinic-turn.ts";
export { ClinicDocument, Summary } from "./document.ts";
export { finishSession, isOpenable, moveQuestion, openSession } from "./hold-session.ts";
export { exportClinics, importClinics } from "./import-clinics.ts";
export { listSessions } from "./list-sessions.ts";
export {
  forgetMemberQuestions,
  type OwnQuestion,
  showOwnQuestion,
  withdrawQuestion,
} from "./own-question.ts";
export { cancelClinic, planClinic } from "./plan-clinic.ts";
export { askInPublic } from "./public-questions.ts";
export { nextOccurrence } from "./recurrence.ts";
export { showCalendar } from "./show-calendar.ts";
export {
  type ClinicView,
  clinicHistory,
  listClinics,
  type QueueEntry,
  type SessionView,
  sessionsHeld,
  sessionsIn,
  showClinic,
  showQueue,
  showWholeClinic,
} from "./show-clinics.ts";
export { turnClinics } from "./turn-clinics.ts";
