import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Provider } from "oidc-provider";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { exampleRegister } from "../support/example-register.ts";
import { createWorld, type World } from "../support/world.ts";
import { textOf, visit } from "../web/support.ts";

/** Accounts at the identity provider: who signs in there, and whether it has verified the address. */
const accounts: Record<string, { email: string; email_verified: boolean }> = {
  amal: { email: "amal@dwp.example", email_verified: true },
  unverified: { email: "amal@dwp.example", email_verified: false },
  stranger: { email: "stranger@elsewhere.example", email_verified: true },
};

let world: World;
let server: ReturnType<typeof createServer>;
let issuer: string;
let provider: Provider;

beforeAll(async () => {
  server = createServer((request, response) => void provider.callback()(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const register = exampleRegister("http://127.0.0.1:9");
  const [amal] = register.advisors;
  if (amal) Object.assign(amal, { email: "amal@dwp.example" });
  const env = { OIDC_ISSUER: issuer, OIDC_CLIENT_ID: "fingerpost", OIDC_CLIENT_SECRET: "a-secret-of-a-test" };
  world = await createWorld({ register, env });
  provider = new Provider(issuer, {
    clients: [
      {
        client_id: "fingerpost",
        client_secret: "a-secret-of-a-test",
        redirect_uris: [`${world.instance.address}/sign-in/callback`],
        grant_types: ["authorization_code"],
        response_types: ["code"],
      },
    ],
    pkce: { required: () => true },
    claims: { email: ["email", "email_verified"] },
    findAccount: (_context, id) => ({ accountId: id, claims: () => ({ sub: id, ...accounts[id] }) }),
    cookies: { keys: ["a-key-of-a-test"] },
  });
});
afterAll(async () => {
  await world.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

/** A browser's cookies for one site each. */
function createJar() {
  const jars = new Map<string, Map<string, string>>();
  const jarOf = (url: URL) => {
    const jar = jars.get(url.host) ?? new Map<string, string>();
    jars.set(url.host, jar);
    return jar;
  };
  return {
    header: (url: URL) => [...jarOf(url)].map(([name, value]) => `${name}=${value}`).join("; "),
    take(url: URL, answer: Response) {
      for (const line of answer.headers.getSetCookie()) {
        const [name = "", value = ""] = (line.split(";")[0] ?? "").split(/=(.*)/);
        if (value === "") jarOf(url).delete(name);
        else jarOf(url).set(name, value);
      }
    },
  };
}
type Jar = ReturnType<typeof createJar>;

async function browse(jar: Jar, url: URL, form?: Record<string, string>): Promise<Response> {
  const answer = await fetch(url, {
    redirect: "manual",
    headers: { cookie: jar.header(url), accept: "text/html" },
    ...(form ? { method: "POST", body: new URLSearchParams(form) } : {}),
  });
  jar.take(url, answer);
  return answer;
}

/** Goes to the identity provider, signs in there and agrees, until it sends the browser back; gives that address. */
async function throughProvider(jar: Jar, account: string, next = "/desk"): Promise<URL> {
  let url = new URL(`/sign-in/provider?next=${encodeURIComponent(next)}`, world.instance.address);
  let answer = await browse(jar, url);
  for (let hop = 0; hop < 12; hop += 1) {
    const to = answer.headers.get("location");
    if (to === null) {
      const html = await answer.text();
      const action = /action="([^"]+)"/.exec(html)?.[1] ?? "";
      const prompt = /name="prompt" value="([^"]+)"/.exec(html)?.[1] ?? "";
      url = new URL(action, url);
      answer = await browse(jar, url, { prompt, login: account, password: "x" });
      continue;
    }
    url = new URL(to, url);
    if (url.pathname === "/sign-in/callback") return url;
    answer = await browse(jar, url);
  }
  throw new Error("The provider did not send the browser back.");
}

describe("sign-in at the identity provider", () => {
  test("signs in whom the register knows by a verified address, and leads to where they were going", async () => {
    const jar = createJar();
    const back = await throughProvider(jar, "amal", "/desk?pool=uc");
    const answer = await browse(jar, back);
    expect([answer.status, answer.headers.get("location")]).toEqual([303, "/desk?pool=uc"]);
    const read = await browse(jar, new URL("/v1/referrals", world.instance.address));
    expect(read.status).toBe(200);
    const [session] = await world.db.prisma.session.findMany();
    expect([session?.method, session?.scopes]).toEqual(["oidc", ["advisor:amal.h"]]);
  });

  test("asks for a code with PKCE, state and nonce", async () => {
    const { headers } = await visit(world, "/sign-in/provider");
    const asked = new URL(headers.get("location") ?? "").searchParams;
    expect(asked.get("response_type")).toBe("code");
    expect(asked.get("code_challenge_method")).toBe("S256");
    for (const name of ["code_challenge", "state", "nonce"])
      expect(asked.get(name)?.length).toBeGreaterThan(20);
    expect(headers.get("set-cookie")).toMatch(/^fingerpost-sign-in=.*HttpOnly; SameSite=Lax/);
  });

  test.each(["unverified", "stranger"])("lets nobody in whose address is %s", async (account) => {
    const jar = createJar();
    const answer = await browse(jar, await throughProvider(jar, account));
    expect(answer.status).toBe(403);
    expect(textOf(await answer.text())).toContain("Your organisation knows you, but this site does not");
    expect((await browse(jar, new URL("/v1/referrals", world.instance.address))).status).toBe(401);
  });

  test("refuses a way back that this browser did not begin, a second use, and another state", async () => {
    const jar = createJar();
    const back = await throughProvider(jar, "amal");
    const elsewhere = await browse(createJar(), back);
    expect(elsewhere.status).toBe(403);
    const forged = new URL(back);
    forged.searchParams.set("state", "another");
    const mixed = createJar();
    await browse(mixed, new URL("/sign-in/provider", world.instance.address));
    expect((await browse(mixed, forged)).status).toBe(403);
    expect((await browse(mixed, back)).status).toBe(403);
    expect((await browse(jar, back)).status).toBe(303);
    expect((await browse(jar, back)).status).toBe(403);
  });

  test("takes at most ten minutes, and an error of the provider as a refusal", async () => {
    const jar = createJar();
    const back = await throughProvider(jar, "amal");
    world.clock.advance(10 * 60_000);
    expect((await browse(jar, back)).status).toBe(403);
    const second = createJar();
    const { searchParams } = await throughProvider(second, "amal");
    const refused = new URL(
      `/sign-in/callback?error=access_denied&state=${searchParams.get("state")}`,
      world.instance.address,
    );
    expect((await browse(second, refused)).status).toBe(403);
  });
});
