import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import type { Finding } from "./architecture-rules.ts";

/** What imports cannot show: rules about the text of a file. */
interface SourceRule {
  name: string;
  /** Paths, from the root of the repository, that the rule is about. */
  about: RegExp;
  except?: RegExp;
  /** The places that break the rule, as a person would look for them. */
  find: (text: string, path: string) => string[];
}

const longest = 300;
const code = /^(src|adapters)\/.+\.ts$/;
/** Two files may ask the database for the time: its clock, and the rows that say when a migration was applied. */
const sqlClock =
  /\b(now|clock_timestamp|statement_timestamp|transaction_timestamp)\s*\(|\b(current_(timestamp|time|date)|localtime(stamp)?)\b/i;
/** `user` is left out: Slack's and PostgreSQL's own names are full of it. */
const foreignWords = /ticket|customer|queue ?item|(?<![a-z])agents?(?![a-z])/i;
/** Lists of words that people write, in which any may stand. */
const wordLists = /^src\/(privacy\/numbered\.ts|routing\/stop-words\.ts|safety\/wording\/)/;
/** Names that are not ours to choose. Node's own `Agent` is meant where its modules are imported. */
const namesOfOthers = /user-?agent|request-filtering-agent|RequestFiltering\w*Agent|useAgent/gi;
const nodesAgent = /from "node:https?"/;
const skipping = new Set(["skip", "only", "todo", "skipIf", "runIf", "fails"]);

export const sourceRules: SourceRule[] = [
  {
    name: "files-stay-short",
    about: code,
    find: (text) => {
      const lines = text.split("\n").length - 1;
      return lines > longest ? [`${lines} lines, at most ${longest}`] : [];
    },
  },
  {
    name: "environment-only-at-the-door",
    about: code,
    except: /^src\/(main|cli)\.ts$/,
    find: (text, path) =>
      nodesOf(path, text).flatMap((node) => (readsEnvironment(node) ? [shown(node)] : [])),
  },
  {
    name: "statements-stay-in-stores",
    about: code,
    except: /^src\/(db\/|[^/]+\/store[./-])/,
    find: (text, path) => nodesOf(path, text).flatMap((node) => (importsPrisma(node) ? [shown(node)] : [])),
  },
  {
    name: "time-is-a-parameter",
    about: code,
    except: /^src\/(main|cli|db\/clock)\.ts$/,
    find: (text, path) => nodesOf(path, text).flatMap((node) => (readsTheClock(node) ? [shown(node)] : [])),
  },
  {
    name: "sql-takes-the-time",
    about: /^((src|adapters)\/.+\.ts|prisma\/.+\.(sql|prisma))$/,
    except: /^src\/db\/(clock|migrate)\.ts$/,
    find: (text, path) => queriesOf(path, text).flatMap((query) => sqlClock.exec(query)?.[0] ?? []),
  },
  {
    name: "plain-words",
    about: /^((src|adapters|docs)\/.+\.(ts|md|json|njk)|prisma\/schema\.prisma|[A-Z]+\.md)$/,
    except: wordLists,
    find: (text) =>
      text.split("\n").flatMap((line) => {
        const known = nodesAgent.test(text) ? /\bagents?\b|\.Agent\b/gi : namesOfOthers;
        const word = foreignWords.exec(separated(line.replace(namesOfOthers, "").replace(known, "")))?.[0];
        return word === undefined ? [] : [`"${word}" in: ${line.trim()}`];
      }),
  },
  {
    name: "nothing-is-skipped",
    about: /^test\/.+\.ts$/,
    find: (text, path) => nodesOf(path, text).flatMap((node) => (skips(node) ? [shown(node)] : [])),
  },
  {
    name: "nothing-of-ours-is-mocked",
    about: /^test\/.+\.ts$/,
    find: (text, path) => nodesOf(path, text).flatMap((node) => (mocks(node) ? [shown(node)] : [])),
  },
];

/** Every file that a rule could be about, as paths from `root`, generated code aside. */
export function sourceFiles(root: string): string[] {
  const folders = ["src", "adapters", "test", "docs", "prisma"].filter((name) =>
    statSync(join(root, name), { throwIfNoEntry: false })?.isDirectory(),
  );
  const nested = folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).map((path) => join(folder, path)),
  );
  return [...readdirSync(root), ...nested]
    .map((path) => path.replaceAll("\\", "/"))
    .filter((path) => !path.startsWith("src/db/generated/") && statSync(join(root, path)).isFile());
}

/** Holds a tree of files against the rules about text. */
export function readTree(root: string): Finding[] {
  return sourceFiles(root).flatMap((path) => {
    const about = sourceRules.filter((rule) => rule.about.test(path) && !rule.except?.test(path));
    if (about.length === 0) return [];
    const text = readFileSync(join(root, path), "utf8");
    return about.flatMap(({ name, find }) =>
      find(text, path).map((what) => ({ rule: name, where: `${path}: ${what}` })),
    );
  });
}

/** `slackAgent` as `slack Agent`, so that a word is found inside a name too. */
function separated(line: string): string {
  return line.replace(/([a-z])([A-Z])/g, "$1 $2").replaceAll("_", " ");
}

function nodesOf(path: string, text: string): ts.Node[] {
  const nodes: ts.Node[] = [];
  const visit = (node: ts.Node): void => {
    nodes.push(node);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true));
  return nodes;
}

function shown(node: ts.Node): string {
  const { line } = node.getSourceFile().getLineAndCharacterOfPosition(node.getStart());
  return `line ${line + 1}, ${node.getText().split("\n")[0]}`;
}

const isProcess = (node: ts.Node | undefined) =>
  node !== undefined && /^(globalThis\.)?process$/.test(node.getText());

function readsEnvironment(node: ts.Node): boolean {
  if (ts.isPropertyAccessExpression(node)) return isProcess(node.expression) && node.name.text === "env";
  if (ts.isElementAccessExpression(node)) return isProcess(node.expression);
  if (ts.isVariableDeclaration(node)) return isProcess(node.initializer);
  return ts.isImportDeclaration(node) && /^["'](node:)?process["']$/.test(node.moduleSpecifier.getText());
}

/** `src/db/index.ts` hands Prisma on for stores; what a file imports by name, the cruise does not see. */
function importsPrisma(node: ts.Node): boolean {
  return ts.isImportSpecifier(node) && (node.propertyName ?? node.name).text === "Prisma";
}

function readsTheClock(node: ts.Node): boolean {
  if (ts.isNewExpression(node)) return node.expression.getText() === "Date" && !node.arguments?.length;
  if (ts.isPropertyAccessExpression(node)) return /^(Date\.now|Temporal\.Now)$/.test(node.getText());
  return ts.isCallExpression(node) && node.expression.getText() === "Date";
}

/** The pieces of a file that may reach the database: SQL without its comments, the strings and templates of code. */
function queriesOf(path: string, text: string): string[] {
  if (path.endsWith(".ts"))
    return nodesOf(path, text).flatMap((node) =>
      ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node)
        ? [node.text]
        : [],
    );
  return text.split("\n").map((line) => line.replace(/(--|\/\/).*$/, ""));
}

function skips(node: ts.Node): boolean {
  if (!ts.isPropertyAccessExpression(node) || !skipping.has(node.name.text)) return false;
  return /^(test|it|describe|suite|bench|context|ctx)\b/.test(node.expression.getText());
}

function mocks(node: ts.Node): boolean {
  if (!ts.isCallExpression(node) || !/^vi\.(do)?mock$/i.test(node.expression.getText())) return false;
  return /^["'`]\.|^import\(/.test(node.arguments[0]?.getText() ?? "");
}
