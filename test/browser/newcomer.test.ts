import type { AddressInfo } from "node:net";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createForum } from "../../examples/snippets/plain-html/server.mjs";
import { issueSignInLink } from "../../src/access/index.ts";
import { createMailServer } from "../simulators/mail.ts";
import { createWorld, type World } from "../support/world.ts";
import { openBrowser, picture, wide } from "./support.ts";

let world: World;
let browser: Browser;
let mails: Awaited<ReturnType<typeof createMailServer>>;

beforeAll(async () => {
  mails = await createMailServer();
  // The forum's software reads the machine's clock, so that the instance has to have it too.
  world = await createWorld({ start: new Date(), env: { SMTP_URL: mails.url } });
  await world.keyFor("advisor:amal.h");
  browser = await openBrowser();
});
afterAll(async () => {
  await browser.close();
  await world.close();
  await mails.close();
});

/** A window without JavaScript, signed in where somebody is named. */
async function windowOf(scope?: string): Promise<Page> {
  const context = await browser.newContext({ javaScriptEnabled: false, viewport: wide });
  const page = await context.newPage();
  page.setDefaultTimeout(5_000);
  if (scope === undefined) return page;
  const { deps } = world.instance;
  const { url } = await deps.transaction((tx) => issueSignInLink(deps, tx, { scopes: [scope] }));
  await page.goto(url);
  await page.locator("main form button").click();
  return page;
}

const at = (path: string) => `${world.instance.address}${path}`;

test("a newcomer's path: proposed, decided, listed, joined, tested, answered at the desk, and confirmed", async () => {
  const anybody = await windowOf();
  await anybody.goto(at("/propose"));
  await anybody.locator("#address").fill("https://newcomers.example/");
  await anybody.locator("main form button").click();
  await anybody.locator("#name").fill("Newcomers' forum");
  await anybody.locator("#relation").check();
  await anybody.locator("main form button").last().click();
  await anybody
    .getByText(/PR-\w{4}-\w{4}/)
    .first()
    .waitFor();

  const admin = await windowOf("admin");
  await admin.goto(at("/admin/proposals"));
  await admin.locator('main a[href*="/admin/proposals/PR-"]').first().click();
  await admin.locator("input[name=outcome][value=listed]").check();
  for (const criterion of await admin.locator("input[name^=criterion-]").all()) await criterion.check();
  await admin.locator("#slug").fill("newcomers");
  await admin.locator("main form button").click();
  await anybody.goto(at("/forums/newcomers"));
  await anybody.getByText("Newcomers' forum").first().waitFor();

  await admin.goto(at("/admin"));
  await admin.locator("#forum").fill("newcomers");
  await admin.locator("form[action$=forum-link] button").click();
  const link = (await admin.locator(".govuk-notification-banner .fp-code").textContent()) ?? "";

  const operator = await windowOf();
  await operator.goto(link);
  await operator.locator("main form button").click();
  await operator.locator("form[action$=mail-code] button").click();
  await operator.getByText("A mail with a code is on its way").waitFor();
  const code = /code: ([\w-]+)/.exec(mails.mails.at(-1)?.text ?? "")?.[1] ?? "";
  await operator.locator("#code").fill(code);
  await operator.locator("form[action$=prove-mail] button").click();
  await operator.getByText("It is proved that this forum is yours").waitFor();

  await operator.locator("form[action$=secret] button").first().click();
  const secret = (await operator.locator(".govuk-notification-banner .fp-code").textContent()) ?? "";
  const shown: string[] = [];
  const forum = createForum({
    baseUrl: world.instance.address,
    slug: "newcomers",
    secret,
    async show(type, { text }) {
      if (type === "referral.replied") shown.push(String(text));
      return "https://newcomers.example/thread/1#post-2";
    },
  });
  await new Promise<void>((resolve) => forum.listen(0, "127.0.0.1", resolve));
  const software = `http://127.0.0.1:${(forum.address() as AddressInfo).port}`;

  await operator.goto(at("/operator"));
  await operator.locator("#model").selectOption("referral");
  await operator.locator("#callbackUrl").fill(`${software}/callback`);
  await operator.locator("form[action$=agree] button").click();
  await operator.getByText("It is agreed, from now on.").waitFor();
  await operator.locator("form[action$=test] button").click();
  await world.settle();
  await operator.getByText("Look again").click();
  await operator.getByText("It went through every step.").waitFor();
  await picture(operator, "newcomer-operator-en-wide");
  expect(shown).toEqual([]);

  const moderator = await windowOf();
  await moderator.goto(software);
  await moderator.locator("#excerpt").fill("My Universal Credit advance payment has not come.");
  await moderator.locator("#url").fill("https://newcomers.example/thread/1");
  await moderator.locator("#moderator").fill("mo");
  await moderator.locator("#topic").fill("universal-credit");
  await moderator.locator("#agreed").check();
  await moderator.locator("button").click();
  const { reference } = JSON.parse((await moderator.locator("body").textContent()) ?? "{}") as {
    reference: string;
  };

  const advisor = await windowOf("advisor:amal.h");
  await advisor.getByText(reference).click();
  await advisor.locator("form[action$=claim] button").click();
  await advisor.getByText("Write a reply").click();
  await advisor.locator("#text").fill("It is paid within three working days.");
  await advisor.locator("button[value=preview]").click();
  await advisor.locator("button[value=send]").click();
  await advisor.getByText("It is on its way to the forum").waitFor();
  await world.settle();
  expect(shown).toEqual(["It is paid within three working days."]);

  const { replies } = await world.show(reference);
  await anybody.goto(at(`/verify/${replies[0].verify.code}`));
  await anybody.getByText("This code belongs to an official reply").first().waitFor();
  expect(await anybody.locator("main").textContent()).toContain("Newcomers' forum");
  await picture(anybody, "newcomer-verified-en-wide");
  await new Promise((resolve) => forum.close(resolve));
}, 60_000);
