import { listDeliveries } from "../delivery/index.ts";
import type { Deps } from "../deps.ts";
import { liveSecrets } from "../forums/index.ts";
import { holidayCoverage, parseHours, serviceDays, ukHolidays } from "../pools/index.ts";
import { advisorsOf, holdersOf, type Register, takesReferrals } from "../register/model.ts";
import { type CrisisContacts, staleContacts } from "../safety/index.ts";
import { broken, type Finding, warning, well, wellUnless } from "./finding.ts";

const mostParked = 200;

/** What the register, the secrets and the outbox lack. */
export async function checkRegister(deps: Deps): Promise<Finding[]> {
  const { version, forums } = await deps.register(deps.db);
  if (version === 0)
    return [
      warning("register", "nothing is set up yet", "Write one and run `fingerpost apply register.yaml`."),
    ];
  const slugs = [...forums.values()].filter((forum) => takesReferrals(forum)).map(({ slug }) => slug);
  return [
    well("register", `version ${version}, ${slugs.length} of ${forums.size} forums take referrals`),
    await checkDuties(deps),
    ...(await checkRotas(deps)),
    await checkSecrets(deps),
    wellUnless(
      "callbacks",
      [...forums.values()].flatMap((forum) => (forum.callbackStoppedAt ? [forum.slug] : [])),
      {
        well: "no forum has stopped them",
        detail: "Stopped by the forum's own answer (410)",
        mend: "Ask the forum for another address, set it as callbackUrl and apply the register.",
      },
    ),
    await checkParked(deps),
  ];
}

/** Duties that nobody but the administrator holds yet. */
const vacantDuties = (register: Register): string[] =>
  ["triage", "safeguarding"].filter((role) => holdersOf(register, role).length === 0);

async function checkDuties(deps: Deps): Promise<Finding> {
  return wellUnless("duties", vacantDuties(await deps.register(deps.db)), {
    well: "triage and safeguarding have people",
    detail: "Nobody but the administrator holds",
    mend: "Add people with these roles to the register, and apply it.",
  });
}

const rotaDays = 14;

/** Days to come on which a pool is open and its rota has nobody; nothing where no pool has a rota. */
async function checkRotas(deps: Deps): Promise<Finding[]> {
  const register = await deps.register(deps.db);
  const pools = [...register.pools.values()].filter(({ rota }) => rota.length > 0);
  if (pools.length === 0) return [];
  const from = deps.now();
  const period = { from, to: new Date(from.getTime() + rotaDays * 86_400_000) };
  const gaps = pools.flatMap((pool) => {
    const by = { hours: parseHours(pool.hours), holidays: ukHolidays };
    const days = serviceDays(period, pool, advisorsOf(register, pool.slug), by);
    const first = days.find(({ isCovered }) => !isCovered);
    return first ? [`${pool.slug} from ${first.day}`] : [];
  });
  return [
    wellUnless("rotas", gaps, {
      well: `somebody is on duty on every day of service of the next ${rotaDays}`,
      detail: "The rota leaves days of service without anybody",
      mend: "Add turns to the pool's rota in the register, and apply it.",
    }),
  ];
}

/** A forum that talks by signed webhooks can neither send nor verify anything without a secret. */
async function checkSecrets(deps: Deps): Promise<Finding> {
  const without: string[] = [];
  for (const forum of (await deps.register(deps.db)).forums.values()) {
    if (forum.platform !== "webhook" || !takesReferrals(forum)) continue;
    if ((await liveSecrets(deps, forum.slug)).length === 0) without.push(forum.slug);
  }
  return wellUnless("secrets", without, {
    well: "every forum with webhooks has one",
    detail: "Without a signing secret",
    mend: "Run `fingerpost forum secret rotate SLUG` and hand the secret to the forum.",
  });
}

async function checkParked(deps: Deps): Promise<Finding> {
  const actor = { kind: "admin", keyId: "command-line" } as const;
  const { items, nextCursor } = await listDeliveries(deps, { state: "parked", limit: mostParked }, actor);
  if (items.length === 0) return well("deliveries", "none is parked");
  const where = [...new Set(items.map(({ destination }) => destination))].join(", ");
  return warning(
    "deliveries",
    `${items.length}${nextCursor === null ? "" : " or more"} are parked after days of trying, for ${where}`,
    "Mend the destination, then `POST /v1/deliveries/{id}/replay`.",
  );
}

/** What grows old: bank holidays and the contacts shown where somebody may be in danger. `areOwn`: from the operator's file. */
export function checkAges(now: Date, contacts: CrisisContacts, areOwn: boolean): Finding[] {
  const { until, daysLeft, warn } = holidayCoverage(now);
  const stale = staleContacts(now, contacts).map(({ code, checkedOn }) => `${code} (${checkedOn})`);
  const source = `${areOwn ? "from CRISIS_CONTACTS" : "those of this release"}, as of ${contacts.asOf}`;
  const holidays = `known until ${until}`;
  const renew = "Install a newer release: service hours are wrong on holidays that it does not know.";
  return [
    warn
      ? daysLeft < 0
        ? broken("bank holidays", holidays, renew)
        : warning("bank holidays", holidays, renew)
      : well("bank holidays", holidays),
    wellUnless("crisis contacts", stale, {
      well: `${source}, checked within half a year`,
      detail: `${source}, not checked for half a year`,
      mend: areOwn
        ? "Read the page of each, correct the file, set checkedOn, and restart."
        : "Read the page of each, and install a newer release or set CRISIS_CONTACTS.",
    }),
  ];
}
