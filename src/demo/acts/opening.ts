import { z } from "zod";
import { bodyOf, check } from "../answers.ts";
import { readSampleRecord } from "../sample.ts";
import type { Act } from "../scene.ts";

const Added = z.object({ versions: z.number(), reports: z.number() });
const Records = z.object({ items: z.array(z.object({ plan: z.unknown(), report: z.unknown() })) });
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
    await step({
      at: "08:40",
      who: "Fingerpost",
      does: "takes one department's public record: its plan, a report, a clinic",
      async run() {
        const { plans, clinics } = await readSampleRecord();
        const put = (path: string, body: object) =>
          stage.call({ method: "PUT", path, key: stage.adminKey, body });
        const added = bodyOf(await put("/v1/plans", { plans }), 200, Added);
        check(added.versions === 2 && added.reports === 2, "two versions, two revisions", added);
        bodyOf(await put("/v1/clinics", { clinics }), 200, z.object({ clinics: z.literal(1) }));
        const { items } = bodyOf(await stage.call({ path: "/v1/plans" }), 200, Records);
        const silent = items.filter(({ report }) => report === null).length;
        return { details: [`${silent} other departments stand there by name as having reported nothing`] };
      },
    });
  },
};
