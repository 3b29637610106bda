// Compares prisma/migrations with prisma/schema.prisma, on a throw-away PostgreSQL.
//   node scripts/schema.mjs new NAME   writes what is missing as a new migration
//   node scripts/schema.mjs check      exits 1 when anything is missing
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { PrismaPg } from "@prisma/adapter-pg";
import { bindMigrationAwareSqlAdapterFactory, ColumnTypeEnum } from "@prisma/driver-adapter-utils";
import * as engineBindings from "@prisma/schema-engine-wasm/schema_engine_bg";
import pg from "pg";
import { register } from "tsx/esm/api";

register();
const { startThrowawayCluster } = await import("../src/db/embedded/throwaway.ts");
const { applyMigrations } = await import("../src/db/migrate.ts");

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const schemaFile = path.join(root, "prisma", "schema.prisma");
const migrations = path.join(root, "prisma", "migrations");
const usage = "Usage: node scripts/schema.mjs new NAME | check\n";

async function main([verb, name]) {
  if (verb === "check") {
    const { script, history } = await compare();
    if (history !== "") process.stderr.write(`${history}\n`);
    if (script === "") return history === "" ? 0 : 1;
    process.stderr.write(`The migrations do not lead to prisma/schema.prisma. Missing:\n\n${script}\n`);
    return 1;
  }
  if (verb !== "new" || !/^[a-z][a-z0-9_]*$/.test(name ?? "")) {
    process.stderr.write(`${usage}NAME is made of lower-case letters, digits and underscores.\n`);
    return 2;
  }
  const { script } = await compare();
  if (script === "") {
    process.stdout.write("The migrations already lead to prisma/schema.prisma: nothing to write.\n");
    return 0;
  }
  process.stdout.write(`${path.relative(process.cwd(), await writeMigration(name, script))}\n`);
  return 0;
}

/**
 * Applies the migrations and answers `script`, the statements that lead on to the schema, and `history`, what Prisma's own
 * engine finds wrong with the rows that were written. Both are empty when all is well.
 */
async function compare() {
  const cluster = await startThrowawayCluster();
  try {
    await mkdir(migrations, { recursive: true });
    await applyMigrations({ url: cluster.url }, { dir: migrations });
    const files = [{ path: schemaFile, content: await readFile(schemaFile, "utf8") }];
    const engine = await createEngine(cluster.url, files);
    const { stdout } = await engine.diff({
      from: { tag: "schemaDatasource", files, configDir: root },
      to: { tag: "schemaDatamodel", files },
      script: true,
      exitCode: null,
      filters: { externalTables: [], externalEnums: [] },
    });
    const history = await complaintAbout(engine);
    engine.free();
    const script = stdout ?? "";
    const hasStatement = script.split("\n").some((line) => line.trim() !== "" && !line.startsWith("--"));
    return { script: hasStatement ? script : "", history };
  } finally {
    await cluster.close();
  }
}

/** What Prisma's own engine finds wrong with the rows in `_prisma_migrations`. */
async function complaintAbout(engine) {
  const names = (await readdir(migrations, { withFileTypes: true })).filter((entry) => entry.isDirectory());
  const migrationDirectories = await Promise.all(
    names.map(async ({ name }) => {
      const value = await readFile(path.join(migrations, name, "migration.sql"), "utf8");
      return { path: name, migrationFile: { path: "migration.sql", content: { tag: "ok", value } } };
    }),
  );
  const lockfile = { path: "migration_lock.toml", content: 'provider = "postgresql"\n' };
  const found = await engine.diagnoseMigrationHistory({
    migrationsList: { baseDir: migrations, lockfile, shadowDbInitScript: "", migrationDirectories },
    optInToShadowDatabase: false,
    filters: { externalTables: [], externalEnums: [] },
  });
  const isFine =
    found.history === null &&
    found.editedMigrationNames.length === 0 &&
    found.failedMigrationNames.length === 0;
  return isFine ? "" : `Prisma's engine does not agree with the history: ${JSON.stringify(found)}`;
}

/** The package leaves loading its WebAssembly to a bundler; this does it by hand. */
async function createEngine(url, files) {
  const folder = path.dirname(fileURLToPath(import.meta.resolve("@prisma/schema-engine-wasm")));
  const bytes = await readFile(path.join(folder, "schema_engine_bg.wasm"));
  const { instance } = await WebAssembly.instantiate(bytes, { "./schema_engine_bg.js": engineBindings });
  engineBindings.__wbg_set_wasm(instance.exports);
  instance.exports.__wbindgen_start();
  const datamodels = files.map((file) => [file.path, file.content]);
  return engineBindings.SchemaEngine.new({ datamodels }, () => {}, createReadingAdapter(url));
}

/**
 * The adapter, taught the catalogue's type "char": the engine asks for such columns, and the adapter refuses the type. The
 * engine asks one thing at a time, so the columns of the last answer are the ones in hand.
 */
function createReadingAdapter(url) {
  const pool = new pg.Pool({ connectionString: url, max: 1 });
  pool.on("error", () => {});
  let charColumns = [];
  const query = pool.query.bind(pool);
  pool.query = async (...args) => {
    const result = await query(...args);
    charColumns = result.fields.flatMap((field, index) =>
      field.dataTypeID === pg.types.builtins.CHAR ? [index] : [],
    );
    for (const index of charColumns) result.fields[index].dataTypeID = pg.types.builtins.TEXT;
    return result;
  };
  const factory = new PrismaPg(pool, { disposeExternalPool: true });
  const connect = factory.connect.bind(factory);
  factory.connect = async () => {
    const adapter = await connect();
    const queryRaw = adapter.queryRaw.bind(adapter);
    adapter.queryRaw = async (request) => {
      const result = await queryRaw(request);
      for (const index of charColumns) result.columnTypes[index] = ColumnTypeEnum.Character;
      return result;
    };
    return adapter;
  };
  return bindMigrationAwareSqlAdapterFactory(factory);
}

async function writeMigration(name, script) {
  const stamp = new Date().toISOString().replace(/\D/g, "").slice(0, 14);
  const existing = (await readdir(migrations)).filter((entry) => /^\d{14}_/.test(entry)).sort();
  const last = existing.at(-1)?.slice(0, 14) ?? "0";
  // Migrations apply in the order of their names, so a new one must come last whatever this machine's clock says.
  const prefix = stamp > last ? stamp : String(BigInt(last) + 1n);
  const folder = path.join(migrations, `${prefix}_${name}`);
  await mkdir(folder);
  await writeFile(path.join(folder, "migration.sql"), script.endsWith("\n") ? script : `${script}\n`);
  await writeFile(path.join(migrations, "migration_lock.toml"), 'provider = "postgresql"\n');
  return path.join(folder, "migration.sql");
}

process.exitCode = await main(process.argv.slice(2));
