import { readFile } from "node:fs/promises";
import path from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { packageRoot } from "../db/index.ts";

const Named = z.looseObject({ id: z.string(), name: z.string() });

/** The parts of the sample register that the demo reads or changes; the rest goes along as it is. */
const Sample = z.looseObject({
  pools: z.array(z.looseObject({ slug: z.string(), name: z.string() })),
  advisors: z.array(Named),
  people: z.array(Named),
  forums: z.array(z.looseObject({ slug: z.string(), callbackUrl: z.string().optional() })),
  rules: z.array(z.unknown()),
});
export type Sample = z.infer<typeof Sample>;

/** The example's public record, in the parts that the interface takes: plans with reports, and clinics. */
export interface SampleRecord {
  plans: unknown[];
  clinics: unknown[];
}

/** Reads `examples/record.yaml`. */
export async function readSampleRecord(): Promise<SampleRecord> {
  const text = await readFile(path.join(packageRoot(), "examples", "record.yaml"), "utf8");
  return z
    .object({ plans: z.array(z.unknown()), clinics: z.array(z.unknown()) })
    .parse(parse(text, { merge: true }));
}

/** Reads `examples/register.yaml`, with the callbacks of its forums led to a server that listens on this machine. */
export async function readSample(callbacksAt: string): Promise<Sample> {
  const text = await readFile(path.join(packageRoot(), "examples", "register.yaml"), "utf8");
  const sample = Sample.parse(parse(text));
  const forums = sample.forums.map((forum) =>
    forum.callbackUrl === undefined ? forum : { ...forum, callbackUrl: `${callbacksAt}/${forum.slug}` },
  );
  return { ...sample, forums };
}
