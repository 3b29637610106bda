import type { ContentKey } from "../privacy/index.ts";
import type { Referral, ReferralContent } from "./model.ts";

/** What the content was when it was sealed. Throws when the key is another referral's. */
export const unseal = (content: Uint8Array, key: ContentKey): ReferralContent =>
  JSON.parse(key.open(content)) as ReferralContent;

/** The referral's content; null once erased, and where it was read without its key. */
export const openContent = (
  { sealed }: Pick<Referral, "sealed">,
  key: ContentKey | null,
): ReferralContent | null => (key && sealed ? unseal(sealed.content, key) : null);
