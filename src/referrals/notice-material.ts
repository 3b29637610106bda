import type { NoticeBase } from "../contract/notice.ts";
import type { Tx } from "../db/index.ts";
import type { DeliveryRow } from "../delivery/index.ts";
import type { Deps } from "../deps.ts";
import type { ContentKey } from "../privacy/index.ts";
import type { Register } from "../register/model.ts";
import { openContent } from "./content.ts";
import type { Referral, ReferralContent, Reply } from "./model.ts";
import { findText } from "./store/records.ts";

/** What a notice about a referral is made of. */
export interface NoticeMaterial {
  row: DeliveryRow;
  referral: Referral;
  register: Register;
  key: ContentKey | null;
  content: ReferralContent | null;
  replies: Reply[];
  text(id: unknown): Promise<string | null>;
  base: NoticeBase;
  baseUrl: string;
  now: Date;
}

/** The page of a member, who needs no account: whoever has the link is taken for them. */
export const memberLinkOf = (deps: Deps, referral: Referral): string =>
  `${deps.baseUrl}/m/${deps.keyring.token("member", referral.id)}`;

/** Opens what may be opened, once for whatever is built of it. */
export function materialOf(
  deps: Deps,
  tx: Tx,
  { row, referral, register, replies }: Pick<NoticeMaterial, "row" | "referral" | "register" | "replies">,
): NoticeMaterial {
  const key = referral.sealed ? deps.keyring.unwrap(referral.sealed.key) : null;
  const content = openContent(referral, key);
  return {
    row,
    referral,
    register,
    key,
    content,
    replies,
    async text(id) {
      const found = typeof id === "string" ? await findText(tx, id) : null;
      return found?.body && key ? key.open(found.body) : null;
    },
    base: {
      reference: referral.reference,
      externalId: referral.externalId,
      post: content?.url ?? null,
      state: typeof row.data.state === "string" ? row.data.state : referral.state,
      sequence: row.sequence,
      memberLink: memberLinkOf(deps, referral),
      language: referral.language,
    },
    baseUrl: deps.baseUrl,
    now: deps.now(),
  };
}
