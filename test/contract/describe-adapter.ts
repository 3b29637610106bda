import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Adapter, Capabilities, Delivery, Sent } from "../../src/contract/adapter.ts";
import type { Notice } from "../../src/contract/notice.ts";
import { forumNotices } from "../../src/contract/vocabulary.ts";
import { hostileTexts, noticeOf, somebody, somebodysEmail, withSomebody } from "./notices.ts";

/** How the far side behaves from here on. `applied-then-*`: it took the message, and the answer was lost. */
export type FarMood = "well" | "429" | "500" | "slow" | "reset" | "applied-then-reset" | "gone";

/** What the far side shows: one entry for each message, in order, with everything a reader could see of it. */
export interface Shown {
  /** The text of every part, as it came over the wire. */
  raw: string;
}

/** One adapter in front of a simulated platform. */
export interface AdapterWorld {
  adapter: Adapter;
  /** The referred post, where the platform answers only posts of its own. */
  post?: string;
  /** Where a notice of this audience goes. */
  place(audience: Exclude<Notice["audience"], "announcement">): {
    destination: string;
    address: Readonly<Record<string, unknown>>;
  };
  setMood(mood: FarMood): void;
  /** Everything that took effect, without what was dropped as a repeat. */
  shown(): readonly Shown[];
  /** What the platform itself found wrong with our requests. */
  violations(): readonly string[];
  /** True where this raw message could act on its reader: markup made of member text, mentions, unfurled links. */
  isActive(raw: string, text: string): boolean;
  close(): Promise<void>;
}

export interface AdapterUnderTest {
  capabilities: Capabilities;
  create(): Promise<AdapterWorld>;
}

let count = 0;
const newDelivery = (world: AdapterWorld, notice: Notice, change: Partial<Delivery> = {}): Delivery => {
  count += 1;
  return {
    id: `019a0000-0000-7000-8000-${String(count).padStart(12, "0")}`,
    attempt: 1,
    uncertain: false,
    ...world.place(notice.audience === "announcement" ? "forum" : notice.audience),
    notice: world.post === undefined ? notice : about(notice, world.post),
    remembered: undefined,
    createdAt: new Date("2026-11-02T09:00:00Z"),
    ...change,
  };
};

function about(notice: Notice, post: string): Notice {
  const place = notice.type === "clinic" ? { thread: post } : "post" in notice.data ? { post } : {};
  return Object.assign({ ...notice }, { data: { ...notice.data, ...place } });
}

/** Guarantees that every adapter gives; what its capabilities do not promise is left out. */
export function describeAdapter(name: string, { capabilities, create }: AdapterUnderTest): void {
  const { notices } = capabilities;
  const first = notices.find((type) => type !== "ping" && type !== "redact");
  if (!first) throw new Error("An adapter carries at least one notice with a text.");
  const toForums = notices.filter(
    (type) => type === "clinic" || forumNotices.some((known) => known === type),
  );

  describe(`the adapter ${name}`, () => {
    let world: AdapterWorld;
    beforeEach(async () => {
      world = await create();
    });
    afterEach(() => world.close());
    const send = (delivery: Delivery, signal = AbortSignal.timeout(5_000)) =>
      world.adapter.deliver(delivery, signal);
    const look = (delivery: Delivery) => world.adapter.find?.(delivery, AbortSignal.timeout(5_000));

    test("says what it can do as it said before it was made", () => {
      expect(world.adapter.name).toBe(name);
      expect(world.adapter.capabilities).toEqual(capabilities);
      expect(capabilities.dedupes || world.adapter.find !== undefined).toBe(true);
    });

    test.each([...notices])("delivers %s, and the platform finds nothing wrong with it", async (type) => {
      expect(await send(newDelivery(world, noticeOf(type)))).toMatchObject({ outcome: "delivered" });
      expect(world.violations()).toEqual([]);
    });

    test("shows one referral's notices in the order in which they are sent", async () => {
      for (let sequence = 1; sequence <= 3; sequence += 1) {
        await send(newDelivery(world, noticeOf(first, { sequence, text: `number ${sequence} of three` })));
      }
      const all = world
        .shown()
        .map((one) => one.raw)
        .join("\n");
      const places = [1, 2, 3].map((sequence) => all.lastIndexOf(`number ${sequence} of three`));
      expect(places.every((place) => place >= 0)).toBe(true);
      expect(places).toEqual([...places].sort((a, b) => a - b));
    });

    if (capabilities.dedupes) {
      test("the same delivery sent twice is seen once", async () => {
        const delivery = newDelivery(world, noticeOf(first));
        await send(delivery);
        expect(await send({ ...delivery, attempt: 2, uncertain: true })).toMatchObject({
          outcome: "delivered",
        });
        expect(world.shown().length).toBe(1);
      });
    } else {
      test("a delivery that arrived is found, and one that did not is absent", async () => {
        const arrived = newDelivery(world, noticeOf(first));
        await send(arrived);
        expect(await look(arrived)).toMatchObject({ outcome: "delivered" });
        expect(await look(newDelivery(world, noticeOf(first)))).toEqual({ outcome: "absent" });
      });

      test("a look-up that the platform does not answer finds out nothing, and is no throw", async () => {
        const delivery = newDelivery(world, noticeOf(first));
        world.setMood("500");
        expect(await look(delivery)).toMatchObject({ outcome: "unknown" });
      });
    }

    test("a send that was applied before the connection broke is unknown, and then not made twice", async () => {
      const delivery = newDelivery(world, noticeOf(first));
      world.setMood("applied-then-reset");
      expect(await send(delivery)).toMatchObject({ outcome: "unknown" });
      world.setMood("well");
      const settled = capabilities.dedupes ? await send({ ...delivery, attempt: 2 }) : await look(delivery);
      expect(settled).toMatchObject({ outcome: "delivered" });
      expect(world.shown().length).toBe(1);
    });

    test.each<[FarMood, Sent["outcome"][]]>([
      ["429", ["retry"]],
      ["500", ["retry", "unknown"]],
      ["reset", ["unknown", "retry"]],
      ["gone", ["refused", "retry"]],
    ])("a platform that answers with %s is a value, never a throw", async (mood, outcomes) => {
      world.setMood(mood);
      const sent = await send(newDelivery(world, noticeOf(first)));
      expect(outcomes).toContain(sent.outcome);
      expect("reason" in sent && sent.reason).toMatch(/^[a-z0-9-_]{1,60}$/);
    });

    test("a platform that asks for time gets it: the wait is handed on", async () => {
      world.setMood("429");
      const sent = await send(newDelivery(world, noticeOf(first)));
      expect(sent.outcome === "retry" && sent.afterMs).toBeGreaterThan(0);
    });

    test("ends when it is told to, though the platform is slow, and does not claim to know", async () => {
      world.setMood("slow");
      const stop = new AbortController();
      const sending = send(newDelivery(world, noticeOf(first)), stop.signal);
      setTimeout(() => stop.abort(), 50);
      expect(["unknown", "retry"]).toContain((await sending).outcome);
    });

    test.each(hostileTexts.map((text) => [text]))("a member's text stays text: %j", async (text) => {
      for (const type of notices) await send(newDelivery(world, noticeOf(type, { text })));
      expect(world.violations()).toEqual([]);
      for (const { raw } of world.shown()) expect(world.isActive(raw, text)).toBe(false);
    });

    test("a text of the greatest length is shown whole", async () => {
      const text = `start ${"x".repeat(capabilities.textLength - 12)} end`;
      expect(await send(newDelivery(world, noticeOf(first, { text })))).toMatchObject({
        outcome: "delivered",
      });
      const all = world
        .shown()
        .map((one) => one.raw)
        .join("");
      expect(all).toContain("start xxx");
      expect(all).toContain("xxx end");
      expect(world.violations()).toEqual([]);
    });

    if (toForums.length > 0) {
      test.each(toForums)(
        "%s tells a forum nothing of a person, whatever the core left in it",
        async (type) => {
          await send(newDelivery(world, withSomebody(noticeOf(type))));
          const all = world
            .shown()
            .map((one) => one.raw)
            .join("\n");
          expect(all).not.toContain(somebody);
          expect(all).not.toContain(somebodysEmail);
          expect(all).not.toContain("amal.h");
        },
      );
    }

    test("takes back what it asked to remember, as JSON of at most 4 kB", async () => {
      const sent = await send(newDelivery(world, noticeOf(first)));
      const remember = sent.outcome === "delivered" ? sent.remember : undefined;
      const json = JSON.stringify(remember ?? null);
      expect(Buffer.byteLength(json)).toBeLessThanOrEqual(4_096);
      const next = newDelivery(world, noticeOf(first, { sequence: 2 }), {
        remembered: JSON.parse(json) ?? undefined,
      });
      expect(await send(next)).toMatchObject({ outcome: "delivered" });
    });

    test("what is remembered may be missing or of another version", async () => {
      for (const remembered of [null, 7, "x", [], { unknown: true }]) {
        const sent = await send(newDelivery(world, noticeOf(first), { remembered }));
        expect(sent.outcome).toBe("delivered");
      }
    });
  });
}
