import { z } from "zod";

const Id = z.string().regex(/^\d{1,20}$/);
const User = z.object({ id: Id, bot: z.boolean().optional() });

const Input = z.object({
  type: z.number(),
  custom_id: z.string().max(100),
  value: z.string().max(4000).optional(),
  values: z.array(z.string().max(100)).max(25).optional(),
});
const Row = z.object({
  type: z.number(),
  component: Input.optional(),
  components: z.array(Input).optional(),
});

const Message = z.object({
  id: Id,
  channel_id: Id,
  content: z.string().default(""),
  author: User,
});

interface OptionShape {
  name: string;
  value?: string | number | boolean | undefined;
  options?: OptionShape[] | undefined;
}
const Option: z.ZodType<OptionShape> = z.object({
  name: z.string(),
  value: z.union([z.string(), z.number(), z.boolean()]).optional(),
  get options() {
    return z.array(Option).max(25).optional();
  },
});
export type Option = OptionShape;

const Data = z.object({
  name: z.string().optional(),
  type: z.number().optional(),
  target_id: Id.optional(),
  resolved: z.object({ messages: z.record(z.string(), Message).optional() }).optional(),
  options: z.array(Option).max(25).optional(),
  custom_id: z.string().max(100).optional(),
  components: z.array(Row).max(10).optional(),
});

/** The parts of an interaction that are used; others are left aside. */
export const Interaction = z.object({
  id: Id,
  application_id: Id,
  type: z.number(),
  token: z.string().regex(/^[\w.-]{1,1000}$/),
  data: Data.optional(),
  guild_id: Id.optional(),
  channel_id: Id.optional(),
  channel: z
    .object({ id: Id, type: z.number().optional(), name: z.string().nullish(), parent_id: Id.nullish() })
    .optional(),
  member: z.object({ user: User, permissions: z.string().default("0") }).optional(),
  user: User.optional(),
  message: z.object({ id: Id, channel_id: Id }).optional(),
});
export type Interaction = z.infer<typeof Interaction>;

export const interactionTypes = { ping: 1, command: 2, component: 3, autocomplete: 4, modal: 5 } as const;
export const answerTypes = { pong: 1, message: 4, later: 5, choices: 8, modal: 9 } as const;
export const flags = { suppressEmbeds: 1 << 2, ephemeral: 1 << 6 } as const;
export const componentTypes = { row: 1, button: 2, select: 3, text: 4, label: 18 } as const;

/** Values of a submitted modal by their custom ids. */
export function valuesOf(interaction: Interaction): Record<string, string> {
  const inputs = (interaction.data?.components ?? []).flatMap(({ component, components }) =>
    component ? [component] : (components ?? []),
  );
  return Object.fromEntries(
    inputs.flatMap(({ custom_id: name, value, values }) => {
      const given = value ?? values?.[0];
      return given === undefined || given.trim() === "" ? [] : [[name, given]];
    }),
  );
}

/** The subcommand and its options, or the options of a command without any. */
export function optionsOf(interaction: Interaction): { sub: string | null; values: Record<string, string> } {
  const given = interaction.data?.options ?? [];
  const sub = given.find(({ value }) => value === undefined);
  const own = sub ? (sub.options ?? []) : given;
  return {
    sub: sub?.name ?? null,
    values: Object.fromEntries(
      own.flatMap(({ name, value }) => (value === undefined ? [] : [[name, String(value)]])),
    ),
  };
}

/** Who used the app: in a server with what they may do there, in a direct message without. */
export function personOf(interaction: Interaction): { id: string; permissions: string } | null {
  const user = interaction.member?.user ?? interaction.user;
  return user ? { id: user.id, permissions: interaction.member?.permissions ?? "0" } : null;
}
