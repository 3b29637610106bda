const hourMs = 3_600_000;

/** An age in words, rounded down. */
function ageInWords(ms: number): string {
  const hours = Math.floor(ms / hourMs);
  if (hours < 1) return "less than an hour";
  if (hours < 48) return hours === 1 ? "1 hour" : `${hours} hours`;
  return `${Math.floor(hours / 24)} days`;
}

const referrals = (n: number, verb: [one: string, many: string]) =>
  n === 1 ? `1 referral ${verb[0]}` : `${n} referrals ${verb[1]}`;

/** What the figures of a question leave out or hold back, as sentences; none where there is nothing to say. */
export function notesOn(
  counts: Readonly<Record<string, number>>,
  about: { older: { count: number; oldest: Date | null }; now: Date; withMerged: boolean },
): string[] {
  const { older, now, withMerged } = about;
  const of = (name: string) => counts[name] ?? 0;
  const notes: string[] = [];
  if (of("open") > 0) notes.push(`${referrals(of("open"), ["is", "are"])} still open`);
  if (older.count > 0 && older.oldest) {
    const age = ageInWords(now.getTime() - older.oldest.getTime());
    notes.push(
      `${referrals(older.count, ["from before this period is", "from before this period are"])} still open and not counted here; the oldest is ${age} old`,
    );
  }
  if (of("merged") > 0)
    notes.push(
      withMerged
        ? `${referrals(of("merged"), ["was", "were"])} merged with another and counted as received only`
        : `${referrals(of("merged"), ["was", "were"])} merged with another and not counted`,
    );
  if (of("contradicted") > 0)
    notes.push(
      `For ${referrals(of("contradicted"), ["that is", "that are"])} resolved, the member or a moderator said that it did not help`,
    );
  return notes;
}
