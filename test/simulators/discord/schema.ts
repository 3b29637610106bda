import { Ajv, type ValidateFunction } from "ajv";

const text = { type: "string" };
const textOrNull = { type: ["string", "null"] };
const whole = { type: "integer" };
const yes = { type: "boolean" };
const snowflake = { type: "string", pattern: "^\\d{17,20}$" };
const listOf = (items: object) => ({ type: "array", items });
const closed = (properties: Record<string, object>, required: readonly string[] = []) => ({
  type: "object",
  additionalProperties: false,
  required,
  properties,
});
const orNull = (schema: object) => ({ anyOf: [schema, { type: "null" }] });
const words = { type: ["object", "null"], additionalProperties: text };
const emoji = { type: "object" };

const option = closed({ label: text, value: text, description: text, emoji, default: yes }, [
  "label",
  "value",
]);
/** Every key of every component that we may send (components/reference); what belongs where is checked elsewhere. */
const component = closed(
  {
    type: whole,
    id: whole,
    style: whole,
    label: text,
    custom_id: text,
    url: text,
    disabled: yes,
    emoji,
    sku_id: snowflake,
    options: listOf(option),
    placeholder: text,
    min_values: whole,
    max_values: whole,
    required: yes,
    default_values: listOf({ type: "object" }),
    channel_types: listOf(whole),
    min_length: whole,
    max_length: whole,
    value: text,
    content: text,
    description: textOrNull,
    accent_color: { type: ["integer", "null"] },
    spoiler: yes,
    divider: yes,
    spacing: whole,
    media: { type: "object" },
    items: listOf({ type: "object" }),
    file: { type: "object" },
    components: listOf({ $ref: "#/$defs/component" }),
    component: { $ref: "#/$defs/component" },
    accessory: { $ref: "#/$defs/component" },
  },
  ["type"],
);
const allowedMentions = closed({
  parse: listOf({ enum: ["users", "roles", "everyone"] }),
  users: listOf(snowflake),
  roles: listOf(snowflake),
  replied_user: yes,
});
const embed = closed({
  title: text,
  type: text,
  description: text,
  url: text,
  timestamp: text,
  color: whole,
  footer: { type: "object" },
  image: { type: "object" },
  thumbnail: { type: "object" },
  author: { type: "object" },
  fields: listOf(closed({ name: text, value: text, inline: yes }, ["name", "value"])),
});
const attachment = closed(
  { id: { type: ["integer", "string"] }, filename: text, description: { type: "string", maxLength: 1024 } },
  ["id"],
);
const shared = {
  content: textOrNull,
  tts: yes,
  embeds: orNull(listOf(embed)),
  components: orNull(listOf({ $ref: "#/$defs/component" })),
  allowed_mentions: orNull(allowedMentions),
  flags: { type: ["integer", "null"] },
  attachments: listOf(attachment),
  poll: { type: "object" },
  /** The library sends these with every body of a message; where they mean nothing they are ignored. */
  nonce: { type: ["string", "integer"] },
  enforce_nonce: yes,
};
const reference = closed(
  {
    message_id: snowflake,
    channel_id: snowflake,
    guild_id: snowflake,
    fail_if_not_exists: yes,
    type: whole,
  },
  ["message_id"],
);
const message = closed({
  ...shared,
  message_reference: reference,
  sticker_ids: listOf(snowflake),
});
const followUp = closed({ ...shared, thread_name: text, applied_tags: listOf(snowflake) });
const callbackData = closed({
  ...shared,
  custom_id: text,
  title: text,
  choices: listOf({ type: "object" }),
});
const commandOption = closed(
  {
    type: whole,
    name: text,
    name_localizations: words,
    description: text,
    description_localizations: words,
    required: yes,
    choices: listOf(closed({ name: text, name_localizations: words, value: {} }, ["name", "value"])),
    options: listOf({ $ref: "#/$defs/commandOption" }),
    channel_types: listOf(whole),
    min_value: { type: "number" },
    max_value: { type: "number" },
    min_length: whole,
    max_length: whole,
    autocomplete: yes,
  },
  ["type", "name", "description"],
);
const command = closed(
  {
    id: snowflake,
    name: text,
    name_localizations: words,
    description: text,
    description_localizations: words,
    options: listOf({ $ref: "#/$defs/commandOption" }),
    default_member_permissions: textOrNull,
    dm_permission: { type: ["boolean", "null"] },
    default_permission: yes,
    integration_types: orNull(listOf({ enum: [0, 1] })),
    contexts: orNull(listOf({ enum: [0, 1, 2] })),
    type: { enum: [1, 2, 3, 4] },
    nsfw: yes,
    handler: whole,
  },
  ["name"],
);
const thread = closed(
  {
    name: text,
    auto_archive_duration: whole,
    type: whole,
    invitable: yes,
    rate_limit_per_user: { type: ["integer", "null"] },
    applied_tags: listOf(snowflake),
    message,
  },
  ["name"],
);

/** The shape of each body that we may send, written from Discord's reference; an unknown key is a mistake of ours. */
const bodies: Readonly<Record<string, object>> = {
  "POST /channels/:id/messages": message,
  "PATCH /channels/:id/messages/:id": closed(shared),
  "POST /channels/:id/messages/:id/threads": thread,
  "POST /channels/:id/threads": thread,
  "PATCH /channels/:id": { type: "object" },
  "POST /users/@me/channels": closed({ recipient_id: snowflake }, ["recipient_id"]),
  "POST /interactions/:id/:token/callback": closed({ type: whole, data: callbackData }, ["type"]),
  "POST /webhooks/:id/:token": followUp,
  "PATCH /webhooks/:id/:token/messages/@original": closed(shared),
  "PATCH /webhooks/:id/:token/messages/:id": closed(shared),
  "PUT /applications/:id/commands": listOf(command),
  "POST /applications/:id/commands": command,
  "PUT /applications/:id/guilds/:id/commands": listOf(command),
  "POST /applications/:id/guilds/:id/commands": command,
};

const ajv = new Ajv({ allErrors: true, strict: false });
const compiled = new Map<string, ValidateFunction>(
  Object.entries(bodies).map(([route, schema]) => [
    route,
    ajv.compile({ ...schema, $defs: { component, commandOption } }),
  ]),
);

/** What is wrong with a body by the schema of its route, or null. */
export function misshapen(method: string, route: string, body: unknown): string | null {
  const validate = compiled.get(`${method} ${route}`);
  if (!validate || validate(body)) return null;
  const says = (validate.errors ?? []).map(
    ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
  );
  return says.join("; ");
}
