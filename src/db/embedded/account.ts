import { readFile, stat } from "node:fs/promises";

/** The account PostgreSQL runs under when Fingerpost itself runs as root, which PostgreSQL refuses to do. */
export interface ServerAccount {
  uid: number;
  gid: number;
}

/**
 * Chooses the account for the server's processes: none when we are an ordinary user already; as root the owner of the
 * cluster where `folder` holds one, else `postgres` where the machine has it, else `nobody`.
 */
export async function findServerAccount(folder: string): Promise<ServerAccount | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const owner = await stat(folder).catch(() => undefined);
  if (owner !== undefined && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  const lines = (await readFile("/etc/passwd", "utf8")).split("\n").map((line) => line.split(":"));
  for (const wanted of ["postgres", "nobody"]) {
    const entry = lines.find(([name]) => name === wanted);
    const uid = Number(entry?.[2]);
    const gid = Number(entry?.[3]);
    if (uid > 0 && gid > 0) return { uid, gid };
  }
  throw new Error(
    "PostgreSQL does not run as root, and this machine has neither a `postgres` nor a `nobody` account for it. " +
      "Start Fingerpost as an ordinary user, or set DATABASE_URL to a PostgreSQL of your own.",
  );
}
