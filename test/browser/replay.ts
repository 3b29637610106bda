import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Browser } from "playwright-core";
import type { Page as Served } from "../web/support.ts";

const inOneWindow = 25;

/** Runs before anything of a page: says on the console when a hostile string ran, or the policy had to stop one. */
const listening = `
  Object.defineProperty(window, "ran", { set() { console.error("a hostile string ran"); } });
  addEventListener("securitypolicyviolation", ({ effectiveDirective, sample, blockedURI }) =>
    console.error("the policy stopped " + effectiveDirective + " " + blockedURI + " " + sample));
`;

/**
 * Opens pages as they were served, with their own content security policy, and answers what the browser had to say of any:
 * scripts that ran, dialogs, what the policy stopped, what was asked of another server, errors. Many stand in one window, each in a frame of
 * its own, which takes a tenth of the time; for that, and for nothing else, a page may be framed by its own server.
 */
export async function replay(browser: Browser, pages: readonly Served[]): Promise<string[]> {
  const server = createServer((request, response) => {
    const [, kind, number] = (request.url ?? "").split("/");
    if (kind === "window") {
      const first = Number(number) * inOneWindow;
      const frames = pages
        .slice(first, first + inOneWindow)
        .map((_, at) => `<iframe src="/page/${first + at}"></iframe>`);
      return response.writeHead(200, { "content-type": "text/html" }).end(frames.join("\n"));
    }
    const page = kind === "page" ? pages[Number(number)] : undefined;
    if (!page) return response.writeHead(404).end();
    const policy = page.headers.get("content-security-policy") ?? "";
    return response
      .writeHead(200, {
        "content-type": page.headers.get("content-type") ?? "",
        "content-security-policy": policy.replace("frame-ancestors 'none'", "frame-ancestors 'self'"),
      })
      .end(page.html);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const complaints: string[] = [];
  const context = await browser.newContext();
  await context.addInitScript(listening);
  const window = await context.newPage();
  window.on("console", (message) => {
    if (message.type() === "error" && !/status of 404/.test(message.text()))
      complaints.push(`${message.location().url}: ${message.text()}`);
  });
  window.on("pageerror", (error) => complaints.push(error.message));
  window.on("dialog", (dialog) => {
    complaints.push(dialog.message());
    void dialog.dismiss();
  });
  window.on("request", (request) => {
    if (!request.url().startsWith(address)) complaints.push(`asked for ${request.url()}`);
  });
  let shown = 0;
  for (let number = 0; number * inOneWindow < pages.length; number += 1) {
    await window.goto(`${address}/window/${number}`);
    shown += window.frames().length - 1;
  }
  await context.close();
  await new Promise((resolve) => server.close(resolve));
  return shown < pages.length
    ? [...complaints, `only ${shown} of ${pages.length} pages were shown`]
    : complaints;
}
