import type { Change } from "./merge.ts";

const signs: Record<Change["kind"], string> = { add: "+", change: "~", remove: "-", rename: ">" };

/** One row for each change, for a table on a terminal: sign, kind, what, name, details. */
export function changeRows(
  changes: readonly Change[],
): [sign: string, kind: string, what: string, name: string, details: string][] {
  return changes.map(({ kind, what, slug, from, fields }) => [
    signs[kind],
    kind,
    what,
    what === slug ? "" : slug,
    [from === undefined ? "" : `was ${from}`, fields?.join(", ") ?? ""]
      .filter((part) => part !== "")
      .join("; "),
  ]);
}

/** How many of each kind, in words: `3 added, 1 changed`; `nothing to change` when there are none. */
export function summariseChanges(changes: readonly Change[]): string {
  const words = { add: "added", change: "changed", rename: "renamed", remove: "removed" } as const;
  const parts = (["add", "change", "rename", "remove"] as const).flatMap((kind) => {
    const count = changes.filter((change) => change.kind === kind).length;
    return count > 0 ? [`${count} ${words[kind]}`] : [];
  });
  return parts.length > 0 ? parts.join(", ") : "nothing to change";
}
