import type { Dataset } from "./dataset.ts";

export const licence = "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/";

/** Metadata of one file as CSV on the Web has it (W3C, Metadata Vocabulary for Tabular Data, 2015). */
export function describeCsv(dataset: Dataset, baseUrl: string): object {
  const { name, title, says, key, columns } = dataset;
  return {
    "@context": ["http://www.w3.org/ns/csvw", { "@language": "en" }],
    url: `${baseUrl}/data/${name}.csv`,
    "dc:title": title.en,
    "dc:description": says.en,
    "dc:license": { "@id": licence },
    "dc:publisher": { "@id": baseUrl },
    dialect: { encoding: "utf-8", lineTerminators: ["\r\n"], header: true, doubleQuote: true },
    tableSchema: {
      primaryKey: key.length === 1 ? key[0] : [...key],
      columns: columns.map(({ name: column, datatype, says: meaning, separator, mayBeEmpty }) => ({
        name: column,
        titles: column,
        "dc:description": meaning,
        datatype,
        ...(separator ? { separator } : {}),
        ...(key.includes(column) && !mayBeEmpty ? { required: true } : {}),
      })),
    },
  };
}

/** The catalogue for harvesters, as Project Open Data's `data.json` 1.1 and DCAT have it. */
export function catalogue(datasets: readonly Dataset[], baseUrl: string, modified: string): object {
  const file = (name: string, ending: string, mediaType: string, format: string) => ({
    "@type": "dcat:Distribution",
    downloadURL: `${baseUrl}/data/${name}.${ending}`,
    mediaType,
    format,
  });
  return {
    "@context": "https://project-open-data.cio.gov/v1.1/schema/catalog.jsonld",
    "@id": `${baseUrl}/data.json`,
    "@type": "dcat:Catalog",
    conformsTo: "https://project-open-data.cio.gov/v1.1/schema",
    describedBy: "https://project-open-data.cio.gov/v1.1/schema/catalog.json",
    dataset: [
      ...datasets.map(({ name, title, says, isOfRegister }) => ({
        ...common(baseUrl, isOfRegister ? modified : anyDay),
        identifier: `${baseUrl}/data/${name}.csv`,
        title: title.en,
        description: says.en,
        landingPage: `${baseUrl}/data#${name}`,
        distribution: [
          {
            ...file(name, "csv", "text/csv", "CSV"),
            describedBy: `${baseUrl}/data/${name}.csv-metadata.json`,
            describedByType: "application/csvm+json",
          },
          file(name, "json", "application/json", "JSON"),
        ],
      })),
      {
        ...common(baseUrl, modified),
        identifier: `${baseUrl}/hsds`,
        title: "Directory of forums as human services data",
        description:
          "The directory as HSDS 3, made to the Open Referral UK profile: each forum is a service.",
        landingPage: `${baseUrl}/data#hsds`,
        conformsTo: "https://docs.openreferraluk.org/",
        distribution: [
          {
            "@type": "dcat:Distribution",
            accessURL: `${baseUrl}/hsds/services`,
            mediaType: "application/json",
            format: "API",
          },
        ],
      },
    ],
  };
}

/** What changes without the register may change on any day (ISO 8601: repeated, every day). */
const anyDay = "R/P1D";

const common = (baseUrl: string, modified: string) => ({
  "@type": "dcat:Dataset",
  modified,
  accessLevel: "public",
  license: licence,
  language: ["en-GB", "cy-GB"],
  keyword: ["forums", "peer support", "public services"],
  publisher: { "@type": "org:Organization", name: "Fingerpost" },
  contactPoint: { "@type": "vcard:Contact", fn: "Fingerpost", hasURL: `${baseUrl}/data` },
});
