import { stringify } from "yaml";
import { contentOf, type RegisterContent } from "./content.ts";
import type { Register } from "./model.ts";

/** The register in force as a document. Applying it changes nothing; no secret is in it. */
export function exportRegister(register: Register): RegisterContent {
  return contentOf(register);
}

/** A document as YAML, its parts and entries in their order. */
export function toYaml(content: Partial<RegisterContent>): string {
  return stringify(content, { lineWidth: 110, aliasDuplicateObjects: false });
}
