import { listSessions, type SessionView } from "../clinics/index.ts";
import { directoryOf } from "../forums/index.ts";
import { listLatestReports, listRecords, listVersions } from "../plans/index.ts";
import { dayOf, isFew } from "../stats/index.ts";
import { count, type Dataset, day, isSo, moment, text } from "./dataset.ts";

/** The day in which something happened in London, as the pages have it. */
const dayIn = (time: string | null): string | null => (time === null ? null : dayOf(new Date(time)));

/** Every version of every plan that the public may see, and each department that has none. */
export const plans: Dataset = {
  name: "plans",
  title: { en: "Engagement plans", cy: "Cynlluniau ymgysylltu" },
  says: {
    en: "Every version of the departments’ engagement plans that was consulted on or published. A department without one has a row without a version.",
    cy: "Pob fersiwn o gynlluniau ymgysylltu’r adrannau y bu ymgynghori arni neu a gyhoeddwyd. Mae gan adran heb un res heb fersiwn.",
  },
  isOfRegister: false,
  key: ["department", "version"],
  columns: [
    text("department", "Slug of the department"),
    { ...count("version", "Version of its plan; empty where it has none"), mayBeEmpty: true },
    text("status", "in_consultation, published, superseded or withdrawn; empty where there is no plan"),
    text("title", "Title"),
    text("language", "Language it is written in: en or cy"),
    day("effective_from", "Day from which it applies"),
    day("review_due", "Day by which it is to be reviewed"),
    isSo("overdue", "Whether that day has passed for the plan in force"),
    day("published_on", "Day on which it was published"),
    day("ended_on", "Day on which it was superseded or withdrawn"),
    text("because", "Why it was withdrawn"),
  ],
  rows: async (deps) => {
    const versions = await listVersions(deps);
    return (await listRecords(deps)).flatMap(({ department: { slug } }) => {
      const own = versions.get(slug) ?? [];
      if (own.length === 0) return [[slug, null, null, null, null, null, null, "false", null, null, null]];
      return own.map((one) => [
        slug,
        one.version,
        one.status,
        one.title,
        one.language,
        one.effectiveFrom,
        one.reviewDue,
        String(one.overdue),
        dayIn(one.publishedAt),
        dayIn(one.endedAt),
        one.because,
      ]);
    });
  },
};

const figures = ["received", "answered", "helped", "open", "clinicsPlanned", "clinicsHeld"] as const;

/** The reports of every department by period, and each department that has none. */
export const progress: Dataset = {
  name: "progress",
  title: { en: "Progress reports", cy: "Adroddiadau cynnydd" },
  says: {
    en: "The departments’ progress reports by period, as last corrected, and when the next is due. A department without one has a row without a period. Counts of referrals are as they were published with the statistics of the quarters that the period is made of; clinics, and all figures of a report from elsewhere, are as they were when the report was published.",
    cy: "Adroddiadau cynnydd yr adrannau yn ôl cyfnod, fel y’u cywirwyd ddiwethaf, a phryd y disgwylir y nesaf. Mae gan adran heb un res heb gyfnod. Mae niferoedd y cwestiynau fel y’u cyhoeddwyd gydag ystadegau’r chwarteri sy’n ffurfio’r cyfnod; mae’r clinigau, a holl ffigurau adroddiad o rywle arall, fel yr oeddent pan gyhoeddwyd yr adroddiad.",
  },
  isOfRegister: false,
  key: ["department", "period"],
  columns: [
    text("department", "Slug of the department"),
    { ...text("period", "Name of the period; empty where there is no report"), mayBeEmpty: true },
    day("from", "First day of the period"),
    day("to", "Last day of the period"),
    count("revision", "1, or more where it was corrected"),
    count("plan_version", "Version of the plan that it reports on"),
    day("published_on", "Day on which this revision was published"),
    count("commitments_met", "Commitments of the plan that were met"),
    count("commitments_partly", "Those that were met in part"),
    count("commitments_not", "Those that were not met"),
    count("received", "Referrals submitted; empty where withheld or not counted"),
    count("answered", "Those with a reply; empty where withheld or not counted"),
    count(
      "helped",
      "Those of which the member or a moderator said that it helped; empty where withheld or not counted",
    ),
    count(
      "open",
      "Those that were still open as of the same statistics; empty where withheld or not counted",
    ),
    count("clinics_planned", "Sessions of clinics that were planned"),
    count("clinics_held", "Those that were held"),
    day("report_due", "Day by which the department’s next report is due; empty without a plan in force"),
    isSo("overdue", "Whether that day has passed"),
  ],
  rows: async (deps) => {
    const reports = await listLatestReports(deps);
    return (await listRecords(deps)).flatMap(({ department: { slug }, reportDue }) => {
      const due = [reportDue?.on ?? null, String(reportDue?.overdue ?? false)];
      const own = reports.get(slug) ?? [];
      if (own.length === 0) return [[slug, ...Array<null>(15).fill(null), ...due]];
      return own.map(({ document, ...report }) => [
        slug,
        report.period,
        document.from,
        document.to,
        report.revision,
        report.plan,
        dayOf(report.publishedAt),
        ...(["met", "partly", "not"] as const).map(
          (verdict) => document.commitments.filter((one) => one.verdict === verdict).length,
        ),
        ...figures.map((name) => report.figures[name]),
        ...due,
      ]);
    });
  },
};

/** How many questions a session answered: public with its summary, and withheld as the public figures are. */
const answeredIn = ({ state, answered }: SessionView): number | null =>
  state !== "finished" || answered === null || isFew(answered) ? null : answered;

/** The sessions of clinics on listed forums: those to come within three months, and those that were held. */
export const clinics: Dataset = {
  name: "clinics",
  title: { en: "Clinics", cy: "Clinigau" },
  says: {
    en: "Sessions of clinics: those to come within three months, and those that were held, with how many questions were answered. Numbers from 1 to 9 are withheld. Clinics on forums that are not listed are left out. Times are in UTC.",
    cy: "Sesiynau clinigau: y rhai sydd i ddod o fewn tri mis, a’r rhai a gynhaliwyd, gyda faint o gwestiynau a atebwyd. Cedwir rhifau o 1 i 9 yn ôl. Ni chynhwysir clinigau ar fforymau nad ydynt wedi’u rhestru. Mae’r amserau yn UTC.",
  },
  isOfRegister: false,
  key: ["clinic", "starts_at"],
  columns: [
    text("clinic", "Slug of the clinic"),
    moment("starts_at", "When the session begins"),
    moment("ends_at", "When it ends"),
    text("title", "Title of the clinic"),
    text("department", "Slug of the department that holds it"),
    text("forum", "Slug of the forum on which it is held"),
    text("state", "planned, open, finished or cancelled"),
    moment("questions_from", "From when questions are taken"),
    count(
      "answered",
      "Questions that were answered; empty where that is 1 to 9, and until the session is finished and its summary published",
    ),
  ],
  rows: async (deps) => {
    const { bySlug } = directoryOf(await deps.register(deps.db));
    // A forum that is not listed any more is named nowhere.
    const shown = (await listSessions(deps)).filter(({ forum }) => bySlug.has(forum.slug));
    return shown.map((one) => [
      one.clinic,
      one.startsAt,
      one.endsAt,
      one.title,
      one.department.slug,
      one.forum.slug,
      one.state,
      one.questionsFrom,
      answeredIn(one),
    ]);
  },
};
