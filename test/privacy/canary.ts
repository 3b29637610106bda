import type { TestDatabase } from "../support/database.ts";

export interface Canaries {
  /** Where each piece went, in the order in which they were made. */
  sources: string[];
  /** A new piece of personal data, noted with the input it goes into. */
  put(source: string): string;
  /** The inputs whose pieces stand in a text, each once. */
  sourcesIn(text: string): string[];
}

/** Made-up pieces of personal data, no two alike, that can be found again wherever they went. */
export function createCanaries(): Canaries {
  const sources: string[] = [];
  return {
    sources,
    put(source) {
      sources.push(source);
      return `Canary${sources.length - 1}q`;
    },
    sourcesIn: (text) =>
      [
        ...new Set([...text.matchAll(/canary(\d+)q/gi)].map(([, n]) => sources[Number(n)] ?? "unknown")),
      ].sort(),
  };
}

/** Every row of every table as text; bytes as hexadecimal, and once more as the text they would be. */
export async function dump(db: TestDatabase): Promise<string> {
  const tables = await db.prisma.$queryRawUnsafe<{ name: string }[]>(
    "SELECT relname::text AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'",
  );
  const parts: string[] = [];
  for (const { name } of tables) {
    const rows = await db.prisma.$queryRawUnsafe<{ row: string }[]>(`SELECT t::text AS row FROM "${name}" t`);
    for (const { row } of rows) {
      const bytes = [...row.matchAll(/\\x([0-9a-f]+)/g)].map(([, hex]) =>
        Buffer.from(hex ?? "", "hex").toString("latin1"),
      );
      parts.push(`${name} ${row}`, ...bytes);
    }
  }
  return parts.join("\n");
}
