import { afterAll, beforeAll, expect, test } from "vitest";
import { exampleRegister } from "../support/example-register.ts";
import { createWorld, type World } from "../support/world.ts";

let world: World;
beforeAll(async () => {
  const register = exampleRegister("http://127.0.0.1:9");
  const people = [
    { id: "ada.b", name: "Ada B.", email: "ada@example.gov.uk", roles: ["administrator"] },
    { id: "olu.c", name: "Olu C.", email: "olu@example.gov.uk", roles: ["operator:parents"] },
    {
      id: "two.f",
      name: "Two F.",
      email: "two@example.gov.uk",
      roles: ["operator:parents", "operator:quiet", "triage"],
    },
    { id: "tri.d", name: "Tri D.", email: "tri@example.gov.uk", roles: ["triage"] },
  ];
  world = await createWorld({ register: { ...register, people: [...(register.people ?? []), ...people] } });
});
afterAll(() => world.close());

test("a person's key carries their roles, as signing in does", async () => {
  const status = async (who: string, method: string, path: string, body?: unknown) =>
    (await world.call(method, path, await world.keyFor(`person:${who}`), body)).status;
  for (const path of ["/v1/keys", "/v1/register", "/v1/deliveries"])
    expect([path, await status("ada.b", "GET", path)]).toEqual([path, 200]);
  expect(await status("olu.c", "POST", "/v1/forums/parents/links", {})).toBe(201);
  expect(await status("olu.c", "GET", "/v1/keys")).toBe(403);
  expect(await status("tri.d", "GET", "/v1/register")).toBe(403);
  expect(await status("tri.d", "POST", "/v1/forums/parents/links", {})).toBe(403);
});

test("whoever runs several forums speaks for the one that is asked about", async () => {
  const key = await world.keyFor("person:two.f");
  const status = async (forum: string, what: string) =>
    (await world.call("POST", `/v1/forums/${forum}/${what}`, key, {})).status;
  expect([await status("parents", "links"), await status("quiet", "links")]).toEqual([201, 201]);
  expect([await status("parents", "listing-links"), await status("quiet", "listing-links")]).toEqual([
    200, 200,
  ]);
});
