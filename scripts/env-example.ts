import { writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { z } from "zod";
import { sections } from "../src/environment.ts";

/** `.env.example`, made from the schema: `npm run env` writes it, a test holds it equal. */
export function envExample(): string {
  const parts = Object.entries(sections).map(([title, variables]) => {
    const entries = Object.entries(variables).map(([name, schema]) => entry(name, schema));
    return `# ${title}\n\n${entries.join("\n")}`;
  });
  return `# Made by \`npm run env\` from src/environment.ts. An empty value counts as absent.\n\n${parts.join("\n")}`;
}

function entry(name: string, schema: z.ZodType): string {
  const { description, example } = schema.meta() ?? {};
  const byDefault = schema instanceof z.ZodPrefault ? String(schema.def.defaultValue) : "";
  return `# ${description}\n# For example: ${name}=${example}\n${name}=${byDefault}\n`;
}

const calledFromTheShell = import.meta.url === pathToFileURL(process.argv[1] ?? "").href;
if (calledFromTheShell) writeFileSync(new URL("../.env.example", import.meta.url), envExample());
