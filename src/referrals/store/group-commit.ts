/** What became of one item: the result of the statement that wrote it. */
type Write<Item, Result> = (items: readonly Item[]) => Promise<Result>;

/** A bound on the memory of a statement and on how long those behind it wait. */
const mostAtOnce = 64;

interface Waiting<Item, Result> {
  item: Item;
  resolve(result: Result): void;
  reject(error: unknown): void;
}

/**
 * Writes items in groups: what arrives while a statement is under way goes out together with the next. There is no timer, so
 * an idle server writes at once. Where a group fails, each of its items is written by a statement of its own, and only
 * what is wrong fails. Items go out in the order in which they came.
 */
export function createGroupCommit<Item, Result>(write: Write<Item, Result>): (item: Item) => Promise<Result> {
  let waiting: Waiting<Item, Result>[] = [];
  let isWriting = false;

  async function writeAll(): Promise<void> {
    isWriting = true;
    while (waiting.length > 0) {
      const group = waiting.slice(0, mostAtOnce);
      waiting = waiting.slice(mostAtOnce);
      await settle(group);
    }
    isWriting = false;
  }

  async function settle(group: readonly Waiting<Item, Result>[]): Promise<void> {
    try {
      const result = await write(group.map(({ item }) => item));
      for (const one of group) one.resolve(result);
    } catch (error) {
      if (group.length === 1) for (const one of group) one.reject(error);
      else await Promise.all(group.map((one) => settle([one])));
    }
  }

  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      if (!isWriting) void writeAll();
    });
}
