import { check, inShort } from "./answers.ts";
import type { Narrator } from "./narrator.ts";
import type { Act } from "./scene.ts";
import type { Call, Stage } from "./stage.ts";

/** Something to try by oneself while the instance stays up. */
interface Trial {
  says: string;
  call: Pick<Call, "method" | "path" | "body" | "headers">;
  /** The status that it answers. */
  answers: number;
}

const trials: readonly Trial[] = [
  {
    says: "referrals that wait for the member's word",
    call: { path: "/v1/referrals?state=replied" },
    answers: 200,
  },
  {
    says: "the figures, for a spreadsheet",
    call: { path: "/v1/stats?by=pool,topic&format=csv" },
    answers: 200,
  },
  {
    says: "where a text would go, and why",
    call: {
      method: "POST",
      path: "/v1/explain",
      body: { forum: "example-parents", text: "when is the first jab" },
    },
    answers: 200,
  },
  {
    says: "a post of your own",
    call: {
      method: "POST",
      path: "/v1/forums/example-parents/referrals",
      headers: { "idempotency-key": "mine-1" },
      body: {
        as: "forum:example-parents",
        excerpt: "Is my UC advance late?",
        url: "https://parents.example/1",
        moderator: "me",
        consent: "member-agreed",
      },
    },
    answers: 201,
  },
];

/** Makes each of those calls, which leave their traces: only where the instance goes at once. */
export const rehearsal: Act = {
  day: "2026-11-24",
  title: "Tuesday, later: what to try by yourself",
  async play({ stage, step }) {
    for (const { says, call, answers } of trials)
      await step({
        at: "11:05",
        who: "Fingerpost",
        does: says,
        async run() {
          const answer = await stage.call({ ...call, key: stage.adminKey });
          check(answer.status === answers, `the answer ${answers}`, inShort(answer));
          return {};
        },
      });
  },
};

/** Prints what to try next, as commands to copy. */
export function printNext(stage: Pick<Stage, "address" | "adminKey">, say: Narrator): void {
  say.plain("In another terminal:");
  say.plain();
  say.plain(`export FP=${stage.address}`);
  say.plain(`export KEY="Authorization: Bearer ${stage.adminKey}"`);
  for (const { says, call } of trials) {
    say.plain();
    say.plain(`# ${says}`);
    for (const line of commandOf(call)) say.plain(line);
  }
  say.plain();
  say.plain("# every call there is, to read in a browser");
  say.plain(`${stage.address}/docs`);
}

function commandOf({ path, body, headers = {} }: Trial["call"]): string[] {
  const extra = Object.entries(headers).map(([name, value]) => `-H "${name}: ${value}"`);
  if (body === undefined) return [`curl -sH "$KEY" "$FP${path}"`];
  return [
    `curl -sH "$KEY" ${["-H content-type:application/json", ...extra].join(" ")} \\`,
    `  $FP${path} \\`,
    ...bodyLines(JSON.stringify(body)),
  ];
}

/** A JSON object on lines that fit: broken after commas, which a shell's quotes and JSON both allow. */
function bodyLines(json: string): string[] {
  const lines: string[] = [];
  let line = "  -d '";
  for (const piece of json.split(/(?<=",)(?=")/)) {
    if (line.length + piece.length > 78) {
      lines.push(line);
      line = "    ";
    }
    line += piece;
  }
  return [...lines, `${line}'`];
}
