import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createInterface } from "node:readline";

/** The floor of the pages: the same bytes as files, from memory, by address. It knows no register and no language. */
const { file: source } = JSON.parse(process.argv[2] ?? "{}") as { file: string };
const pages: Record<string, string> = JSON.parse(readFileSync(source, "utf8"));
const files = new Map(Object.entries(pages).map(([path, html]) => [path, Buffer.from(html)]));
const server = createServer((request, response) => {
  const file = files.get(request.url ?? "");
  response.writeHead(file ? 200 : 404, { "content-type": "text/html; charset=utf-8" }).end(file);
});
server.listen(0, "127.0.0.1");
await once(server, "listening");
const { port } = server.address() as AddressInfo;
process.stdout.write(`${JSON.stringify({ address: `http://127.0.0.1:${port}` })}\n`);
createInterface(process.stdin).on("close", () => process.exit());
