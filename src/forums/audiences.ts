/** One word for who a forum is for. */
export interface Audience {
  code: string;
  facet: Facet;
  en: string;
  cy: string;
}

/** The sides from which an audience is described. The lead department is the register's, places are named freely. */
export const facets = ["role", "theme", "nation", "age", "relation", "sensitivity"] as const;
export type Facet = (typeof facets)[number];

/** Raised whenever a code is added or changes its meaning. A code is never given another meaning or used again. */
export const audienceVersion = "2026-11";

type Words = readonly (readonly [code: string, en: string, cy: string])[];

/** What somebody goes through, or is: life events and roles. Nothing here stands for a protected characteristic. */
const roles: Words = [
  ["parents", "Parents", "Rhieni"],
  ["expecting-a-baby", "People expecting a baby", "Pobl sy’n disgwyl babi"],
  ["pupils", "Pupils", "Disgyblion"],
  ["students", "Students", "Myfyrwyr"],
  ["job-seekers", "People looking for work", "Pobl sy’n chwilio am waith"],
  ["employees", "Employees", "Gweithwyr cyflogedig"],
  ["self-employed", "Self-employed people", "Pobl hunangyflogedig"],
  ["small-businesses", "Small businesses", "Busnesau bach"],
  ["claimants", "People who claim benefits", "Pobl sy’n hawlio budd-daliadau"],
  ["in-debt", "People with debts", "Pobl â dyledion"],
  ["consumers", "Consumers", "Defnyddwyr"],
  ["tenants", "Tenants", "Tenantiaid"],
  ["home-owners", "Home owners", "Perchnogion cartrefi"],
  ["without-a-home", "People without a home", "Pobl heb gartref"],
  ["neighbours", "Neighbours and residents", "Cymdogion a thrigolion"],
  ["drivers", "Drivers", "Gyrwyr"],
  ["travellers-abroad", "People who travel or live abroad", "Pobl sy’n teithio neu’n byw dramor"],
  ["carers", "Carers", "Gofalwyr"],
  ["patients", "Patients", "Cleifion"],
  ["bereaved", "Bereaved people", "Pobl mewn profedigaeth"],
  ["separating", "People who separate or divorce", "Pobl sy’n gwahanu neu’n ysgaru"],
  ["retired", "Retired people", "Pobl wedi ymddeol"],
  ["armed-forces", "The armed forces", "Y lluoedd arfog"],
  ["veterans", "Veterans", "Cyn-filwyr"],
  ["victims-of-crime", "Victims of crime", "Dioddefwyr troseddau"],
  ["volunteers", "Volunteers", "Gwirfoddolwyr"],
  ["farmers", "Farmers and smallholders", "Ffermwyr a thyddynwyr"],
  ["pet-and-animal-keepers", "People who keep animals", "Pobl sy’n cadw anifeiliaid"],
];

const themes: Words = [
  ["benefits", "Benefits and pensions", "Budd-daliadau a phensiynau"],
  ["tax", "Tax", "Treth"],
  ["money", "Money and debt", "Arian a dyled"],
  ["work", "Work", "Gwaith"],
  ["business", "Business", "Busnes"],
  ["health", "Health", "Iechyd"],
  ["mental-health", "Mental health", "Iechyd meddwl"],
  ["social-care", "Social care", "Gofal cymdeithasol"],
  ["childcare", "Childcare and families", "Gofal plant a theuluoedd"],
  ["education", "Education", "Addysg"],
  ["housing", "Housing", "Tai"],
  ["noise", "Noise and nuisance", "Sŵn a niwsans"],
  ["environment", "Environment and countryside", "Yr amgylchedd a chefn gwlad"],
  ["transport", "Transport and driving", "Trafnidiaeth a gyrru"],
  ["defence", "Defence and veterans", "Amddiffyn a chyn-filwyr"],
  ["justice", "Law and justice", "Y gyfraith a chyfiawnder"],
  ["crime", "Crime and safety", "Troseddu a diogelwch"],
  ["immigration", "Visas and nationality", "Fisâu a chenedligrwydd"],
  ["local-services", "Local services", "Gwasanaethau lleol"],
  ["consumer-rights", "Consumer rights", "Hawliau defnyddwyr"],
];

const nationWords: Words = [
  ["england", "England", "Lloegr"],
  ["wales", "Wales", "Cymru"],
  ["scotland", "Scotland", "Yr Alban"],
  ["northern-ireland", "Northern Ireland", "Gogledd Iwerddon"],
  ["uk", "The whole of the UK", "Y DU gyfan"],
];

const ages: Words = [
  ["under-13", "Under 13", "O dan 13"],
  ["13-to-17", "13 to 17", "13 i 17"],
  ["18-to-24", "18 to 24", "18 i 24"],
  ["25-to-64", "25 to 64", "25 i 64"],
  ["65-and-over", "65 and over", "65 a throsodd"],
  ["any-age", "Any age", "Unrhyw oedran"],
];

const relations: Words = [
  ["people-concerned", "The people concerned", "Y bobl dan sylw"],
  ["family-and-carers", "Family and carers", "Teulu a gofalwyr"],
  ["professionals", "Professionals and advisers", "Gweithwyr proffesiynol a chynghorwyr"],
];

const sensitivities: Words = [
  ["general", "General subjects", "Pynciau cyffredinol"],
  ["sensitive-health", "Health", "Iechyd"],
  ["sensitive-crime", "Crime", "Troseddu"],
  ["sensitive-self-harm", "Self-harm and suicide", "Hunan-niweidio a hunanladdiad"],
];

const words: Readonly<Record<Facet, Words>> = {
  role: roles,
  theme: themes,
  nation: nationWords,
  age: ages,
  relation: relations,
  sensitivity: sensitivities,
};

/** The whole vocabulary, facet by facet. Codes are unique across facets. */
export const audiences: readonly Audience[] = facets.flatMap((facet) =>
  words[facet].map(([code, en, cy]) => ({ code, facet, en, cy })),
);

const byCode = new Map(audiences.map((audience) => [audience.code, audience]));

export const findAudience = (code: string): Audience | undefined => byCode.get(code);

/** What a code is called in a language; the code itself where no version has it. */
export const audienceLabel = (code: string, language: "en" | "cy"): string =>
  byCode.get(code)?.[language] ?? code;
