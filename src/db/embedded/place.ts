import { chown, lstat, mkdtemp, readFile, rename, writeFile } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import type { ServerAccount } from "./account.ts";

/** Where an embedded cluster keeps its things. All paths are absolute. */
export interface Place {
  dataDir: string;
  /** The cluster itself, as initdb makes it. */
  folder: string;
  /** Names the socket, for commands and tools that want to attach. */
  infoFile: string;
  logFile: string;
}

export const databaseName = "fingerpost";
export const ownerRole = "fingerpost";
export const adminRole = "postgres";

const Info = z.object({ socketDirectory: z.string(), database: z.string(), role: z.string() });

/** Names the parts of a cluster under `DATA_DIR`, which may be relative to the current folder. */
export function placeIn(dataDir: string): Place {
  const absolute = path.resolve(dataDir);
  return {
    dataDir: absolute,
    folder: path.join(absolute, "postgres"),
    infoFile: path.join(absolute, "postgres.json"),
    logFile: path.join(absolute, "postgres.log"),
  };
}

/** The folder of the socket of a cluster that this process has started or attached to. */
export async function notedSocketDirectory(place: Place): Promise<string> {
  const [directory] = await socketDirectories(place);
  return directory ?? place.folder;
}

/** Whether a socket fits into the cluster's own folder: 108 bytes on Linux, 104 on macOS, the final NUL included. */
const hasRoomForSocket = (place: Place): boolean =>
  Buffer.byteLength(path.join(place.folder, ".s.PGSQL.5432.lock")) < 104;

/**
 * The folders in which the socket of this cluster may be: the one written down, then the cluster's own where one fits.
 * A path that is too long is not tried: Node 24 refuses it as an invalid argument instead of finding nothing there.
 */
export async function socketDirectories(place: Place): Promise<string[]> {
  const text = await readFile(place.infoFile, "utf8").catch(() => "");
  const noted = text === "" ? undefined : Info.safeParse(JSON.parse(text)).data?.socketDirectory;
  const own = hasRoomForSocket(place) ? [place.folder] : [];
  return noted === undefined || noted === place.folder ? own : [noted, ...own];
}

/**
 * Chooses the folder for the socket and writes it down: the cluster's own, which only its account may enter, or a private
 * temporary one where the path would be too long for a socket.
 */
export async function chooseSocketDirectory(
  place: Place,
  account: ServerAccount | undefined,
): Promise<string> {
  const socketDirectory = hasRoomForSocket(place)
    ? place.folder
    : await temporarySocketDirectory(place, account);
  const info = { socketDirectory, database: databaseName, role: ownerRole } satisfies z.infer<typeof Info>;
  const draft = `${place.infoFile}.${process.pid}`;
  await writeFile(draft, `${JSON.stringify(info, null, 2)}\n`, { mode: 0o600 });
  await rename(draft, place.infoFile);
  return socketDirectory;
}

/** The address of the product's database behind a socket, in the form every PostgreSQL client reads. */
export function socketUrl(socketDirectory: string, database = databaseName, role = ownerRole): string {
  return `postgresql://${role}@localhost/${database}?host=${encodeURIComponent(socketDirectory)}`;
}

/** The one of the last start, where it is still private to the server's account; else a new one. */
async function temporarySocketDirectory(place: Place, account: ServerAccount | undefined): Promise<string> {
  const owner = account?.uid ?? process.getuid?.();
  const noted = await notedSocketDirectory(place);
  const entry = await lstat(noted).catch(() => undefined);
  const isPrivate = entry?.isDirectory() === true && entry.uid === owner && (entry.mode & 0o077) === 0;
  if (noted !== place.folder && isPrivate) return noted;
  const made = await mkdtemp("/tmp/fingerpost-socket-");
  if (account !== undefined) await chown(made, account.uid, account.gid);
  return made;
}

/** The refusal of a cluster that this account may not enter. */
export function foreignCluster(place: Place): Error {
  return new Error(
    `${place.folder} belongs to another account. Run this as the account that made it, or as root, ` +
      "or take a folder of your own with DATA_DIR.",
  );
}
