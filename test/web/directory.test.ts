import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { listingLink } from "../../src/forums/index.ts";
import type { World } from "../support/world.ts";
import { directoryWorld } from "./directory-support.ts";
import { textOf, visit } from "./support.ts";

let world: World;
beforeAll(async () => {
  world = await directoryWorld();
});
afterAll(() => world.close());

const namesOn = (html: string) =>
  [...html.matchAll(/<h3[^>]*><a [^>]*href="\/forums\/([^"]+)"/g)].map(([, slug]) => slug);

describe("the list", () => {
  test("has every forum by name, and narrows by words, audience, nation, department and model", async () => {
    const { status, html } = await visit(world, "/forums");
    expect(status).toBe(200);
    expect(namesOn(html)).toHaveLength(19);
    const found = async (query: string) => namesOn((await visit(world, `/forums?${query}`)).html);
    expect(await found("q=RHIENI+cymru")).toEqual(["example-rhieni-cymru"]);
    expect(await found("role=parents&nation=wales")).toEqual(["example-rhieni-cymru"]);
    // Whoever agreed to its name only, as example-old-comrades did, is not found by whom it is for.
    expect(await found("role=veterans")).toEqual(["army-rumour-service"]);
    expect(await found("department=council")).toEqual(["example-quiet-streets"]);
    expect(await found("model=none")).toEqual(["example-night-owls", "quiet"]);
    expect(await found("model=none-agreed")).toContain("netmums");
    for (const model of ["referral", "clinic", "direct", "none", "none-agreed"])
      expect(await found(`model=${model}`)).not.toContain("example-old-comrades");
    expect(await found("theme=noise&model=clinic")).toEqual(["example-quiet-streets"]);
    expect(await found("q=nothing-has-this-word")).toEqual([]);
    expect(await found("role=no-such-code")).toEqual([]);
    expect(await found("page=99999")).toHaveLength(19);
  });

  test("keeps the question in the form and in the links to further pages", async () => {
    const forums = Array.from({ length: 120 }, (_, i) => ({ slug: `many-${i}`, name: `Many ${i}` }));
    await world.apply({ forums });
    const { html } = await visit(world, "/forums?q=many&page=2");
    expect(namesOn(html)).toHaveLength(50);
    expect(html).toContain('value="many"');
    expect(html).toContain('href="/forums?q=many&amp;page=3"');
    expect(textOf(html)).toContain("120 forums");
  });
});

describe("an entry", () => {
  test("says who it is for and who said so, how many it reaches and how that is known, and what was agreed", async () => {
    const text = textOf((await visit(world, "/forums/example-parents")).html);
    for (const said of [
      "Parents (said by the forum)",
      "Benefits and pensions (given by a department)",
      "48,200",
      "says the forum",
      "Moderators refer questions to advisors",
      "1 November 2026",
      "forum administrator",
      "Two working days",
      "Say which department you write for",
      "Next review",
      "Anybody it is for may join",
    ])
      expect(text).toContain(said);
  });

  test("never shows the liaison, the proof, the callback or what forums keep to themselves", async () => {
    const callbackUrl = "https://secret-callback.example/x";
    await world.apply({ forums: [{ slug: "private", name: "Private", callbackUrl, platform: "webhook" }] });
    for (const path of ["/forums/example-parents", "/cy/forums/example-parents", "/forums/private"]) {
      for (const accept of ["text/html", "application/json"]) {
        const { html } = await visit(world, path, undefined, { accept });
        expect(html).not.toMatch(/Tess|tess@|dns|secret-callback|ratePerMinute/);
      }
    }
  });

  test("of a forum of 2009 says that nothing is agreed, that nobody was asked and when it was counted", async () => {
    const text = textOf((await visit(world, "/forums/netmums")).html);
    expect(text).toContain("Nothing is agreed with this forum");
    expect(text).toContain("Nobody of the forum was asked");
    expect(text).toContain("20,000 2009 Power of Information Taskforce report");
    expect(text).toContain("Not checked yet");
  });

  test("that agreed to its name only shows no more", async () => {
    const { html } = await visit(world, "/forums/example-old-comrades");
    expect(textOf(html)).not.toContain("invented regiment");
    expect(textOf(html)).toContain("for its name and address only");
  });

  test("that agreed to its name only is not said to have agreed to nothing, or to be anything else", async () => {
    const page = textOf((await visit(world, "/forums/example-old-comrades")).html);
    expect(page).toContain("This forum agreed to be named here, and to nothing more being shown.");
    for (const unsaid of [
      "Nothing is agreed",
      "Members under 18",
      "Languages",
      "No numbers are known",
      "Agreed",
    ])
      expect(page).not.toContain(unsaid);
    expect(textOf((await visit(world, "/cy/forums/example-old-comrades")).html)).toContain(
      "Cytunodd y fforwm hwn i gael ei enwi yma",
    );
    expect(textOf((await visit(world, "/forums?q=old+comrades")).html)).not.toMatch(
      /Example old comrades Nothing is agreed/,
    );
  });

  test("that agreed to its name only has no clinics on its page or among its schedules", async () => {
    const agreed = { models: ["clinic"], agreedOn: "2026-01-05", agreedWith: "forum" };
    const consentTo = (scope: string) =>
      world.apply({
        forums: [
          {
            slug: "shy",
            name: "Shy harbour",
            platform: "webhook",
            intervention: agreed,
            directory: { consent: { on: "2026-06-01", scope } },
          },
        ],
      });
    const service = async () => {
      const found = JSON.parse((await visit(world, "/hsds/services?search=shy+harbour")).html);
      return JSON.parse((await visit(world, `/hsds/services/${found.contents[0].id}`)).html);
    };
    const shown = async () => [
      (await visit(world, "/forums/shy")).html.includes('id="clinics"'),
      (await service()).schedules.length,
    ];
    expect((await consentTo("everything")).status).toBe(200);
    const document = {
      ...{ pool: "uc", forum: "shy", title: "Evening", description: "Example." },
      ...{ startsAt: "2026-06-18T19:00", minutes: 60 },
    };
    const planned = await world.call("PUT", "/v1/clinics/shy-evening", await world.keyFor("admin"), {
      document,
    });
    expect([planned.status, await shown()]).toEqual([200, [true, 1]]);
    expect((await consentTo("name-only")).status).toBe(200);
    expect(await shown()).toEqual([false, 0]);
  });

  test("shows what changed and since when, and that its review is overdue", async () => {
    const forum = { slug: "dated", name: "Dated", directory: { nextReview: "2026-06-14" } };
    await world.apply({ forums: [forum] });
    await world.apply({ forums: [{ ...forum, name: "Dated anew", url: "https://dated.example/" }] });
    const text = textOf((await visit(world, "/forums/dated")).html);
    expect(text).toMatch(/14 June 2026 Overdue/);
    expect(text).toMatch(/15 June 2026 : Changed: name, address 15 June 2026 : Listed/);
  });

  test("in Welsh has its description in Welsh where there is one, and says which language it is", async () => {
    const { html } = await visit(world, "/cy/forums/example-parents");
    expect(html).toMatch(/<p class="govuk-body-l fp-wrap" lang="en">Where parents/);
    expect((await visit(world, "/cy/forums/example-rhieni-cymru")).html).not.toContain('lang="en">Rhieni');
  });

  test("that was taken out says why; one that is not there is not found, as a page and as JSON", async () => {
    const removed = { on: "2026-06-01", because: "It sells medicines." };
    await world.apply({ forums: [{ slug: "gone", name: "Gone", directory: { removed } }] });
    expect(textOf((await visit(world, "/forums/gone")).html)).toContain("It sells medicines.");
    expect(namesOn((await visit(world, "/forums?q=gone")).html)).toEqual([]);
    await world.apply({ forums: [{ slug: "hidden", name: "Hidden one", directory: { listed: false } }] });
    for (const slug of ["hidden", "nobody"]) {
      expect((await visit(world, `/forums/${slug}`)).status).toBe(404);
      const json = await visit(world, `/forums/${slug}`, undefined, { accept: "application/json" });
      expect([json.status, JSON.parse(json.html).code]).toEqual([404, "forum/not-found"]);
    }
  });
});

describe("the link that withdraws consent", () => {
  test("takes the forum, its history and its name out at once, and only a new consent lists it again", async () => {
    const link = new URL(listingLink(world.instance.deps, "example-quiet-streets")).pathname;
    expect(textOf((await visit(world, `/cy${link}`)).html)).toContain("Example quiet streets");
    const sent = await visit(world, link, {});
    expect([sent.status, sent.headers.get("location")]).toEqual([303, link]);
    expect(textOf((await visit(world, link)).html)).toContain("no longer listed");
    expect((await visit(world, "/forums/example-quiet-streets")).status).toBe(404);
    expect(namesOn((await visit(world, "/forums?q=quiet")).html)).toEqual(["quiet"]);
    expect(await world.db.prisma.forumVersion.count({ where: { forumSlug: "example-quiet-streets" } })).toBe(
      0,
    );
    const { body } = await world.call("GET", "/v1/register", await world.keyFor("admin"));
    const forum = body.forums.find(({ slug }: { slug: string }) => slug === "example-quiet-streets");
    await world.apply({ forums: [{ ...forum, name: "Example quieter streets" }] });
    expect((await visit(world, "/forums/example-quiet-streets")).status).toBe(404);
    forum.directory.consent = { on: "2026-12-01", scope: "everything" };
    await world.apply({ forums: [forum] });
    expect((await visit(world, "/forums/example-quiet-streets")).status).toBe(200);
  });

  test("opens nothing for whoever guesses", async () => {
    for (const token of ["x", "A".repeat(43)])
      expect((await visit(world, `/listing/${token}`)).status).toBe(404);
    expect((await visit(world, `/listing/${"A".repeat(43)}`, {})).status).toBe(404);
  });
});
