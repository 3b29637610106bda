import type { Advice } from "../contract/core-api.ts";
import { DomainError } from "../contract/errors.ts";
import type { Language, Nation } from "../contract/vocabulary.ts";
import { adviceFor, type CrisisContacts, findSafetyWording, type SafetyFinding } from "../safety/index.ts";

/** Reads a text for safety wording: what was found, and the words for whoever sent it; null where nothing was. */
export function readWithCare(
  typed: string,
  about: { language: string; nation: string | null },
  contacts: CrisisContacts,
): { found: SafetyFinding; advice: Advice[] } | null {
  const language: Language = about.language === "cy" ? "cy" : "en";
  const found = findSafetyWording(typed, language);
  if (!found) return null;
  const nation = about.nation === null ? {} : { nation: about.nation as Nation };
  return { found, advice: adviceFor({ concern: found.code, language, ...nation }, contacts) };
}

/** The same refusal with the advice beside its code: it goes out although nothing was taken. */
export function withAdvice(refusal: DomainError, advice: readonly Advice[]): DomainError {
  if (advice.length === 0) return refusal;
  const { code, message: detail, fields, errors, cause } = refusal;
  return new DomainError(code, { detail, fields: { ...fields, advice }, errors, cause });
}
