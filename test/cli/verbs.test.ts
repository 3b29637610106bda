import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { packageRoot } from "../../src/db/index.ts";
import { createTestDatabase, type TestDatabase } from "../support/database.ts";
import { type Commands, createCommands } from "./in-process.ts";

const sample = join(packageRoot(), "examples", "register.yaml");
const folder = mkdtempSync(join(tmpdir(), "fingerpost-cli-"));

function fileOf(name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

let db: TestDatabase;
let fingerpost: Commands;

beforeAll(async () => {
  db = await createTestDatabase();
  fingerpost = createCommands({ DATABASE_URL: db.url });
  const { code, stderr } = await fingerpost(["apply", sample]);
  if (code !== 0) throw new Error(stderr);
});
afterAll(async () => {
  await db.drop();
  rmSync(folder, { recursive: true });
});

describe("apply", () => {
  test("shows the plan as a table, then says which version it made; a second time there is nothing to do", async () => {
    const changed = `pools: [{ slug: second, department: dwp, name: Second }]\n`;
    const first = await fingerpost(["apply", "-"], changed);
    expect(first.stdout).toMatch(
      /\+\s+add\s+pool\s+second\n\nWarnings:\n.*no advisor.*\n\nPlan: 1 added\.\nApplied as version 2\./,
    );
    const second = await fingerpost(["apply", "-"], changed);
    expect(second.stdout).toMatch(/Plan: nothing to change\.\nNothing to change\./);
  });

  test("a dry run changes nothing", async () => {
    const draft = fileOf("draft.yaml", "pools: [{ slug: third, department: dwp, name: Third }]\n");
    const { stdout } = await fingerpost(["apply", draft, "--dry-run"]);
    expect(stdout).toMatch(/Plan: 1 added\.\nA dry run: nothing was changed\./);
    expect(await fingerpost.json(["apply", draft, "--dry-run"])).toMatchObject({ applied: false });
    expect(JSON.stringify(await fingerpost.json(["export", "register"]))).not.toContain("third");
  });

  test("a mistake is refused with its place and a hint, and exit code 1", async () => {
    const wrong = fileOf("wrong.json", JSON.stringify({ forms: [], pools: [{ slug: "x", name: "X" }] }));
    const { code, stdout, stderr } = await fingerpost(["apply", wrong]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(/The register has mistakes\. \(register\/invalid\)/);
    expect(stderr).toMatch(/\/pools\/0\/department {2}/);
    expect(stderr).toMatch(/Did you mean "forums"\?/);
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  test("a file that is not there is said in a sentence", async () => {
    expect(await fingerpost(["apply", "nowhere.yaml"])).toMatchObject({
      code: 1,
      stderr: "There is no nowhere.yaml.\n",
    });
  });
});

describe("export", () => {
  test("register gives a document that apply takes back without a change", async () => {
    const { stdout } = await fingerpost(["export", "register"]);
    expect(parse(stdout)).toEqual(await fingerpost.json(["export", "register"]));
    expect(await fingerpost.json(["apply", "-"], stdout)).toMatchObject({ changes: [] });
  });

  test("audit gives every event, and says up to which each chain holds", async () => {
    const { code, stdout, stderr } = await fingerpost(["export", "audit", "--verify"]);
    const lines = stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(code).toBe(0);
    expect(lines.at(-1)).toMatchObject({ ok: true, unsealed: 0 });
    expect(lines[0]).toMatchObject({ type: "register.applied", by: { id: "command-line" } });
    expect(stderr).toMatch(/The chain without a department holds: \d+ events hold/);
  });

  test("audit ends with exit code 1 when an event was altered", async () => {
    const other = await createTestDatabase();
    const commands = createCommands({ DATABASE_URL: other.url });
    await commands(["key", "create", "--scope", "admin"]);
    await commands(["export", "audit"]);
    await other.prisma.$executeRaw`ALTER TABLE event DISABLE TRIGGER event_append_only`;
    await other.prisma.$executeRaw`UPDATE event SET actor_id = 'somebody-else'`;
    const { code, stderr } = await commands(["export", "audit", "--verify"]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/is altered at position 1/);
    await other.drop();
  });

  test("referrals is a list, empty here", async () => {
    expect(await fingerpost.json(["export", "referrals"])).toEqual([]);
  });
});

describe("explain and replay", () => {
  test("explain names the pool and the reason, without submitting", async () => {
    const asked = [
      "explain",
      "--forum",
      "example-parents",
      "my Universal Credit advance payment has not come",
    ];
    const { stdout } = await fingerpost(asked);
    expect(stdout).toMatch(/^example-universal-credit\n {2}Universal Credit is reserved to DWP/);
    expect(await fingerpost.json(asked)).toMatchObject({ decision: { pool: "example-universal-credit" } });
    expect(await fingerpost.json(["export", "referrals"])).toEqual([]);
  });

  test("explain refuses a forum that is not there", async () => {
    expect(await fingerpost(["explain", "--forum", "nobodys", "text"])).toMatchObject({
      code: 1,
      stderr: "There is no such forum. (forum/not-found)\n",
    });
  });

  test("replay takes a register or a list of rules, and refuses a rule to a pool that nobody knows", async () => {
    expect(await fingerpost.json(["replay", sample])).toEqual({ moved: [], unchanged: 0, notJudged: [] });
    const rules = '[{ when: { topic: [x] }, to: nobodys, because: "so" }, { to: triage }]';
    const { code, stderr } = await fingerpost(["replay", "-"], rules);
    expect({ code, stderr }).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/\/rules\/0\/to {2}There is no pool "nobodys"/),
    });
  });
});

describe("key", () => {
  test("create prints the key alone on stdout; list shows it without the key; revoke ends it", async () => {
    const made = await fingerpost([
      "key",
      "create",
      "--scope",
      "manager:dwp",
      "--name",
      "Rae",
      "--expires",
      "2099-01-01",
    ]);
    expect(made.stdout).toMatch(/^fp_[\w-]{43}\n$/);
    expect(made.stderr).toMatch(/Shown once\. Valid until 2099-01-01T00:00:00\.000Z/);
    const listed = await fingerpost.json(["key", "list"]);
    expect(JSON.stringify(listed)).not.toContain(made.stdout.trim());
    const id = /revoke (\S+)/.exec(made.stderr)?.[1] ?? "";
    expect(listed).toContainEqual(expect.objectContaining({ id, name: "Rae", scopes: ["manager:dwp"] }));
    expect((await fingerpost(["key", "revoke", id])).stdout).toMatch(/^Rae is revoked\./);
  });

  test("a scope that names nobody is refused with where and what to do", async () => {
    const { code, stderr } = await fingerpost(["key", "create", "--scope", "advisor:nobody"]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/\(access\/scope-unknown\)\n {2}\/scopes\/0 /);
  });

  test("an unknown id is refused", async () => {
    expect(await fingerpost(["key", "revoke", "none"])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("access/key-not-found"),
    });
  });
});

describe("forum", () => {
  test("secret rotate gives a new secret and says how long the one before holds", async () => {
    const first = await fingerpost(["forum", "secret", "rotate", "example-parents"]);
    expect(first.stdout).toMatch(/^whsec_\S{44}\n$/);
    expect(first.stderr).toMatch(/No other secret is valid/);
    const second = await fingerpost(["forum", "secret", "rotate", "example-parents"]);
    expect(second.stderr).toMatch(/The previous one is valid until 20/);
    const third = await fingerpost.json(["forum", "secret", "rotate", "example-parents", "--revoke-old"]);
    expect(third).toMatchObject({ previousValidUntil: null });
  });

  test("link gives a code", async () => {
    expect((await fingerpost(["forum", "link", "example-parents"])).stdout).toMatch(/^\w{4}-\w{4}-\w{4}\n$/);
  });

  test("an unknown forum is refused", async () => {
    for (const verb of [["secret", "rotate"], ["link"]])
      expect(await fingerpost(["forum", ...verb, "nobodys"])).toMatchObject({ code: 1, stdout: "" });
  });
});

describe("stats", () => {
  test("come as words, as a table, as JSON and as CSV", async () => {
    expect((await fingerpost(["stats"])).stdout).toMatch(/0 referrals received/);
    expect((await fingerpost(["stats", "--by", "pool,month"])).stdout).toMatch(/^pool\s+month\s+received/m);
    expect(await fingerpost.json(["stats", "--by", "pool"])).toMatchObject({
      by: ["pool"],
      rows: expect.not.arrayContaining([expect.not.objectContaining({ received: 0 })]),
    });
    expect((await fingerpost(["stats", "--csv"])).stdout).toMatch(/^received,/);
  });

  test("every list is JSON where that is asked for, and so is what a rebuild did", async () => {
    expect(await fingerpost.json(["stats", "rebuild"])).toEqual({ referrals: 0 });
    expect(await fingerpost.json(["export", "erasures"])).toEqual([]);
    const audit = await fingerpost.json(["export", "audit"]);
    expect(audit).toContainEqual(expect.objectContaining({ heads: expect.anything() }));
  });

  test("a period that ends before it begins is refused; two formats at once are wrong usage", async () => {
    expect(await fingerpost(["stats", "--from", "2026-02-01", "--to", "2026-01-01"])).toMatchObject({
      code: 2,
    });
    expect(await fingerpost(["stats", "--csv", "--json"])).toMatchObject({ code: 2 });
  });
});

describe("what adapters bring", () => {
  test("webhook sign signs a file so that webhook verify agrees; another byte and it does not", async () => {
    const body = fileOf("body.json", '{"a":1}');
    const secret = `whsec_${Buffer.alloc(32, 7).toString("base64")}`;
    const signed = (await fingerpost.json(["webhook", "sign", body, "--secret", secret])) as Record<
      string,
      string
    >;
    const claims = [
      ...["--id", signed["webhook-id"] ?? ""],
      ...["--timestamp", signed["webhook-timestamp"] ?? ""],
      ...["--signature", signed["webhook-signature"] ?? ""],
    ];
    const verify = (file: string) => fingerpost(["webhook", "verify", file, "--secret", secret, ...claims]);
    expect(await verify(body)).toMatchObject({ code: 0 });
    expect(await verify(fileOf("other.json", '{"a":2}'))).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("signature/invalid"),
    });
  });

  test("without a verb it lists them; an unknown verb or option is wrong usage", async () => {
    expect((await fingerpost(["webhook"])).stdout).toMatch(/fingerpost webhook sign FILE/);
    expect(await fingerpost(["webhook", "dance"])).toMatchObject({ code: 2 });
    expect(await fingerpost(["webhook", "sign", "--dance"])).toMatchObject({ code: 2 });
    expect(await fingerpost(["webhook", "sign"])).toMatchObject({ code: 2 });
  });
});

describe("migrate", () => {
  test("brings an empty database up to this release, then has nothing to do", async () => {
    const empty = await createTestDatabase({ migrated: false });
    const commands = createCommands({ DATABASE_URL: empty.url, MIGRATE: "false" });
    const behind = await commands(["key", "list"]);
    expect(behind).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/migrations to apply.*fingerpost migrate/),
    });
    expect((await commands(["migrate"])).stdout).toMatch(/^Applied:\n {2}\d{14}_/);
    expect(await commands.json(["migrate"])).toEqual({ applied: [] });
    expect(await commands.json(["key", "list"])).toEqual([]);
    await empty.drop();
  });
});

describe("wrong usage", () => {
  test.each([
    [[]],
    [["dance"]],
    [["apply"]],
    [["apply", sample, "--dance"]],
    [["key"]],
    [["key", "create"]],
    [["key", "create", "--scope", "admin", "--expires", "soon"]],
    [["explain", "text"]],
    [["stats", "--by", "pool,,month"]],
    [["stats", "--by", "bogus"]],
    [["stats", "--from", "nonsense"]],
    [["key", "create", "--scope", "bogus"]],
  ])("%j ends with exit code 2, says why and prints nothing on stdout", async (args) => {
    const { code, stdout, stderr } = await fingerpost(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).not.toBe("");
  });

  test("asking for help or the version is not", async () => {
    expect(await fingerpost(["--help"])).toMatchObject({ code: 0, stdout: expect.stringMatching(/^Usage:/) });
    expect(await fingerpost(["key", "create", "--help"])).toMatchObject({ code: 0 });
    expect((await fingerpost(["--version"])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});

describe("a database that does not answer", () => {
  test("is said in a sentence", async () => {
    const commands = createCommands({ DATABASE_URL: "postgresql://nobody@127.0.0.1:1/none" });
    expect(await commands(["key", "list"])).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^The database cannot be reached\./),
    });
  });

  test("a mistake in the environment is said with the variable's name", async () => {
    const commands = createCommands({ PORT: "many" });
    expect(await commands(["key", "list"])).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/PORT must be/),
    });
  });
});
