import { afterAll, beforeAll, expect, test } from "vitest";
import { createCommands } from "../cli/in-process.ts";
import { createTestDatabase, type TestDatabase } from "../support/database.ts";
import { exampleRegister } from "../support/example-register.ts";

let db: TestDatabase;
let fingerpost: ReturnType<typeof createCommands>;
beforeAll(async () => {
  db = await createTestDatabase();
  fingerpost = createCommands({ DATABASE_URL: db.url, BASE_URL: "https://fingerpost.example" });
  const register = exampleRegister("https://forum.example");
  const [amal] = register.advisors;
  if (amal) Object.assign(amal, { email: "amal@dwp.example" });
  await fingerpost(["apply", "-"], JSON.stringify(register));
});
afterAll(() => db.drop());

test("fingerpost login-link prints a link for an address of the register, and nothing else", async () => {
  const { code, stdout, stderr } = await fingerpost(["login-link", "amal@dwp.example"]);
  expect([code, stderr]).toEqual([0, expect.stringContaining("Valid for one use")]);
  expect(stdout).toMatch(/^https:\/\/fingerpost\.example\/sign-in\/[\w-]{43}\n$/);
});

test("fingerpost login-link --admin lets the first administrator in, whom no register names", async () => {
  expect(await fingerpost.json(["login-link", "--admin"])).toMatchObject({
    url: expect.stringContaining("/sign-in/"),
    expiresAt: expect.stringMatching(/Z$/),
  });
});

test("fingerpost login-link refuses a stranger's address, and to guess whom is meant", async () => {
  expect((await fingerpost(["login-link", "stranger@dwp.example"])).code).toBe(1);
  expect((await fingerpost(["login-link"])).code).toBe(2);
  expect((await fingerpost(["login-link", "--admin", "amal@dwp.example"])).code).toBe(2);
});
