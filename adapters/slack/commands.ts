import { parseArgs } from "node:util";
import type { AdapterCommand } from "../../src/contract/adapter.ts";
import { DomainError } from "../../src/contract/errors.ts";
import { createLink, manifestFor } from "./manifest.ts";

/** `slack manifest`: the app as Slack's page takes it, and the link that opens that page with it filled in. */
export function createCommands(_tools: { now(): Date }): readonly AdapterCommand[] {
  return [
    {
      name: "manifest",
      summary: "--url https://fingerpost.example | --socket: the app's manifest and the link that creates it",
      async run(args) {
        const { values } = parseArgs({
          args: [...args],
          options: { url: { type: "string" }, socket: { type: "boolean" } },
        });
        const socketMode = values.socket === true;
        if (socketMode === (values.url !== undefined))
          throw new DomainError("request/invalid", {
            detail: "Give the address that Slack reaches with --url, or --socket for Socket Mode.",
          });
        if (values.url !== undefined && !URL.canParse(values.url))
          throw new DomainError("request/invalid", { detail: "Give --url as a whole address." });
        const manifest = manifestFor({ baseUrl: values.url ?? "", socketMode });
        const link = createLink(manifest);
        return {
          text: `${JSON.stringify(manifest, null, 2)}\n\nCreate the app with it:\n${link}`,
          json: { manifest, link },
        };
      },
    },
  ];
}
