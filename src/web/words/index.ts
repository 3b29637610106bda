import type { Language } from "../../contract/vocabulary.ts";
import { askCy } from "./ask-cy.ts";
import { askEn } from "./ask-en.ts";
import { cy } from "./cy.ts";
import { decideCy } from "./decide-cy.ts";
import { decideEn } from "./decide-en.ts";
import { directoryCy } from "./directory-cy.ts";
import { directoryEn } from "./directory-en.ts";
import { en } from "./en.ts";
import { engagementCy } from "./engagement-cy.ts";
import { engagementEn } from "./engagement-en.ts";
import { figuresCy } from "./figures-cy.ts";
import { figuresEn } from "./figures-en.ts";
import { proposeCy } from "./propose-cy.ts";
import { proposeEn } from "./propose-en.ts";
import { proseCy } from "./prose-cy.ts";
import { type Prose, proseEn } from "./prose-en.ts";
import { recordCy } from "./record-cy.ts";
import { recordEn } from "./record-en.ts";

/** Everything the pages say, but for the long texts; both languages have the same shape. */
export type Words = typeof en;

/** The pages that are nothing but text. */
export type ProseName = keyof typeof proseEn;

const words: Record<Language, Words> = { en, cy };
const prose: Record<Language, Record<ProseName, Prose>> = { en: proseEn, cy: proseCy };

const directory = {
  en: { ...directoryEn, ...proposeEn, ...figuresEn, ...decideEn },
  cy: { ...directoryCy, ...proposeCy, ...figuresCy, ...decideCy },
} satisfies Record<Language, object>;

/** What the directory, proposals, departments, statistics and open data say. */
export const directoryIn = (language: Language): (typeof directory)["en"] => directory[language];

/** What the engagement lead's pages say. */
export const engagementIn = (language: Language): typeof engagementEn =>
  language === "cy" ? engagementCy : engagementEn;

const record = {
  en: { ...recordEn, ...askEn },
  cy: { ...recordCy, ...askCy },
} satisfies Record<Language, object>;

/** What plans, progress reports and clinics say. */
export const recordIn = (language: Language): (typeof record)["en"] => record[language];

export const wordsIn = (language: Language): Words => words[language];
export const proseIn = (language: Language, name: ProseName): Prose => prose[language][name];

/** A sentence with its `{name}` filled in; a name that nobody fills stays as it is. */
export const fill = (sentence: string, values: Readonly<Record<string, string | number>>): string =>
  sentence.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
