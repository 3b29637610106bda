import { type ListName, nounOf, type RegisterContent } from "./content.ts";
import { mapReferences, nearest } from "./references.ts";

/** A mistake at a place in the register: steps from its root, what is wrong, what to do. */
export interface Finding {
  at: (string | number)[];
  detail: string;
  hint?: string;
}

/** Everything that does not fit together in a register whose entries each have their shape. */
export function findMistakes(content: RegisterContent): Finding[] {
  return [
    ...unknownNames(content),
    ...circles(content, "escalateTo", (pool) => pool.escalateTo),
    ...circles(content, "closed", (pool) => (pool.closed ? [pool.closed.successor] : [])),
    ...rotaStrangers(content),
    ...sharedIdentities(content),
    ...sharedServers(content),
  ];
}

function unknownNames(content: RegisterContent): Finding[] {
  const findings: Finding[] = [];
  const known: Record<ListName, Set<string>> = {
    departments: new Set(content.departments.map(({ slug }) => slug)),
    topics: new Set(content.topics.map(({ code }) => code)),
    pools: new Set(content.pools.map(({ slug }) => slug)),
    advisors: new Set(content.advisors.map(({ id }) => id)),
    people: new Set(content.people.map(({ id }) => id)),
    forums: new Set(content.forums.map(({ slug }) => slug)),
  };
  mapReferences(content, (list, name, at) => {
    if (!known[list].has(name)) {
      const near = nearest(name, known[list]);
      const hint = near ? `Did you mean "${near}"?` : `Add it to \`${list}\`, or remove it here.`;
      findings.push({ at, detail: `There is no ${nounOf[list]} "${name}".`, hint });
    }
    return name;
  });
  return findings;
}

type Pool = RegisterContent["pools"][number];

/** Pools from which a chain of `field` leads back to themselves. */
function circles(
  content: RegisterContent,
  field: string,
  nextOf: (pool: Pool) => readonly string[],
): Finding[] {
  const bySlug = new Map(content.pools.map((pool) => [pool.slug, pool]));
  const reaches = (from: Pool): boolean => {
    const seen = new Set<string>();
    const ahead = [...nextOf(from)];
    for (let slug = ahead.pop(); slug !== undefined; slug = ahead.pop()) {
      if (slug === from.slug) return true;
      const pool = bySlug.get(slug);
      if (!pool || seen.has(slug)) continue;
      seen.add(slug);
      ahead.push(...nextOf(pool));
    }
    return false;
  };
  return content.pools.flatMap((pool, i) =>
    nextOf(pool).length > 0 && reaches(pool)
      ? [
          {
            at: ["pools", i, field],
            detail: `This leads from "${pool.slug}" back to itself.`,
            hint: "Break the circle at one of its pools.",
          },
        ]
      : [],
  );
}

function rotaStrangers(content: RegisterContent): Finding[] {
  const poolsOf = new Map(content.advisors.map(({ id, pools }) => [id, pools]));
  return content.pools.flatMap((pool, i) =>
    pool.rota.flatMap((turn, j) =>
      turn.advisors.flatMap((id, k) =>
        poolsOf.get(id)?.includes(pool.slug) === false
          ? [
              {
                at: ["pools", i, "rota", j, "advisors", k],
                detail: `"${id}" is no advisor of "${pool.slug}".`,
                hint: "Add the pool to the advisor's `pools`, or take the advisor off the rota.",
              },
            ]
          : [],
      ),
    ),
  );
}

/** Slack ids and email addresses name one person; the same person may be an advisor and stand among the people. */
function sharedIdentities(content: RegisterContent): Finding[] {
  const findings: Finding[] = [];
  const holders = new Map<string, string>();
  for (const list of ["advisors", "people"] as const) {
    for (const [i, { id, email, slackUserId }] of content[list].entries()) {
      for (const [field, value] of [
        ["email", email?.toLowerCase()],
        ["slackUserId", slackUserId],
      ] as const) {
        if (value === undefined) continue;
        const holder = holders.get(`${field}:${value}`);
        holders.set(`${field}:${value}`, holder ?? id);
        if (holder === undefined || holder === id) continue;
        findings.push({
          at: [list, i, field],
          detail: `"${holder}" has the same ${field}.`,
          hint: "Each person needs one of their own.",
        });
      }
    }
  }
  return findings;
}

function sharedServers(content: RegisterContent): Finding[] {
  const findings: Finding[] = [];
  const holders = new Map<string, string>();
  for (const [i, { slug, discord, slack }] of content.forums.entries()) {
    const places = [
      ["discord", "guildId", discord?.guildId],
      ["slack", "teamId", slack?.teamId],
    ] as const;
    for (const [platform, field, value] of places) {
      if (value === undefined) continue;
      const holder = holders.get(`${platform}:${value}`);
      holders.set(`${platform}:${value}`, holder ?? slug);
      if (holder === undefined) continue;
      findings.push({
        at: ["forums", i, platform, field],
        detail: `"${holder}" lives there already.`,
        hint: "One server is one forum.",
      });
    }
  }
  return findings;
}
