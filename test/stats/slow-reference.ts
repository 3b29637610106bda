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

type Event = Case["history"][number];
const isDelivery = ({ type, to }: Event) => to === "replied" || type === "reply.delivered";
const isShowing = ({ type }: Event) => type === "reply.held" || type === "reply.posted";

/** The earliest moment at which any reply stood on the forum, told from what the forum last said of each before it did. */
function shownFirst(one: Case): Date | null {
  const ids = new Set(one.history.map(({ data }) => data.replyId));
  const moments = [...ids].flatMap((id) => {
    const told = one.history.filter(({ data }) => data.replyId === id);
    const own = told
      .slice(told.findIndex(isDelivery))
      .filter((event) => isDelivery(event) || isShowing(event));
    if (!own.some(isDelivery)) return [];
    const hidden = own.map(({ type, data }) => type === "reply.held" || data.held === true).lastIndexOf(true);
    return own.slice(hidden + 1, hidden + 2).map(({ at }) => at);
  });
  return moments.length === 0 ? null : new Date(Math.min(...moments.map((at) => at.getTime())));
}

const ended = ({ history }: Case) =>
  history.filter(({ to, from }) => (to === "resolved" || to === "closed") && from !== "closed").at(-1);

/** On time ÷ due, asking each referral whether its time is over. */
function shareInTime(
  cases: readonly Case[],
  now: Date,
  dueAt: (one: Case) => Date | null,
  doneAt: (one: Case) => Date | null,
): number | null {
  let [due, inTime] = [0, 0];
  for (const one of cases) {
    const [by, done] = [dueAt(one), doneAt(one)];
    if (!by || one.state === "diverted" || ended(one)?.from === "diverted") continue;
    // The clock of a referral that waits for its member stands still.
    const until = one.state === "waiting_member" ? one.stateSince : (one.finishedAt ?? now);
    if (done || by < until) due += 1;
    if (done && done <= by) inTime += 1;
  }
  return due === 0 ? null : Math.round((inTime / due) * 10_000) / 10_000;
}

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
    timeToFirstReply: times(cases, (one) => one.consentedAt ?? one.submittedAt, shownFirst),
    withinTarget: {
      firstReply: shareInTime(
        kept,
        now,
        (one) => one.replyDueAt,
        (one) => one.firstRepliedAt,
      ),
      resolve: shareInTime(
        kept,
        now,
        (one) => one.resolveDueAt,
        (one) => (one.state === "resolved" ? one.resolvedAt : null),
      ),
    },
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
