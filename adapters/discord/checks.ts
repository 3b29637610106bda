import { z } from "zod";
import type { AdapterDeps, Check } from "../../src/contract/adapter.ts";
import type { ForumEntry } from "../../src/contract/core-api.ts";
import { botPermissions, inviteLink, permissions } from "./manifest.ts";
import { areOurs } from "./register.ts";
import { type Call, isTokenRefused, readFailure } from "./rest.ts";

const Application = z.object({
  id: z.string(),
  flags: z.number().default(0),
  verify_key: z.string().nullish(),
  interactions_endpoint_url: z.string().nullish(),
  bot: z.object({ id: z.string() }).optional(),
});
type Application = z.infer<typeof Application>;
const Role = z.object({ id: z.string(), permissions: z.string() });
const Overwrite = z.object({ id: z.string(), type: z.number(), allow: z.string(), deny: z.string() });
const Channel = z.object({
  id: z.string(),
  type: z.number(),
  name: z.string().nullish(),
  permission_overwrites: z.array(Overwrite).default([]),
});
type Channel = z.infer<typeof Channel>;

/** Bits of an application's flags for privileged intents, granted in full or up to 100 servers (resources/application). */
const privileged = { "Server Members": (1 << 14) | (1 << 15), "Message Content": (1 << 18) | (1 << 19) };
/** Channels in which people write: text, announcements, forums. */
const written = [0, 5, 15];
const mostNamed = 10;

interface Asked {
  deps: AdapterDeps;
  call: Call;
  /** Forums that are a server of Discord. */
  forums: readonly ForumEntry[];
}

/** What `doctor` asks of Discord: the token, the application, the commands, and in each server what the bot may do where. */
export async function check({ deps, call, forums }: Asked): Promise<Check[]> {
  let application: Application;
  try {
    application = Application.parse(await call({ method: "GET", path: "/applications/@me" }));
  } catch (error) {
    const detail = isTokenRefused(error) ? "Discord refuses it" : readFailure(error).reason;
    const mend = "Check DISCORD_TOKEN and DISCORD_API_URL; a token that was reset has to be set anew.";
    return [{ name: "token", ok: false, detail, mend }];
  }
  const servers = await Promise.all(forums.map((forum) => checkServer(call, application, forum)));
  return [
    { name: "token", ok: true, detail: "valid" },
    checkId(deps.settings.applicationId, application.id),
    checkIntents(application.flags),
    ...checkAddress(deps, application),
    await checkCommands(call, application.id),
    ...servers,
  ];
}

function checkId(given: string | undefined, id: string): Check {
  const name = "application id";
  if (given === undefined || given === id) return { name, ok: true, detail: id };
  const mend = `Set DISCORD_APPLICATION_ID to ${id}, or the token of the other application.`;
  return { name, ok: false, detail: "is another application's than the token", mend };
}

function checkIntents(flags: number): Check {
  const name = "intents";
  const granted = Object.entries(privileged).flatMap(([intent, bits]) =>
    (flags & bits) === 0 ? [] : [intent],
  );
  if (granted.length === 0)
    return { name, ok: true, detail: "none of the privileged ones, as few as are used" };
  const mend = "Switch it off on the application's Bot page: Fingerpost needs none of them.";
  return { name, ok: false, detail: `granted without need: ${granted.join(", ")}`, mend };
}

/** Where interactions go must be where this instance listens for them. */
function checkAddress({ settings, baseUrl }: AdapterDeps, application: Application): Check[] {
  const name = "interactions";
  const { publicKey, gateway } = settings;
  const url = application.interactions_endpoint_url ?? null;
  if (publicKey === undefined) {
    if (gateway === "off")
      return [
        { name, ok: false, detail: "reach nobody", mend: "Set DISCORD_PUBLIC_KEY, or DISCORD_GATEWAY=on." },
      ];
    if (url === null) return [{ name, ok: true, detail: "come over the gateway" }];
    const mend = "Empty Interactions Endpoint URL on the application's page, or set DISCORD_PUBLIC_KEY.";
    return [{ name, ok: false, detail: "go to an address, and this instance listens at the gateway", mend }];
  }
  const own = `${baseUrl}/discord/interactions`;
  const key: Check[] =
    application.verify_key && application.verify_key !== publicKey
      ? [
          {
            name: "public key",
            ok: false,
            detail: "is another application's",
            mend: "Set DISCORD_PUBLIC_KEY to the application's.",
          },
        ]
      : [];
  if (url === own) return [...key, { name, ok: true, detail: `come to ${own}` }];
  const mend = `Set Interactions Endpoint URL to ${own} on the application's page.`;
  return [
    ...key,
    { name, ok: false, detail: url === null ? "go over the gateway" : "go to another address", mend },
  ];
}

async function checkCommands(call: Call, application: string): Promise<Check> {
  const name = "commands";
  try {
    const ok = areOurs(await call({ method: "GET", path: `/applications/${application}/commands` }));
    if (ok) return { name, ok, detail: "as this release has them" };
    return { name, ok, detail: "differ from this release's", mend: "Run `fingerpost discord register`." };
  } catch (error) {
    return { name, ok: false, detail: readFailure(error).reason, mend: "Run `fingerpost discord register`." };
  }
}

/** What the bot lacks in the channels of a server. */
async function checkServer(
  call: Call,
  application: Application,
  { slug, address }: ForumEntry,
): Promise<Check> {
  const guild = typeof address.guildId === "string" ? address.guildId : "";
  const name = `server of ${slug}`;
  const bot = application.bot?.id ?? application.id;
  if (guild === "") {
    const mend = `Make a code with \`fingerpost forum link ${slug}\`, and type /fingerpost link in the server.`;
    return { name, ok: false, detail: "no server has joined it yet", mend };
  }
  try {
    const [roles, member, channels] = await Promise.all([
      call({ method: "GET", path: `/guilds/${guild}/roles` }),
      call({ method: "GET", path: `/guilds/${guild}/members/${bot}` }),
      call({ method: "GET", path: `/guilds/${guild}/channels` }),
    ]);
    const own = z.object({ roles: z.array(z.string()) }).parse(member).roles;
    const held = { guild, bot, own, roles: z.array(Role).parse(roles) };
    const lacking = z
      .array(Channel)
      .parse(channels)
      .filter(({ type }) => written.includes(type))
      .flatMap((channel) => {
        const missing = lacks(held, channel);
        return missing.length === 0 ? [] : [`#${channel.name ?? channel.id} (${missing.join(", ")})`];
      });
    if (lacking.length === 0) return { name, ok: true, detail: "the bot may answer in every channel" };
    const more = lacking.length > mostNamed ? `, and ${lacking.length - mostNamed} more` : "";
    const mend = "Give the bot's role these permissions where members ask; elsewhere it needs none.";
    return { name, ok: false, detail: `not in ${lacking.slice(0, mostNamed).join(", ")}${more}`, mend };
  } catch (error) {
    const { reason } = readFailure(error);
    return {
      name,
      ok: false,
      detail: `the bot is not in it (${reason})`,
      mend: `Invite it: ${inviteLink(application.id)}`,
    };
  }
}

interface Held {
  guild: string;
  bot: string;
  own: readonly string[];
  roles: readonly z.infer<typeof Role>[];
}

/** The permissions that are missing in a channel, worked out as Discord does (topics/permissions). */
function lacks({ guild, bot, own, roles }: Held, { permission_overwrites: overwrites }: Channel): string[] {
  const mine = [guild, ...own];
  let bits = roles
    .filter(({ id }) => mine.includes(id))
    .reduce((sum, role) => sum | BigInt(role.permissions), 0n);
  if ((bits & permissions.administrator) !== 0n) return [];
  const apply = (of: (overwrite: z.infer<typeof Overwrite>) => boolean) => {
    const found = overwrites.filter(of);
    for (const { deny } of found) bits &= ~BigInt(deny);
    for (const { allow } of found) bits |= BigInt(allow);
  };
  apply(({ id }) => id === guild);
  apply(({ id }) => own.includes(id));
  apply(({ id }) => id === bot);
  return Object.entries(botPermissions).flatMap(([name, bit]) => ((bits & bit) === 0n ? [name] : []));
}
