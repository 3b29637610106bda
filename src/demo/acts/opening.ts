import { z } from "zod";
import { bodyOf, check } from "../answers.ts";
import type { Act } from "../scene.ts";

const Applied = z.object({ applied: z.boolean(), warnings: z.array(z.unknown()) });

/** The sample register is applied, and forums that have a server get the secret they sign with. */
export const opening: Act = {
  day: "2026-11-23",
  title: "Monday, before nine: setting up",
  async play({ stage, step }) {
    const { sample } = stage;
    await step({
      at: "08:30",
      who: "Fingerpost",
      does: `takes the register: ${sample.pools.length} pools, ${sample.forums.length} forums, ${sample.rules.length} rules`,
      async run() {
        const path = "/v1/register";
        const answer = await stage.call({ method: "PUT", path, key: stage.adminKey, body: sample });
        const { applied, warnings } = bodyOf(answer, 200, Applied);
        check(applied && warnings.length === 0, "a register without warnings", warnings);
        return { details: ["everybody here is invented: forums live at *.example"] };
      },
    });
    const joining = sample.forums.filter(({ callbackUrl }) => callbackUrl !== undefined);
    await step({
      at: "08:35",
      who: "Forum",
      does: `${joining.length} forums join: each gets a signing secret, shown once`,
      async run() {
        for (const { slug } of joining) await stage.issueSecret(slug);
        return {};
      },
    });
  },
};
