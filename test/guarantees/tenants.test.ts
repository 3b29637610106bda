import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type State, states } from "../../src/contract/vocabulary.ts";
import { verbs } from "../../src/referrals/index.ts";
import { exampleRegister } from "../support/example-register.ts";
import { createWorld, type World } from "../support/world.ts";
import { inParallel } from "./client.ts";
import { rewriteStatements, withoutScope } from "./fixtures/rewrite-statements.ts";
import {
  actors,
  isKeptOut,
  oneOfEach,
  reach,
  type Scene,
  sees,
  verbCases,
  withEverybody,
} from "./verb-cases.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
  const register = withEverybody(exampleRegister("http://127.0.0.1:9"));
  const { forums } = (await world.call("GET", "/v1/register", await world.keyFor("admin"))).body;
  const applied = await world.apply({ ...register, forums });
  if (applied.status !== 200) throw new Error(JSON.stringify(applied.body));
  for (const actor of actors) await world.keyFor(actor);
}, 60_000);
afterAll(() => world.close());

/** Everything a verb could leave behind. */
async function traces({ reference }: Scene): Promise<object> {
  const { id, version, state } = await world.db.prisma.referral.findUniqueOrThrow({ where: { reference } });
  const where = { referralId: id };
  return {
    version,
    state,
    events: await world.db.prisma.event.count({ where: { ...where, seq: { not: null } } }),
    deliveries: await world.db.prisma.delivery.count({ where }),
    replies: await world.db.prisma.reply.findMany({ where, select: { id: true, state: true } }),
    texts: await world.db.prisma.text.count({ where: { ...where, kind: { not: "kept" } } }),
  };
}

/** Who is shown the referral by its address, and in whose list it stands. */
async function readers({ reference }: Scene): Promise<{ shown: string[]; listed: string[] }> {
  const found: { shown: string[]; listed: string[] } = { shown: [], listed: [] };
  for (const actor of actors) {
    const key = await world.keyFor(actor);
    const one = await world.call("GET", `/v1/referrals/${reference}`, key);
    if (one.status === 200) found.shown.push(actor);
    else expect([actor, one.status]).toEqual([actor, isKeptOut(actor) ? 403 : 404]);
    const { body } = await world.call("GET", `/v1/referrals?limit=100&q=${reference}`, key);
    if ((body.items ?? []).some((item: Scene) => item.reference === reference)) found.listed.push(actor);
  }
  return found;
}

const codesWhereSeen = [
  "access/forbidden",
  "outcome/said-by-another",
  "referral/not-possible",
  "referral/already-claimed",
  "reply/not-found",
  "reply/own-clearance",
  "advisor/not-found",
  "outcome/incomplete",
  "referral/reopen-window-over",
  "referral/erased",
];

describe.each(states)("a referral that is %s", (state: State) => {
  test("takes no verb from anybody but those the domain lists; whoever may not see it is told there is none", async () => {
    const scene = await reach(world, state);
    const before = await traces(scene);
    const tries = verbCases.flatMap((verbCase) => {
      const takers = verbCase.by[state];
      return (takers ? actors : oneOfEach)
        .filter((actor) => !takers?.includes(actor))
        .map((actor) => ({ verbCase, actor, isHome: takers !== undefined }));
    });
    const wrong: string[] = [];
    await inParallel(tries, 4, async ({ verbCase: { verb, body }, actor, isHome }) => {
      const { status, body: said } = await world.as(actor, scene.reference, verb, body(scene, actor, state));
      const told = `${actor} ${verb}: ${status} ${said.code}`;
      if (isKeptOut(actor)) {
        if (said.code !== "access/forbidden") wrong.push(told);
      } else if (!sees(actor, state)) {
        if (said.code !== "referral/not-found" || Object.hasOwn(said, "state")) wrong.push(told);
      } else if (verb === "merge" && said.code === "referral/not-found") {
        // It is the other one that they do not see.
        if (sees(actor, "offered")) wrong.push(told);
      } else if (!codesWhereSeen.includes(said.code) || (isHome && status !== 403)) wrong.push(told);
    });
    expect(wrong).toEqual([]);
    expect(await traces(scene)).toEqual(before);
  }, 120_000);

  test("is shown and listed to those who may see it, and to nobody else", async () => {
    const scene = await reach(world, state);
    const mayRead = actors.filter((actor) => sees(actor, state) && !isKeptOut(actor));
    expect(await readers(scene)).toEqual({ shown: mayRead, listed: mayRead });
  }, 60_000);
});

describe("a product that forgets whose a referral is", () => {
  test("shows and lists it to strangers, and the check above finds them", async () => {
    const scene = await reach(world, "offered");
    const undo = rewriteStatements(withoutScope);
    try {
      const { shown, listed } = await readers(scene);
      for (const stranger of [
        "advisor:noor.s",
        "advisor:jo.v",
        "forum:young",
        "operator:young",
        "person:cleo.c",
      ])
        expect([stranger, shown.includes(stranger), listed.includes(stranger)]).toEqual([
          stranger,
          true,
          true,
        ]);
    } finally {
      undo();
    }
  });
});

const allowed = verbCases.flatMap(({ verb, by, body }) =>
  Object.entries(by).flatMap(([state, who]) => ({ verb, state: state as State, who, body })),
);

describe("a listed step", () => {
  test("covers every verb there is", () => {
    expect(verbCases.map(({ verb }) => verb).sort()).toEqual([...verbs.keys()].sort());
  });

  test.each(allowed)(
    "$verb of a referral that is $state is taken by each of those listed",
    async (step) => {
      for (const actor of step.who) {
        const scene = await reach(world, step.state);
        const { version } = await world.show(scene.reference);
        const sent = step.body(scene, actor, step.state);
        const { status, body } = await world.as(actor, scene.reference, step.verb, sent);
        expect([actor, status < 300 ? "taken" : `${status} ${body.code} ${body.detail}`]).toEqual([
          actor,
          "taken",
        ]);
        expect(body.version).toBeGreaterThan(version);
      }
    },
    60_000,
  );
});
