import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { createWorld, type World } from "../support/world.ts";

interface Sample {
  departments: { slug: string }[];
  topics: object[];
  pools: object[];
  advisors: object[];
  people: object[];
  forums: { slug: string; callbackUrl?: string }[];
}

/** The sample register, without the callbacks that reach nothing. */
export const sample: Sample = parse(
  readFileSync(new URL("../../examples/register.yaml", import.meta.url), "utf8"),
);

/** A world with the sample's forums beside the three of every test. */
export async function directoryWorld(options: Parameters<typeof createWorld>[0] = {}): Promise<World> {
  const world = await createWorld(options);
  const { departments, topics, pools, advisors, people } = sample;
  const forums = sample.forums.map(({ callbackUrl: _callback, ...forum }) => forum);
  const applied = await world.apply({ departments, topics, pools, advisors, people, forums });
  if (applied.status !== 200) throw new Error(JSON.stringify(applied.body));
  return world;
}
