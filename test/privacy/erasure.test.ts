import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { exportAudit } from "../../src/audit/index.ts";
import { eraseMember, eraseReferral, listErasures, purgeDue } from "../../src/referrals/index.ts";
import { verifyAudit } from "../support/audit.ts";
import { createWorld, dayMs, hourMs, minuteMs, type World } from "../support/world.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const admin = { kind: "admin", keyId: "test" } as const;
const deps = () => world.instance.deps;
const erase = (reference: string) => eraseReferral(deps(), reference, "requested", admin);
const refer = async (body: Record<string, unknown> = {}, forum = "parents"): Promise<string> => {
  const answer = await world.refer(forum, body);
  if (answer.status !== 201) throw new Error(JSON.stringify(answer.body));
  return answer.body.reference;
};
const rowOf = (reference: string) => world.db.prisma.referral.findUniqueOrThrow({ where: { reference } });
const eventsOf = async (reference: string) => {
  const { id } = await rowOf(reference);
  return world.db.prisma.event.findMany({ where: { referralId: id }, orderBy: { id: "asc" } });
};
const since = (mark: number, reference: string) =>
  world.callbacks.slice(mark).filter((callback) => callback.data.reference === reference);

async function replied(): Promise<string> {
  const reference = await refer();
  await world.as("advisor:amal.h", reference, "claim");
  await world.as("advisor:amal.h", reference, "reply", { text: "You can ask for an advance." });
  await world.settle();
  return reference;
}

describe("erasing a referral", () => {
  test("destroys its key and empties everything it sealed, and keeps the counted row", async () => {
    const reference = await replied();
    await world.as("advisor:amal.h", reference, "note", { text: "An inner note." });
    const before = await rowOf(reference);
    expect(await erase(reference)).toEqual({ reference, erased: true, unredacted: [] });
    const { id, ...row } = await rowOf(reference);
    expect(row).toMatchObject({ content: null, externalId: null, memberHash: null, state: "withdrawn" });
    expect(row.submittedAt).toEqual(before.submittedAt);
    expect(row.firstRepliedAt).toEqual(before.firstRepliedAt);
    expect(await world.db.prisma.contentKey.count({ where: { id } })).toBe(0);
    expect(await world.db.prisma.text.count({ where: { referralId: id, body: { not: null } } })).toBe(0);
    expect(
      await world.db.prisma.idempotency.count({ where: { referralId: id, response: { not: null } } }),
    ).toBe(0);
    const [reply] = await world.db.prisma.reply.findMany({ where: { referralId: id } });
    expect(reply).toMatchObject({ body: null, url: null, state: "delivered" });
    expect(reply?.sha256).toHaveLength(32);
    expect(reply?.deliveredAt).not.toBeNull();
    expect((await eventsOf(reference)).at(-1)).toMatchObject({
      type: "referral.erased",
      actorRole: "administrator",
      actedBy: "test",
    });
  });

  test("a second time changes nothing, and an unknown one is not found", async () => {
    const reference = await refer();
    await erase(reference);
    const { version } = await rowOf(reference);
    expect(await erase(reference)).toMatchObject({ erased: false });
    expect((await rowOf(reference)).version).toBe(version);
    await expect(erase("FP-0000-0000")).rejects.toMatchObject({ code: "referral/not-found" });
  });

  test("is for administrators alone", async () => {
    const reference = await refer();
    const actor = { kind: "advisor", id: "amal.h" } as const;
    await expect(eraseReferral(deps(), reference, "requested", actor)).rejects.toMatchObject({
      code: "access/forbidden",
    });
  });

  test("tells the forum to blank it and where the member looks, after whatever was on its way, and sends nothing else", async () => {
    const reference = await refer();
    const mark = world.callbacks.length;
    await erase(reference);
    await world.settle();
    expect(since(mark, reference).map(({ type }) => type)).toEqual(["redact"]);
    expect(since(mark, reference)[0]?.data).toEqual({
      reference,
      externalId: null,
      sequence: 1,
      state: "withdrawn",
      memberLink: expect.stringContaining("/m/"),
    });
  });

  test("a finished one keeps its state and its outcome", async () => {
    const reference = await replied();
    await world.as("advisor:amal.h", reference, "resolve", { result: "helped", saidBy: "advisor" });
    await erase(reference);
    expect(await rowOf(reference)).toMatchObject({ state: "resolved", result: "helped", saidBy: "advisor" });
  });

  test("nothing can be said about it any more, and a repeat of what made it is told that it is gone", async () => {
    const body = {
      excerpt: "To be erased and repeated.",
      url: "https://parents.example/9",
      moderator: "m",
      consent: "member-agreed",
    };
    const first = await world.signed("parents", "referrals", body, "evt_repeat");
    await erase(first.body.reference);
    expect((await world.signed("parents", "referrals", body, "evt_repeat")).body.code).toBe(
      "referral/erased",
    );
    expect((await world.signed("parents", "referrals", { ...body, excerpt: "x" }, "evt_repeat")).status).toBe(
      409,
    );
    const note = await world.call(
      "POST",
      `/v1/referrals/${first.body.reference}/note`,
      await world.keyFor("admin"),
      {
        text: "late",
      },
    );
    expect([409, 410]).toContain(note.status);
  });

  test("a place that refuses to blank is listed with the erasure until it has", async () => {
    const reference = await replied();
    const { id } = await rowOf(reference);
    await erase(reference);
    world.setMood({ status: 503 });
    for (let day = 0; day < 9; day += 1) await world.pass(dayMs);
    world.setMood(null);
    const label = "webhook forum:parents";
    const listed = async () => (await listErasures(deps())).find((row) => row.referralId === id)?.unredacted;
    expect(await listed()).toEqual([label]);
    const parked = await world.db.prisma.delivery.findFirstOrThrow({
      where: { referralId: id, notice: "redact" },
    });
    expect(parked.state).toBe("parked");
    await world.call("POST", `/v1/deliveries/${parked.id}/replay`, await world.keyFor("admin"), {});
    await world.settle();
    expect(await listed()).toEqual([]);
  });

  test("a place whose adapter is off is listed at once, and what an adapter remembers goes when all is blanked", async () => {
    const reference = await replied();
    const { id } = await rowOf(reference);
    const place = { adapter: "slack", destination: "pool:uc" };
    await world.db.prisma.delivery.create({
      data: {
        ...place,
        referralId: id,
        notice: "card",
        seq: 1,
        attempt: 1,
        state: "delivered",
        nextAt: world.clock.now(),
        createdAt: world.clock.now(),
        settledAt: world.clock.now(),
      },
    });
    const remember = (adapter: string, key: string) =>
      world.db.prisma.adapterMemory.create({
        data: { adapter, key, referralId: id, value: deps().keyring.sealSecret(`{"ts":"1"}`) },
      });
    await remember("webhook", `remember:${id}:forum:parents`);
    await remember("webhook", "own");
    expect((await erase(reference)).unredacted).toEqual(["slack pool:uc"]);
    const left = () =>
      world.db.prisma.adapterMemory.findMany({ where: { referralId: id }, select: { key: true } });
    expect(await left()).toEqual([{ key: `remember:${id}:forum:parents` }]);
    await world.settle();
    expect(await left()).toEqual([]);
    await remember("slack", `remember:${id}:pool:uc`);
    await purgeDue(deps());
    expect(await left()).toEqual([]);
  });
});

describe("erasing a member", () => {
  test("finds every referral of that pseudonym on that forum, and no other", async () => {
    const mine = [
      await refer({ member: "wren" }),
      await refer({ member: "wren" }),
      await refer({ member: "wren" }),
    ];
    const others = [await refer({ member: "Wren" }), await refer({ member: "wren" }, "young")];
    await erase(mine[2] ?? "");
    const { erased } = await eraseMember(deps(), "parents", "wren", admin);
    expect(erased.map(({ reference }) => reference).sort()).toEqual(mine.slice(0, 2).sort());
    for (const other of others) expect((await rowOf(other)).erasedAt).toBeNull();
    expect((await eraseMember(deps(), "parents", "wren", admin)).erased).toEqual([]);
    await expect(eraseMember(deps(), "nowhere", "wren", admin)).rejects.toMatchObject({
      code: "forum/not-found",
    });
  });

  test("also where the forum has another name since", async () => {
    const reference = await refer({ member: "finch" });
    const { id } = await rowOf(reference);
    const memberHash = deps().keyring.hash("member:former-name", "finch");
    await world.db.prisma.referral.update({ where: { id }, data: { memberHash } });
    const { erased } = await eraseMember(deps(), "parents", "finch", admin);
    expect(erased.map((one) => one.reference)).toEqual([reference]);
  });
});

describe("retention", () => {
  const finish = async () => {
    const reference = await replied();
    await world.as("advisor:amal.h", reference, "resolve", { result: "helped", saidBy: "advisor" });
    await world.settle();
    return reference;
  };

  test("content goes ninety days after the end, and not a minute before", async () => {
    const reference = await finish();
    await world.pass(90 * dayMs - minuteMs);
    expect((await rowOf(reference)).erasedAt).toBeNull();
    await world.pass(minuteMs);
    expect((await rowOf(reference)).erasedAt).not.toBeNull();
    expect((await eventsOf(reference)).at(-1)).toMatchObject({
      actorRole: "timer",
      data: { because: "retention" },
    });
  });

  test("a referral that is reopened keeps its content, and the ninety days begin again at its next end", async () => {
    const reference = await finish();
    await world.pass(20 * dayMs);
    await world.as("forum:parents", reference, "reopen", { reason: "It came back." });
    await world.as("advisor:amal.h", reference, "resolve", { result: "helped", saidBy: "advisor" });
    await world.as("advisor:amal.h", reference, "close", {
      disposition: "insufficient_information",
      result: "could_not_reach",
    });
    expect(["closed", "resolved"]).toContain((await rowOf(reference)).state);
    await world.pass(80 * dayMs);
    expect((await rowOf(reference)).erasedAt).toBeNull();
    await world.pass(10 * dayMs);
    expect((await rowOf(reference)).erasedAt).not.toBeNull();
  });

  test("a public reply can still be verified after its text has gone", async () => {
    const reference = await finish();
    const reply = async () => {
      const { id } = await rowOf(reference);
      return world.db.prisma.reply.findFirstOrThrow({ where: { referralId: id } });
    };
    const before = await reply();
    await world.pass(90 * dayMs);
    const { body, url, ...after } = await reply();
    expect([body, url]).toEqual([null, null]);
    const { body: _body, url: _url, ...kept } = before;
    expect(after).toEqual(kept);
  });

  test("a typed text that was refused goes after seven days", async () => {
    const reference = await refer();
    await world.as("advisor:amal.h", reference, "claim");
    await world.as("advisor:bea.k", reference, "reply", { text: "Typed in vain." });
    const { id } = await rowOf(reference);
    const kept = () => world.db.prisma.text.count({ where: { referralId: id, kind: "kept" } });
    expect(await kept()).toBe(1);
    world.clock.advance(7 * dayMs - minuteMs);
    await purgeDue(deps());
    expect(await kept()).toBe(1);
    world.clock.advance(minuteMs);
    await purgeDue(deps());
    expect(await kept()).toBe(0);
  });

  test("an answered referral's content goes with that of the one it was merged into", async () => {
    const origin = await refer();
    const target = await refer();
    expect((await world.as("person:sam.t", origin, "merge", { into: target })).status).toBe(200);
    await world.as("advisor:amal.h", target, "claim");
    await world.as("advisor:amal.h", target, "reply", { text: "You can ask for an advance." });
    await world.settle();
    await world.as("forum:parents", target, "withdraw");
    await purgeDue(deps());
    expect((await rowOf(origin)).erasedAt).toBeNull();
    await world.pass(90 * dayMs + hourMs);
    await purgeDue(deps());
    expect((await rowOf(origin)).erasedAt).not.toBeNull();
    expect((await rowOf(target)).erasedAt).not.toBeNull();
  });

  test("what a forum that left has sent goes seven days later, though its referrals are not old", async () => {
    const reference = await refer({}, "young");
    await world.db.prisma.forum.update({ where: { slug: "young" }, data: { leftAt: world.clock.now() } });
    world.clock.advance(7 * dayMs - minuteMs);
    await purgeDue(deps());
    expect((await rowOf(reference)).erasedAt).toBeNull();
    world.clock.advance(minuteMs);
    await purgeDue(deps());
    expect((await rowOf(reference)).erasedAt).not.toBeNull();
    expect((await eventsOf(reference)).at(-1)).toMatchObject({ data: { because: "forum-left" } });
  });
});

test("after all this the audit still holds, to its last event", async () => {
  for await (const _line of exportAudit(deps()));
  expect(await verifyAudit(deps())).toMatchObject({ ok: true, unsealed: 0 });
});
