import { issueSignInLink } from "../../src/access/index.ts";
import type { World } from "../support/world.ts";
import { type Page, visit } from "./support.ts";

/** A browser of somebody signed in: keeps its cookie, follows redirects, sends forms with the token of the page before. */
export interface Browsing {
  cookie: string;
  get(path: string): Promise<Page & { path: string }>;
  /** Sends a form with the session's token and follows to where it leads. */
  send(path: string, form?: Record<string, string>): Promise<Page & { path: string }>;
  /** The same without following. */
  post(path: string, form?: Record<string, string>): Promise<Page>;
}

/** Signs in by a link for these scopes, as a person would. */
export async function signIn(world: World, ...scopes: string[]): Promise<Browsing> {
  const { deps } = world.instance;
  const { url } = await deps.transaction((tx) => issueSignInLink(deps, tx, { scopes }));
  const answer = await visit(world, new URL(url).pathname, {});
  const cookie = (answer.headers.get("set-cookie") ?? "").split(";")[0] ?? "";
  if (!cookie.includes("=")) throw new Error(`Nobody was signed in: ${answer.status}`);
  let formToken = "";

  const note = (page: Page): Page => {
    formToken = /name="form" value="([^"]+)"/.exec(page.html)?.[1] ?? formToken;
    return page;
  };
  const get = async (path: string): Promise<Page & { path: string }> => {
    const page = note(await visit(world, path, undefined, { cookie }));
    const to = page.headers.get("location");
    return page.status === 303 && to ? get(to) : { ...page, path };
  };
  const post = async (path: string, form: Record<string, string> = {}): Promise<Page> => {
    if (formToken === "") await get("/sign-in");
    return note(await visit(world, path, { form: formToken, ...form }, { cookie }));
  };
  return {
    cookie,
    get,
    post,
    async send(path, form) {
      const page = await post(path, form);
      const to = page.headers.get("location");
      return page.status === 303 && to ? get(to) : { ...page, path };
    },
  };
}
