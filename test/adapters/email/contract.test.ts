import { expect, test } from "vitest";
import { capabilities, createAdapter } from "../../../adapters/email/index.ts";
import type { AdapterDeps, LogFields } from "../../../src/contract/adapter.ts";
import { describeAdapter } from "../../contract/describe-adapter.ts";
import { noticeOf } from "../../contract/notices.ts";
import { createMailServer } from "../../simulators/mail.ts";
import { stubCore } from "../webhook/stub-core.ts";

function depsWith(settings: Record<string, string>, warned: LogFields[] = []): AdapterDeps {
  const silent = () => undefined;
  const unused = async (): Promise<never> => {
    throw new Error("Mail does without this.");
  };
  return {
    core: stubCore({}),
    http: { request: unused },
    memory: { get: unused, set: unused, lease: unused },
    logger: {
      debug: silent,
      info: silent,
      warn: (_message, fields = {}) => void warned.push(fields),
      error: silent,
    },
    now: () => new Date("2026-11-02T09:00:00Z"),
    baseUrl: "https://fingerpost.example",
    settings,
  };
}

const place = { destination: "alert:safeguarding", address: { to: "duty@example.gov.uk" } };

describeAdapter("email", {
  capabilities,
  async create() {
    const server = await createMailServer();
    const adapter = createAdapter(depsWith({ smtpUrl: server.url }));
    return {
      adapter,
      place: () => place,
      setMood: server.setMood,
      shown: () =>
        server.mails.map(({ subject, text, html }) => ({ raw: `${subject}\n${text}\n${html || ""}` })),
      violations: () => server.violations,
      // Plain text is only ever read; markup would need a part of its own.
      isActive: () => server.mails.some(({ html }) => html !== false),
      async close() {
        await adapter.stop?.();
        await server.close();
      },
    };
  },
});

test("without a mail server the call is a line in the log, with the reference and nothing else of it", async () => {
  const warned: LogFields[] = [];
  const adapter = createAdapter(depsWith({}, warned));
  const delivery = { id: "019a0000-0000-7000-8000-000000000001", attempt: 1, uncertain: false, ...place };
  const sent = await adapter.deliver(
    {
      ...delivery,
      notice: noticeOf("alert"),
      remembered: undefined,
      createdAt: new Date("2026-11-02T09:00:00Z"),
    },
    AbortSignal.timeout(1_000),
  );
  expect(sent.outcome).toBe("delivered");
  expect(warned).toMatchObject([
    { destination: "alert:safeguarding", reference: expect.stringMatching(/^FP-/) },
  ]);
});
