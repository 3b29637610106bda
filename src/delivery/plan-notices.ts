import type { NoticeType } from "../contract/notice.ts";
import type { AdapterDirectory } from "../deps.ts";
import type { Register } from "../register/model.ts";

/** Who is to be told: a forum, a pool or the holders of an alert, each by the name it has in the register. */
export interface Audience {
  forum?: string | undefined;
  pool?: string | undefined;
  alert?: string | undefined;
  notice: NoticeType;
  /** An adapter that is not to be used, because it is the one that fails. Only for alerts. */
  except?: string | undefined;
}

export interface Destination {
  adapter: string;
  /** `forum:<slug>`, `pool:<slug>` or `alert:<name>`. */
  destination: string;
}

/**
 * Where a notice goes: to a forum through the adapter of its platform, to a pool or an alert through every adapter that
 * has an address in its entry. Adapters that are off, or do not carry the notice, are left out; so is a forum that has
 * left, that stopped its callbacks, or that collects because it has no `callbackUrl`.
 */
export function destinationsFor(register: Register, adapters: AdapterDirectory, to: Audience): Destination[] {
  const found: Destination[] = [];
  if (to.forum !== undefined) found.push(...forForum(register, adapters, to.forum, to.notice));
  if (to.pool !== undefined) {
    const entry = register.pools.get(to.pool);
    const plan = to.notice === "alert" ? forAlert : forEntry;
    found.push(...plan(adapters, entry, `pool:${to.pool}`, to));
  }
  if (to.alert !== undefined) {
    const entry = Object.entries(register.alerts).find(([name]) => name === to.alert)?.[1];
    found.push(...forAlert(adapters, entry, `alert:${to.alert}`, to));
    // Beside every other way: whoever is called finds the call on their desk.
    if (adapters.carries("desk")?.has(to.notice))
      found.push({ adapter: "desk", destination: `alert:${to.alert}` });
  }
  return found;
}

function forForum(
  register: Register,
  adapters: AdapterDirectory,
  slug: string,
  notice: NoticeType,
): Destination[] {
  const forum = register.forums.get(slug);
  const adapter = forum?.platform;
  if (!forum || forum.leftAt || adapter === undefined) return [];
  if (!adapters.carries(adapter)?.has(notice)) return [];
  const collects =
    adapter === "webhook" && (forum.callbackUrl === undefined || forum.callbackStoppedAt !== null);
  return collects ? [] : [{ adapter, destination: `forum:${slug}` }];
}

/**
 * An alert, or a word to a pool's leads, that the register sends nowhere still goes to the adapter that can call people, or
 * else write a log line.
 */
function forAlert(
  adapters: AdapterDirectory,
  entry: object | undefined,
  destination: string,
  { notice, except }: Pick<Audience, "notice" | "except">,
): Destination[] {
  const found = forEntry(adapters, entry, destination, { notice }).filter(
    ({ adapter }) => adapter !== except,
  );
  if (found.length > 0 || except === "email" || !adapters.carries("email")?.has(notice)) return found;
  return [{ adapter: "email", destination }];
}

function forEntry(
  adapters: AdapterDirectory,
  entry: object | undefined,
  destination: string,
  { notice }: Pick<Audience, "notice">,
): Destination[] {
  if (!entry) return [];
  const addressed = Object.entries(entry).filter(([, address]) => address !== undefined);
  return addressed
    .map(([adapter]) => adapter)
    .filter((adapter) => adapters.known.has(adapter) && adapters.carries(adapter)?.has(notice))
    .map((adapter) => ({ adapter, destination }));
}
