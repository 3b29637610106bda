import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";
import nunjucks from "nunjucks";
import type { Language } from "../contract/vocabulary.ts";
import { type Assets, loadAssets } from "./assets.ts";
import { dateIn, momentIn } from "./times.ts";
import { directoryIn, fill, recordIn, wordsIn } from "./words/index.ts";

/** What every page is told about itself. */
export interface PageFrame {
  language: Language;
  /** The address without the language: `/verify`, whether the page is `/verify` or `/cy/verify`. */
  path: string;
  /** What the reader chose on the page, `?quarter=…`, for the same page in the other language; empty for what was just done. */
  chosen?: string;
  /** Pages of one person, and those that are none: not to be indexed. */
  isPrivate?: boolean;
}

/** The public site: its templates and the files they load. */
export interface Site {
  assets: Assets;
  /** One page as HTML. Every value is escaped unless the template itself is markup. */
  render(template: string, frame: PageFrame, values: Readonly<Record<string, unknown>>): string;
}

/** The address of a page in a language. */
export const addressIn = (language: Language, page: string): string =>
  language === "en" ? page : page === "/" ? "/cy" : `/cy${page}`;

/** The language and the address without it, from the path of a request. */
export function readPath(url: string): PageFrame {
  const [page = "/", asked = ""] = url.split("?", 2);
  const chosen = chosenIn(asked);
  if (page === "/cy" || page === "/cy/") return { language: "cy", path: "/", chosen };
  return page.startsWith("/cy/")
    ? { language: "cy", path: page.slice(3), chosen }
    : { language: "en", path: page, chosen };
}

function chosenIn(asked: string): string {
  const chosen = new URLSearchParams(asked);
  // What a page says once, after something was done, is not said again.
  for (const name of ["done", "sent"]) chosen.delete(name);
  return chosen.size === 0 ? "" : `?${chosen.toString()}`;
}

const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");

let opened: Site | undefined;

/** The site of this process: its templates are read when the first instance starts, and once. */
export function openSite(): Site {
  opened ??= createSite();
  return opened;
}

function createSite(): Site {
  const assets = loadAssets();
  const components = path.dirname(createRequire(import.meta.url).resolve("govuk-frontend/package.json"));
  const views = fileURLToPath(new URL("./views", import.meta.url));
  const loader = new nunjucks.FileSystemLoader([views, path.join(components, "dist")]);
  const templates = new nunjucks.Environment(loader, {
    autoescape: true,
    trimBlocks: true,
    lstripBlocks: true,
  });
  templates.addFilter("fill", fill);
  templates.addFilter(
    "having",
    (items: readonly Readonly<Record<string, unknown>>[], key: string, value: unknown) =>
      items.filter((item) => item[key] === value),
  );
  templates.addFilter("named", (codes: readonly string[], names: Readonly<Record<string, string>>) =>
    [...new Set(codes.map((code) => names[code] ?? names.other ?? code))].join(", "),
  );
  templates.addFilter("humane", (code: unknown) =>
    String(code ?? "")
      .replace(/^[a-z]+\./, "")
      .replace(/[._-]/g, " "),
  );
  // The sentences of refusals are English on every page: readers' software is told so (WCAG 2.2, 3.1.2).
  templates.addFilter(
    "asEnglish",
    (says: unknown) =>
      new nunjucks.runtime.SafeString(`<span lang="en">${escaped(String(says ?? ""))}</span>`),
  );
  templates.addGlobal("isEventType", (text: unknown) => /^[a-z]+\.[a-z_]+$/.test(String(text ?? "")));
  templates.addFilter("isWebAddress", (address: unknown) => /^https?:\/\//i.test(String(address ?? "")));
  return {
    assets,
    render(template, frame, values) {
      const { language } = frame;
      // The address of a private page may hold what only its reader has.
      const query = frame.isPrivate === true ? "" : (frame.chosen ?? "");
      return templates.render(template, {
        ...values,
        ...frame,
        t: wordsIn(language),
        d: directoryIn(language),
        r: recordIn(language),
        to: (page: string) => addressIn(language, page),
        inEnglish: `${addressIn("en", frame.path)}${query}`,
        inWelsh: `${addressIn("cy", frame.path)}${query}`,
        moment: (at: string) => momentIn(language, at),
        day: (at: string) => dateIn(language, at),
        stylesheet: assets.stylesheet.path,
        mark: assets.mark.path,
        proofScript: assets.proof.path,
      });
    },
  };
}
