import { existsSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

/** The folder that holds package.json and prisma/, whether this runs from src/ or from dist/src/. An absolute path. */
export function packageRoot(): string {
  let folder = path.dirname(fileURLToPath(import.meta.url));
  while (!existsSync(path.join(folder, "package.json"))) {
    const parent = path.dirname(folder);
    if (parent === folder)
      throw new Error("The package's own folder could not be found: package.json is missing.");
    folder = parent;
  }
  return folder;
}

/** Where the migrations of this release are. An absolute path. */
export function migrationsFolder(): string {
  return path.join(packageRoot(), "prisma", "migrations");
}
