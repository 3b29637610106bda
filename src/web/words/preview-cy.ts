import type { previewEn } from "./preview-en.ts";

/** What stands around the look at a reply before it is sent, in Welsh. */
export const previewCy: typeof previewEn = {
  title: "Dyma’r hyn a anfonir",
  look: "Edrychwch eto",
  shows: "Bydd {forum} yn dangos:",
  signed: "{department}, {pool}",
  verify: "Oddi tano mae dolen i unrhyw un wirio ei fod yn swyddogol. Ni ddangosir eich enw eich hun.",
  origins: "Mae’r un ateb yn mynd at yr hyn a gyfunwyd â’r atgyfeiriad hwn:",
  send: "Ei anfon",
  change: "Ysgrifennu ymlaen",
  clear: "Ei anfon i’w gymeradwyo",
  mustClear: "Yn y gronfa hon mae ail berson yn cymeradwyo pob ateb cyn ei anfon.",
  clearer: "Pwy sy’n ei gymeradwyo",
  anyClearer: "Pwy bynnag sydd gyntaf",
  approved: "Cymeradwywyd hwn. Fe’i hanfonir air am air.",
  draft: "Y drafft, fel y byddai’n cael ei anfon",
};
