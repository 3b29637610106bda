import { stat } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { findServerAccount } from "../../src/db/embedded/account.ts";
import { prepareBinaries } from "../../src/db/embedded/binaries.ts";

describe("a machine without programs for it", () => {
  test.each([
    { platform: "linux", arch: "x64", isMusl: true },
    { platform: "linux", arch: "riscv64", isMusl: false },
    { platform: "win32", arch: "x64", isMusl: false },
  ])("$platform $arch (musl: $isMusl) is told to set DATABASE_URL", async (machine) => {
    await expect(prepareBinaries(undefined, machine)).rejects.toThrow(
      /There is no embedded PostgreSQL for .*Set DATABASE_URL/,
    );
  });
});

test("the programs lie where nobody else can change them", async () => {
  const { postgres } = await prepareBinaries(await findServerAccount("/nowhere"));
  const { uid, mode } = await stat(postgres);
  expect([0, process.getuid?.()]).toContain(uid);
  expect(mode & 0o002).toBe(0);
});
