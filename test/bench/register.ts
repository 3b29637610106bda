import { readFileSync } from "node:fs";
import path from "node:path";
import { parse } from "yaml";
import { packageRoot } from "../../src/db/index.ts";
import { adminKey } from "./servers.ts";

/** Enough forums that the greatest rate one may have stands in nobody's way. */
export const forumSlugs = Array.from({ length: 16 }, (_, index) => `bench-forum-${index}`);

/** The sample register with forums of this benchmark, whose callbacks go nowhere. */
export function benchRegister(callbackUrl = "http://127.0.0.1:9/"): Record<string, unknown> {
  const sample = parse(readFileSync(path.join(packageRoot(), "examples", "register.yaml"), "utf8"));
  const forums = forumSlugs.map((slug) => ({
    slug,
    name: `Forum ${slug}`,
    url: `https://${slug}.example/`,
    platform: "webhook",
    intervention: { model: "referral", agreedOn: "2026-11-01", agreedWith: "forum administrator" },
    consent: "moderator",
    callbackUrl,
    ratePerMinute: 100_000,
  }));
  const people = sample.people.filter(
    (person: { roles: string[] }) => !person.roles.some((role) => role.startsWith("operator:")),
  );
  return { ...sample, people, forums };
}

/** One call by the administrator; its answer's body. Throws when it is refused. */
export async function asAdmin(address: string, method: string, path: string, body?: unknown) {
  const response = await fetch(`${address}${path}`, {
    method,
    headers: { authorization: `Bearer ${adminKey}`, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const answer = (await response.json()) as Record<string, unknown>;
  if (!response.ok)
    throw new Error(`${method} ${path} was answered with ${response.status}: ${JSON.stringify(answer)}`);
  return answer;
}

/** Puts the register in force and makes a signing secret for each forum of the benchmark; by forum. */
export async function prepareForums(address: string): Promise<Map<string, string>> {
  await asAdmin(address, "PUT", "/v1/register", benchRegister());
  return issueSecrets(address);
}

/** A signing secret for each forum of the benchmark. */
export async function issueSecrets(address: string): Promise<Map<string, string>> {
  const secrets = new Map<string, string>();
  for (const slug of forumSlugs) {
    const { secret } = await asAdmin(address, "POST", `/v1/forums/${slug}/secrets`, {});
    secrets.set(slug, String(secret));
  }
  return secrets;
}
