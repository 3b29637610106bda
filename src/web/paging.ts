/** What GOV.UK Frontend's pagination takes: numbers around the present page, and the pages before and after it. */
export interface PageLinks {
  items: ({ number: number; href: string; current: boolean } | { ellipsis: true })[];
  previous: string | null;
  next: string | null;
}

/** Links to the pages of a list, with the question they answer kept in each address. Null where there is but one page. */
export function pageLinks(
  address: string,
  query: Readonly<Record<string, string | number>>,
  page: number,
  pages: number,
): PageLinks | null {
  if (pages < 2) return null;
  const hrefOf = (number: number) => {
    const parameters = new URLSearchParams();
    for (const [name, value] of Object.entries(query))
      if (name !== "page" && value !== "") parameters.set(name, String(value));
    if (number > 1) parameters.set("page", String(number));
    const text = parameters.toString();
    return text === "" ? address : `${address}?${text}`;
  };
  const shown = [...new Set([1, page - 1, page, page + 1, pages])].filter(
    (number) => number >= 1 && number <= pages,
  );
  const items = shown.flatMap((number, i): PageLinks["items"] => {
    const item = { number, href: hrefOf(number), current: number === page };
    const gap = number - (shown[i - 1] ?? number) > 1;
    return gap ? [{ ellipsis: true }, item] : [item];
  });
  return {
    items,
    previous: page > 1 ? hrefOf(page - 1) : null,
    next: page < pages ? hrefOf(page + 1) : null,
  };
}
