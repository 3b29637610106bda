import type { Oidc } from "../access/index.ts";
import type { HttpClient } from "../contract/adapter.ts";
import type { Visitor } from "../contract/web.ts";
import type { Settlers } from "../delivery/index.ts";
import type { Deps } from "../deps.ts";
import type { Mailer } from "../mail.ts";
import type { ApplyDeps } from "../register/index.ts";

/** What the pages are given beside what every use case is. */
export interface WebDeps extends Deps, Pick<ApplyDeps, "afterApply" | "checkAddress"> {
  /** Hears of what is sent again. */
  settlers: Pick<Settlers, "replayed">;
  /** Who a session's token is, or null. */
  session(token: string): Promise<Visitor | null>;
  mailer: Mailer;
  /** The guarded way out, and the names of the internet, for what an operator says proves a forum to be theirs. */
  http: HttpClient;
  resolveTxt(name: string): Promise<string[][]>;
  /** Null where people sign in by links alone. */
  oidc: Oidc | null;
}
