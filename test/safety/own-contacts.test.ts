import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readConfig } from "../../src/config.ts";
import { examine } from "../../src/doctor/index.ts";
import { createLogger } from "../../src/http/logger.ts";
import { startInstance } from "../../src/main.ts";
import { crisisContacts } from "../../src/safety/index.ts";
import { createWorld, type World } from "../support/world.ts";

const folder = mkdtempSync(join(tmpdir(), "fingerpost-contacts-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function fileOf(name: string, contacts: object[]): string {
  const path = join(folder, name);
  writeFileSync(path, JSON.stringify({ asOf: "2026-06-01", contacts }));
  return path;
}

const [emergency] = crisisContacts.contacts;
const ours = {
  ...emergency,
  code: "our-own-line",
  phone: "0300 000 0001",
  text: { en: "The line that this operator runs.", cy: "Y llinell a gynhelir gan y gweithredwr hwn." },
};
const own = fileOf("own.json", [{ ...emergency }, ours]);
const lacking = fileOf("lacking.json", [ours]);
const urgent = { excerpt: "I want to die and I have a plan for tonight." };

describe("with CRISIS_CONTACTS", () => {
  let world: World;
  beforeAll(async () => {
    world = await createWorld({ env: { CRISIS_CONTACTS: own } });
  });
  afterAll(() => world.close());

  const doctor = (env: Record<string, string>) =>
    examine(
      {
        config: readConfig({ DATABASE_URL: world.db.url, DATA_DIR: folder, ...env }),
        logger: createLogger("silent"),
        library: {},
      },
      { node: process.versions.node, now: () => world.clock.now() },
    );
  const contactsOf = async (env: Record<string, string>) =>
    (await doctor({ ENCRYPTION_KEY: world.encryptionKey, ...env })).filter(
      ({ name }) => name === "crisis contacts",
    );

  test("a moderator is told to call whom the operator's file names, at birth and in what is added later", async () => {
    const born = await world.refer("parents", urgent);
    expect(born.body.advice.map(({ phone }: { phone: string }) => phone)).toEqual(["999", "0300 000 0001"]);
    const { reference } = (await world.refer("parents")).body;
    await world.as("advisor:amal.h", reference, "claim");
    await world.as("advisor:amal.h", reference, "ask", { text: "When was that?" });
    await world.settle();
    const added = await world.event("parents", { type: "member.answered", reference, text: urgent.excerpt });
    expect(added.body.advice.map(({ phone }: { phone: string }) => phone)).toEqual(["999", "0300 000 0001"]);
  });

  test("doctor says whose contacts they are and of which day", async () => {
    const [fromFile] = await contactsOf({ CRISIS_CONTACTS: own });
    expect(fromFile?.detail).toContain("from CRISIS_CONTACTS, as of 2026-06-01");
    const [released] = await contactsOf({});
    expect(released?.detail).toContain(`those of this release, as of ${crisisContacts.asOf}`);
  });

  test("doctor calls a file broken that a server would refuse, and looks at the rest", async () => {
    const findings = await doctor({ ENCRYPTION_KEY: world.encryptionKey, CRISIS_CONTACTS: lacking });
    expect(findings.find(({ name }) => name === "crisis contacts")).toMatchObject({
      state: "broken",
      detail: expect.stringContaining("999 is missing"),
    });
    expect(findings.find(({ name }) => name === "migrations")).toMatchObject({ state: "well" });
  });
});

test.each([
  ["lacks 999", lacking, /CRISIS_CONTACTS .*999 is missing/],
  ["is not there", join(folder, "none.json"), /CRISIS_CONTACTS names a file that cannot be read/],
])("no server starts with a file that %s, and it says so", async (_why, path, said) => {
  const config = readConfig({ DATA_DIR: folder, CRISIS_CONTACTS: path });
  await expect(startInstance({ config, logger: createLogger("silent") })).rejects.toThrow(said);
});
