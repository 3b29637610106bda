import path from "node:path";
import { pathToFileURL } from "node:url";
import { packageRoot } from "../../src/db/index.ts";
import { manyInputs, manyRules } from "../routing/make-rules.ts";
import { defineBench } from "./bench.ts";
import { median, show } from "./figures.ts";
import { routeByHand } from "./floors/routing.ts";
import { alternate, ratioOf } from "./pairs.ts";

const pools = Array.from({ length: 200 }, (_, index) => `pool-${index}`);

export const bench = defineBench({
  name: "routing",
  about: "Decisions by 2,000 rules over excerpts of 600 characters, beside ten conditions written by hand.",
  async run(context) {
    const built = pathToFileURL(path.join(packageRoot(), "dist", "src", "routing", "index.js")).href;
    const { compileRules, decideRoute } = (await import(
      built
    )) as typeof import("../../src/routing/index.ts");
    const rules = compileRules(manyRules(2000, pools), {
      pools: pools.map((slug) => ({ slug, name: slug })),
    });
    const inputs = manyInputs(1000);
    const perSecond = (decide: (input: (typeof inputs)[number]) => unknown, rounds: number) => async () => {
      const startedAt = performance.now();
      for (let round = 0; round < rounds; round += 1) for (const input of inputs) decide(input);
      return (rounds * inputs.length * 1000) / (performance.now() - startedAt);
    };
    const rounds = context.quick ? 2 : 100;
    const pairs = await alternate(context.pairs, {
      ours: perSecond((input) => decideRoute(rules, input), rounds),
      floor: perSecond(routeByHand, rounds * 20),
    });
    const ours = median(pairs.ours);
    return [
      {
        what: "2,000 rules, decisions/s",
        ours: show(ours),
        floor: show(median(pairs.floor)),
        ratio: ratioOf(pairs, (one) => one),
        target: "≥ 50,000 /s",
        holds: ours >= 50_000,
        detail: { pairs },
      },
    ];
  },
});
