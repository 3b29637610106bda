// A forum without software: a form for moderators, and an address for answers.
//   FINGERPOST_URL=… FINGERPOST_FORUM=… FINGERPOST_SECRET=whsec_… node server.mjs
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { isGenuine, send } from "./fingerpost.mjs";

const page = new URL("./refer.html", import.meta.url);

async function textOf(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}

/** `show` is given each genuine answer once it is checked; put it where your readers see it, and give back its address. */
export function createForum({ show, ...fingerpost }) {
  const seen = new Set();
  return createServer(async (request, response) => {
    if (request.method === "GET") {
      response.setHeader("content-type", "text/html; charset=utf-8").end(await readFile(page));
      return;
    }
    const body = await textOf(request);
    if (request.url === "/refer") {
      // In real life: only for a moderator who is signed in, with a token against forged forms.
      const form = Object.fromEntries(new URLSearchParams(body));
      const { excerpt, url, moderator, consent, topic } = form;
      const referral = { excerpt, url, moderator, consent, ...(topic ? { topic } : {}) };
      const { status, body: answer } = await send(fingerpost, "referrals", referral, form.id || undefined);
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(answer));
      return;
    }
    if (!isGenuine(fingerpost.secret, request.headers, body)) {
      response.writeHead(401).end();
      return;
    }
    const id = request.headers["webhook-id"];
    const { type, data } = JSON.parse(body);
    const isNew = !seen.has(id);
    seen.add(id);
    const shownAt = isNew && !data.test ? await show(type, data) : undefined;
    response
      .writeHead(200, { "content-type": "application/json" })
      .end(JSON.stringify(shownAt ? { url: shownAt } : {}));
  });
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  const {
    FINGERPOST_URL: baseUrl,
    FINGERPOST_FORUM: slug,
    FINGERPOST_SECRET: secret,
    PORT = "8080",
  } = process.env;
  createForum({ baseUrl, slug, secret, show: (type, data) => void console.log(type, data) }).listen(
    Number(PORT),
  );
}
