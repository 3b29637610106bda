import { parseArgs } from "node:util";
import type { AdapterCommand, CommandTools } from "../../src/contract/adapter.ts";
import { DomainError } from "../../src/contract/errors.ts";
import { botPermissions, inviteLink } from "./manifest.ts";
import { applicationOf, putCommands } from "./register.ts";
import { createCall, isTokenRefused } from "./rest.ts";

/** `discord invite`, the page that adds the bot to a server, and `discord register`, which puts the commands by hand. */
export function createCommands(tools: CommandTools): readonly AdapterCommand[] {
  return [
    {
      name: "invite",
      summary: "[--application-id ID]: the link that adds the bot to a server",
      async run(args) {
        const id = applicationId(args) ?? tools.settings()?.applicationId ?? (await askedFor(tools));
        const link = inviteLink(id);
        const asks = Object.keys(botPermissions);
        return {
          text: `${link}\n\nIt asks for: ${asks.join(", ")}. Then, in the server: /fingerpost link CODE`,
          json: { link, permissions: asks },
        };
      },
    },
    {
      name: "register",
      summary: "puts the commands in Discord, for every server, where they differ",
      async run(args) {
        const given = applicationId(args);
        const settings = needed(tools);
        const call = createCall({ settings });
        const id = given ?? settings.applicationId ?? (await reached(() => applicationOf(call)));
        const outcome = await reached(() => putCommands(call, id));
        const text =
          outcome === "put" ? "The commands are in Discord now." : "Discord has these commands already.";
        return { text, json: { application: id, outcome } };
      },
    },
  ];
}

function applicationId(args: readonly string[]): string | undefined {
  const { values } = parseArgs({ args: [...args], options: { "application-id": { type: "string" } } });
  const id = values["application-id"];
  if (id !== undefined && !/^\d{1,20}$/.test(id)) throw wrong("An application's id consists of digits.");
  return id;
}

const askedFor = async (tools: CommandTools): Promise<string> => {
  if (tools.settings() === null) throw wrong("Give --application-id, or set DISCORD_TOKEN.");
  const call = createCall({ settings: needed(tools) });
  return reached(() => applicationOf(call));
};

function needed(tools: CommandTools): Readonly<Record<string, string>> {
  const settings = tools.settings();
  if (settings === null) throw wrong("Set DISCORD_TOKEN: without it Discord is off.");
  return settings;
}

async function reached<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    const detail = isTokenRefused(cause)
      ? "Discord refuses the token."
      : "Discord did not answer as it should.";
    throw new DomainError("service/unavailable", { detail, cause });
  }
}

const wrong = (detail: string): DomainError => new DomainError("request/invalid", { detail });
