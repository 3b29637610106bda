import type { Case } from "../../src/stats/model.ts";

const finished = ["resolved", "closed", "withdrawn", "merged"];

function exactPercentile(values: number[], share: number): number | null {
  if (values.length === 0) return null;
  const sorted = values.toSorted((a, b) => a - b);
  const rank = share * (sorted.length - 1);
  const [low, high] = [sorted[Math.floor(rank)] ?? 0, sorted[Math.ceil(rank)] ?? 0];
  return Math.round((low + (high - low) * (rank - Math.floor(rank))) / 1000);
}

const times = (cases: readonly Case[], from: (one: Case) => Date | null, to: (one: Case) => Date | null) => {
  const values = cases.flatMap((one) => {
    const [start, end] = [from(one), to(one)];
    return start && end && one.state !== "merged" ? [end.getTime() - start.getTime()] : [];
  });
  return { count: values.length, median: exactPercentile(values, 0.5), p90: exactPercentile(values, 0.9) };
};

/** Figures by the plainest reading of docs/metrics.md, looking at every referral and every event again for each of them. */
export function slowFigures(cases: readonly Case[], now: Date) {
  const kept = cases.filter(({ state }) => state !== "merged");
  const open = kept.filter(({ state }) => !finished.includes(state));
  const inState = (state: string) =>
    kept.reduce((sum, one) => {
      const changes = one.history.filter(({ to }) => to !== null);
      return changes.reduce((all, { to, at }, i) => {
        const end = changes[i + 1]?.at ?? now;
        return to === state ? all + end.getTime() - at.getTime() : all;
      }, sum);
    }, 0);
  const happened = (type: string) =>
    cases.flatMap(({ history }) => history).filter((event) => event.type === type);
  const oldest = Math.min(...open.map(({ submittedAt }) => submittedAt.getTime()));
  return {
    received: kept.length,
    merged: cases.length - kept.length,
    open: open.length,
    oldestOpen: open.length === 0 ? null : Math.round((now.getTime() - oldest) / 1000),
    claimConflicts: cases.flatMap(({ lostClaims }) => lostClaims).length,
    claimLapses: happened("referral.lapsed").length,
    escalations: happened("referral.escalated").length,
    timeToClaim: times(
      cases,
      (one) => one.firstOfferedAt,
      (one) => one.firstClaimedAt,
    ),
    timeToFirstReply: times(
      cases,
      (one) => one.consentedAt ?? one.submittedAt,
      (one) => one.firstRepliedAt,
    ),
    timeToResolution: times(
      cases.filter(({ state }) => state === "resolved"),
      (one) => one.submittedAt,
      (one) => one.resolvedAt,
    ),
    waitingOn: {
      pool: Math.round(inState("offered") / 1000),
      advisor: Math.round(inState("claimed") / 1000),
      member: Math.round((inState("awaiting_consent") + inState("waiting_member")) / 1000),
      forum: Math.round(inState("replied") / 1000),
      triage: Math.round(inState("triage") / 1000),
      safeguarding: Math.round(inState("diverted") / 1000),
    },
    dispositions: countBy(
      kept.filter(({ state }) => finished.includes(state)).map(({ disposition }) => disposition ?? "none"),
    ),
    declines: countBy(happened("referral.declined").map(({ data }) => String(data.reason))),
  };
}

function countBy(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}
