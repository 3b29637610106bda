/** What `doctor` found out about one thing. `mend` says what to do where it is not well. */
export interface Finding {
  name: string;
  state: "well" | "warning" | "broken";
  detail: string;
  mend?: string;
}

export const well = (name: string, detail: string): Finding => ({ name, state: "well", detail });

export const warning = (name: string, detail: string, mend: string): Finding => ({
  name,
  state: "warning",
  detail,
  mend,
});

export const broken = (name: string, detail: string, mend: string): Finding => ({
  name,
  state: "broken",
  detail,
  mend,
});

/** Well where nothing is listed, else the list with what to do. */
export function wellUnless(
  name: string,
  listed: readonly string[],
  words: { well: string; detail: string; mend: string },
): Finding {
  if (listed.length === 0) return well(name, words.well);
  return warning(name, `${words.detail}: ${listed.join(", ")}.`, words.mend);
}
