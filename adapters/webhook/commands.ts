import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import type { AdapterCommand } from "../../src/contract/adapter.ts";
import { DomainError } from "../../src/contract/errors.ts";
import { sign, verify } from "./signature.ts";

const options = {
  secret: { type: "string" },
  "secret-file": { type: "string" },
  id: { type: "string" },
  timestamp: { type: "string" },
  signature: { type: "string" },
} as const;

/** `webhook sign` and `webhook verify`: for whoever writes a forum's side and wants to compare. */
export function createCommands(tools: { now(): Date }): readonly AdapterCommand[] {
  const nowSeconds = () => Math.floor(tools.now().getTime() / 1000);
  return [
    {
      name: "sign",
      summary:
        "FILE --secret whsec_… | --secret-file F [--id ID] [--timestamp SECONDS]: the headers that sign a body",
      async run(args) {
        const { values, secret, body } = await read(args);
        const id = values.id ?? `msg_${randomUUID()}`;
        const timestamp = values.timestamp === undefined ? nowSeconds() : Number(values.timestamp);
        const headers = {
          "webhook-id": id,
          "webhook-timestamp": String(timestamp),
          "webhook-signature": sign([secret], { id, timestamp, body: body.toString("utf8") }),
        };
        const text = Object.entries(headers)
          .map(([name, value]) => `${name}: ${value}`)
          .join("\n");
        return { text, json: headers };
      },
    },
    {
      name: "verify",
      summary:
        "FILE --secret whsec_… | --secret-file F --id ID --timestamp SECONDS --signature S: whether it holds",
      async run(args) {
        const { values, secret, body } = await read(args);
        const { id, timestamp, signature } = values;
        const verdict = verify({ id, timestamp, signature }, body, [secret], tools.now());
        if (verdict === "invalid") throw new DomainError("signature/invalid");
        if (verdict === "stale") throw new DomainError("signature/stale");
        return { text: "The signature holds for these bytes.", json: { verdict } };
      },
    },
  ];
}

async function read(args: readonly string[]) {
  const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
  const [file] = positionals;
  if (file === undefined || positionals.length > 1) throw wrong("Name one file with the body.");
  const fromFile = values["secret-file"];
  const secret =
    values.secret ?? (fromFile === undefined ? undefined : (await readFile(fromFile, "utf8")).trim());
  if (secret === undefined) throw wrong("Give the secret with --secret or --secret-file.");
  return { values, secret, body: await readFile(file) };
}

const wrong = (detail: string): DomainError => new DomainError("request/invalid", { detail });
