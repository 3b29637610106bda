import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { createGunzip } from "node:zlib";
import { z } from "zod";
import { ErasureLine, formatVersion, Header, rowStart } from "./backup-format.ts";

/** A restore cannot be done. The message is a sentence for a person; nothing was changed. */
export class RestoreRefused extends Error {}

/** Ends a restore with a sentence. */
export const refuse = (sentence: string): never => {
  throw new RestoreRefused(sentence);
};

/** A text's lines, ended by a line feed alone: other separators may stand inside a value. */
async function* splitLines(chunks: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = "";
  for await (const chunk of chunks) {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
  if (rest !== "") yield rest;
}

/** The lines of a backup, unpacked. A file cut short ends with the error of its unpacking. */
export async function* linesOf(file: string): AsyncGenerator<string> {
  const source = createReadStream(file);
  const unpacked = source.pipe(createGunzip()).setEncoding("utf8");
  source.on("error", (error) => unpacked.destroy(error));
  try {
    yield* splitLines(unpacked);
  } catch (error) {
    if (error instanceof Error && "syscall" in error) refuse(`${file} cannot be read: ${error.message}`);
    throw new RestoreRefused("This file is not a whole backup. Take another one.", { cause: error });
  }
}

/** What a backup says of itself, from its first line. */
export async function readHeader(file: string): Promise<Header> {
  for await (const line of linesOf(file)) {
    const parsed = z.tuple([z.literal("backup"), Header]).safeParse(parse(line));
    if (!parsed.success) break;
    if (parsed.data[1].format > formatVersion)
      refuse(
        `This backup was made by release ${parsed.data[1].version}, which is newer. Restore it with that one.`,
      );
    return parsed.data[1];
  }
  return refuse("This file is not a backup of Fingerpost.");
}

/** A line's JSON; undefined where it is none. */
export function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/** The erasures of a list as `export erasures` writes it, or of a newer backup. */
export async function readErasures(file: string): Promise<ErasureLine[]> {
  const handle = await open(file);
  const { buffer } = await handle.read(Buffer.alloc(2), 0, 2, 0).finally(() => handle.close());
  if (buffer[0] === 0x1f && buffer[1] === 0x8b) return erasuresOfBackup(file);
  const found: ErasureLine[] = [];
  for await (const line of splitLines(createReadStream(file, "utf8"))) {
    if (line.trim() === "") continue;
    const parsed = ErasureLine.safeParse(parse(line));
    if (!parsed.success) return refuse(`${file} is not a list of erasures.`);
    found.push(parsed.data);
  }
  return found;
}

const ErasureRow = z
  .object({ referral_id: z.string(), because: z.string(), at: z.string() })
  .transform(({ referral_id, ...row }) => ({ ...row, referralId: referral_id }));

async function erasuresOfBackup(file: string): Promise<ErasureLine[]> {
  const found: ErasureLine[] = [];
  let isErasure = false;
  for await (const line of linesOf(file)) {
    if (!line.startsWith(rowStart)) isErasure = line.startsWith('["table",{"name":"erasure"');
    else if (isErasure) found.push(ErasureRow.parse(JSON.parse(line.slice(rowStart.length, -1))));
  }
  return found;
}
