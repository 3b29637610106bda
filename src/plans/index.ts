export { todayOf } from "./change-plan.ts";
export { type Compared, comparePlans } from "./compare.ts";
export { answerConsultation, decideResponse, liftObjection, openConsultation } from "./consult.ts";
export { plansFromCsv, plansToCsv } from "./csv.ts";
export { Decision, decisions, PlanDocument, ReportDocument } from "./document.ts";
export { draftPlan, editDraft } from "./draft-plan.ts";
export { exportPlans, importPlans } from "./import-plans.ts";
export { publishPlan, withdrawPlan } from "./publish-plan.ts";
export { publishReport, reportFigures } from "./publish-report.ts";
export { RecordFile } from "./record-file.ts";
export {
  type DepartmentRecord,
  listRecords,
  listVersions,
  type PlanView,
  planHistory,
  progressOf,
  showDraft,
  showPlan,
  showRecord,
  summaryOf,
} from "./show-plans.ts";
export { listLatestReports, listReports, type ReportView, showReport } from "./show-reports.ts";
