import type { From } from "../contract/notice.ts";
import { nameOf, type Register } from "../register/model.ts";

/** A pool and its department by the names that the public sees. */
export const fromOf = (register: Register, poolSlug: string): From => {
  const pool = register.pools.get(poolSlug);
  return {
    pool: nameOf(register, "pools", poolSlug),
    department: nameOf(register, "departments", pool?.department ?? ""),
  };
};

const askWords: Record<string, string> = {
  en: "A moderator thinks a government advisor could help with your post. May we pass it on? Only the post is passed on, never your account. You can say no, and you can take it back later.",
  cy: "Mae cymedrolwr yn meddwl y gallai cynghorydd y llywodraeth helpu gyda'ch neges. Gawn ni ei hanfon ymlaen? Dim ond y neges sy'n cael ei hanfon, byth eich cyfrif. Gallwch ddweud na, a gallwch ei thynnu'n ôl wedyn.",
};

/** The words that ask a member whether their post may be passed on; in English where there are none in a language. */
export const askIn = (language: string): string => askWords[language] ?? askWords.en ?? "";
