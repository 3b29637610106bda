import { z } from "zod";
import type { Tx } from "../db/index.ts";

const Server = z.tuple([
  z.object({
    version: z.string(),
    fsync: z.string(),
    fullPageWrites: z.string(),
    synchronousCommit: z.string(),
    encoding: z.string(),
  }),
]);

/** The version of the database server, such as 180004, and the settings that what was accepted depends on. */
export async function readServer(tx: Tx): Promise<z.infer<typeof Server>[0]> {
  const rows = await tx.$queryRaw`
    SELECT current_setting('server_version_num') AS version, current_setting('fsync') AS fsync,
      current_setting('full_page_writes') AS "fullPageWrites",
      current_setting('synchronous_commit') AS "synchronousCommit",
      current_setting('server_encoding') AS encoding`;
  return Server.parse(rows)[0];
}
