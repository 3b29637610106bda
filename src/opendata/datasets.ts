import {
  type Audience,
  audiences,
  audienceVersion,
  directoryColumns,
  directoryOf,
  directoryRow,
  listDecisions,
} from "../forums/index.ts";
import { listPublished, publicDimensions } from "../stats/index.ts";
import { address, count, type Dataset, day, list, listSeparator, text } from "./dataset.ts";
import { clinics, plans, progress } from "./record-datasets.ts";

const forums: Dataset = {
  name: "forums",
  title: { en: "Directory of forums", cy: "Cyfeiriadur fforymau" },
  says: {
    en: "Every listed forum: who runs it, who it is for, what was agreed with it, and when it was last checked.",
    cy: "Pob fforwm a restrir: pwy sy’n ei redeg, ar gyfer pwy y mae, beth a gytunwyd ag ef, a phryd y’i gwiriwyd ddiwethaf.",
  },
  isOfRegister: true,
  key: ["slug"],
  columns: directoryColumns.map(({ name, datatype, says, isList }) => ({
    name,
    datatype,
    says,
    ...(isList ? { separator: listSeparator } : {}),
  })),
  rows: async (deps) => directoryOf(await deps.register(deps.db)).entries.map(directoryRow),
};

const reach: Dataset = {
  name: "reach",
  title: { en: "Reach of forums", cy: "Cyrhaeddiad fforymau" },
  says: {
    en: "How many each forum reaches, with the day and the source of every number.",
    cy: "Faint y mae pob fforwm yn eu cyrraedd, gyda diwrnod a ffynhonnell pob rhif.",
  },
  isOfRegister: true,
  key: ["forum", "measure", "date"],
  columns: [
    text("forum", "Slug of the forum"),
    text("measure", "What was counted"),
    count("value", "How many; empty where only a band is known"),
    text("band", "Band of the number, where only that is known"),
    text("date", "When it was counted: a day, a month or a year"),
    text("source", "self-reported, measured, or who published it"),
  ],
  rows: async (deps) =>
    directoryOf(await deps.register(deps.db)).entries.flatMap((entry) => [
      ...entry.reach.map(({ measure, value, band, on, source }) => [
        entry.slug,
        measure,
        value ?? null,
        band ?? null,
        on,
        source,
      ]),
      ...entry.figures.map(({ what, value, date, source }) => [entry.slug, what, value, null, date, source]),
    ]),
};

const audienceRows = audiences.map(({ code, facet, en, cy }: Audience) => [
  code,
  facet,
  en,
  cy,
  audienceVersion,
]);

const vocabulary: Dataset = {
  name: "audiences",
  title: { en: "Vocabulary of audiences", cy: "Geirfa cynulleidfaoedd" },
  says: {
    en: "The codes that say who a forum is for, in English and Welsh. A code never changes its meaning.",
    cy: "Y codau sy’n dweud ar gyfer pwy y mae fforwm, yn Gymraeg ac yn Saesneg. Nid yw cod byth yn newid ei ystyr.",
  },
  isOfRegister: true,
  key: ["code"],
  columns: [
    text("code", "Code, as in the directory"),
    text("facet", "role, theme, nation, age, relation or sensitivity"),
    text("label_en", "What it is called in English"),
    text("label_cy", "What it is called in Welsh"),
    text("version", "Version of the vocabulary"),
  ],
  rows: async () => audienceRows,
};

const departments: Dataset = {
  name: "departments",
  title: { en: "Departments", cy: "Adrannau" },
  says: {
    en: "Departments whose advisors answer, with their pools and the forums that name them.",
    cy: "Adrannau y mae eu cynghorwyr yn ateb, gyda’u cronfeydd a’r fforymau sy’n eu henwi.",
  },
  isOfRegister: true,
  key: ["slug"],
  columns: [
    text("slug", "Name in addresses"),
    text("name", "Name"),
    address("url", "Address"),
    list("pools", "Names of its pools"),
    list("forums", "Slugs of listed forums that name it"),
  ],
  rows: async (deps) => {
    const register = await deps.register(deps.db);
    const { entries } = directoryOf(register);
    return [...register.departments.values()].map(({ slug, name, url }) => [
      slug,
      name,
      url ?? null,
      [...register.pools.values()]
        .filter((pool) => pool.department === slug)
        .map((pool) => pool.name)
        .join(listSeparator),
      entries
        .filter((entry) => entry.departments.includes(slug))
        .map((entry) => entry.slug)
        .join(listSeparator),
    ]);
  },
};

const decisions: Dataset = {
  name: "decisions",
  title: { en: "Decisions about the directory", cy: "Penderfyniadau am y cyfeiriadur" },
  says: {
    en: "What was proposed for the directory, what was decided, when and why. The latest thousand.",
    cy: "Beth a gynigiwyd ar gyfer y cyfeiriadur, beth a benderfynwyd, pryd a pham. Y mil diweddaraf.",
  },
  isOfRegister: false,
  key: ["reference"],
  columns: [
    text("reference", "Reference of the proposal"),
    text("kind", "forum or correction"),
    text("forum", "Slug of the entry, where it is listed"),
    text("name", "Name that was proposed"),
    address("address", "Address that was proposed"),
    day("received_on", "When it was received"),
    day("decided_on", "When it was decided"),
    text("outcome", "listed, not_listed, changed or not_changed"),
    list("criteria_met", "Criteria that the forum met"),
    text("because", "Why"),
  ],
  rows: async (deps) =>
    (await listDecisions(deps, { limit: 1_000 })).map((one) => [
      one.reference,
      one.kind,
      one.forum,
      one.name,
      one.address,
      one.createdAt.toISOString().slice(0, 10),
      one.decision?.at.toISOString().slice(0, 10) ?? null,
      one.decision?.outcome ?? null,
      one.decision?.criteria.join(listSeparator) ?? null,
      one.decision?.because ?? null,
    ]),
};

const statistics: Dataset = {
  name: "statistics",
  title: { en: "Public statistics", cy: "Ystadegau cyhoeddus" },
  says: {
    en: "Referrals of each quarter by department, forum and month. Numbers from 1 to 9 are withheld, and others with them where they could be worked out.",
    cy: "Atgyfeiriadau pob chwarter yn ôl adran, fforwm a mis. Cedwir rhifau o 1 i 9 yn ôl, ac eraill gyda hwy lle gellid eu cyfrifo.",
  },
  isOfRegister: false,
  key: ["quarter", "by", "name"],
  columns: [
    text("quarter", "Quarter of the year in which the referral was submitted"),
    text("by", "department, forum, month; total for all"),
    { ...text("name", "Slug or month; empty for the total"), mayBeEmpty: true },
    count("received", "Referrals submitted; empty where withheld"),
    count("answered", "Those with a reply; empty where withheld"),
    count("resolved", "Those resolved; empty where withheld"),
    count("helped", "Those of which the member or a moderator said that it helped; empty where withheld"),
  ],
  rows: async (deps) => {
    const { bySlug } = directoryOf(await deps.register(deps.db));
    return (await listPublished(deps)).flatMap(({ quarter, tables }) => {
      const cells = (counts: Record<string, number | null>) =>
        ["received", "answered", "resolved", "helped"].map((name) => counts[name] ?? null);
      return [
        [quarter, "total", "", ...cells(tables.department.totals)],
        ...publicDimensions.flatMap((by) =>
          tables[by].rows
            // A forum that is not listed any more is named nowhere.
            .filter(({ name }) => by !== "forum" || bySlug.has(name))
            .map(({ name, counts }) => [quarter, by, name, ...cells(counts)]),
        ),
      ];
    });
  },
};

/** Everything that is published as a file, in this order. */
export const datasets: readonly Dataset[] = [
  forums,
  reach,
  vocabulary,
  departments,
  plans,
  progress,
  clinics,
  decisions,
  statistics,
];

export const findDataset = (name: string): Dataset | undefined => datasets.find((one) => one.name === name);
