import type { Tx } from "../db/index.ts";
import type { Deps } from "../deps.ts";
import type { ContentKey } from "../privacy/index.ts";
import { askIn } from "./forum-words.ts";
import type { EventRecord, Referral, TextRecord } from "./model.ts";
import { findText, findTexts } from "./store/records.ts";
import { findContentKeys } from "./store/referrals.ts";

/** What a forum that collects is given of one referral: the key to its replies, and words under the names of callbacks. */
export interface Collected {
  key: ContentKey;
  /** Corrections of its replies that the forum has not posted yet. */
  texts: TextRecord[];
  words: { ask?: string; questionId?: string; text?: string };
}

/** What a forum still has to post of these referrals, by their ids; nothing for one whose content is gone. */
export async function collect(
  deps: Deps,
  tx: Tx,
  waiting: string | undefined,
  referrals: readonly Referral[],
  histories: ReadonlyMap<string, readonly EventRecord[]>,
): Promise<Map<string, Collected>> {
  const found = new Map<string, Collected>();
  const keys = await findContentKeys(
    tx,
    referrals.map(({ id }) => id),
  );
  const corrections =
    waiting === "reply" ? await correctionsIn(tx, histories) : new Map<string, TextRecord>();
  for (const { id, language } of referrals) {
    const wrapped = keys.get(id);
    if (!wrapped) continue;
    const key = deps.keyring.unwrap(wrapped);
    const words =
      waiting === "consent"
        ? { ask: askIn(language) }
        : waiting === "question"
          ? await questionIn(tx, key, histories.get(id) ?? [])
          : {};
    found.set(id, { key, words, texts: textsOf(histories.get(id) ?? [], corrections) });
  }
  return found;
}

const correctionIds = (history: readonly EventRecord[]): string[] =>
  history.flatMap(({ type, textId }) =>
    type === "reply.correction_queued" && textId !== null ? [textId] : [],
  );

/** The texts of all corrections in these histories by their ids, read at once. */
async function correctionsIn(
  tx: Tx,
  histories: ReadonlyMap<string, readonly EventRecord[]>,
): Promise<Map<string, TextRecord>> {
  const texts = await findTexts(tx, [...histories.values()].flatMap(correctionIds));
  return new Map(texts.map((text) => [text.id, text]));
}

const textsOf = (history: readonly EventRecord[], known: ReadonlyMap<string, TextRecord>): TextRecord[] =>
  correctionIds(history).flatMap((id) => known.get(id) ?? []);

async function questionIn(
  tx: Tx,
  key: ContentKey,
  history: readonly EventRecord[],
): Promise<Collected["words"]> {
  const questionId = history.findLast(({ type }) => type === "question.queued")?.textId;
  if (!questionId) return {};
  const asked = await findText(tx, questionId);
  return asked?.body ? { questionId, text: key.open(asked.body) } : {};
}
