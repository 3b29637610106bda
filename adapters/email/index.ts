import type { Transporter } from "nodemailer";
import type { Adapter, AdapterDeps, Capabilities, Delivery, Sent } from "../../src/contract/adapter.ts";
import { renderAlert } from "./render.ts";

export const capabilities: Capabilities = {
  notices: ["alert"],
  textLength: 1_000,
  // The same Message-ID at each attempt, by which mail stores drop a repeat. Where one does not, a person is called
  // twice, which is better than not at all.
  dedupes: true,
};

const timeoutMs = 15_000;

/** Calls people by mail: triage, safeguarding, the administrator. Without `SMTP_URL` the call is a line in the log. */
export function createAdapter(deps: AdapterDeps): Adapter {
  const { smtpUrl } = deps.settings;
  // Loaded where there is a mail server, and with the first alert.
  let opened: Promise<Transporter> | undefined;
  const open = (url: string): Promise<Transporter> => {
    opened ??= openTransport(url);
    return opened;
  };
  return {
    name: "email",
    capabilities,
    deliver: (delivery, signal) =>
      deliver(deps, smtpUrl === undefined ? null : () => open(smtpUrl), delivery, signal),
    async stop() {
      (await opened)?.close();
    },
  };
}

async function openTransport(url: string): Promise<Transporter> {
  const { createTransport } = await import("nodemailer");
  return createTransport({
    url,
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
  });
}

async function deliver(
  deps: AdapterDeps,
  open: (() => Promise<Transporter>) | null,
  delivery: Delivery,
  signal: AbortSignal,
): Promise<Sent> {
  const { notice, destination } = delivery;
  if (notice.type !== "alert") return { outcome: "refused", reason: "not-for-mail" };
  const people = notice.data.to.flatMap(({ email }) => email ?? []);
  const place = typeof delivery.address.to === "string" ? [delivery.address.to] : [];
  const to = [...new Set([...place, ...people])];
  if (open === null || to.length === 0) {
    const { reference } = notice.data;
    // What waits can be looked up; that nobody is mailed about it each morning is no alarm.
    if (notice.data.digest) return { outcome: "delivered" };
    deps.logger.warn("somebody has to be called, and no mail can say so", {
      destination,
      event: notice.data.text,
      ...(reference === null ? {} : { reference }),
    });
    return { outcome: "delivered" };
  }
  const { host } = new URL(deps.baseUrl);
  const transport = await open();
  const sending = transport.sendMail({
    from: { name: "Fingerpost", address: `no-reply@${host.replace(/:\d+$/, "")}` },
    to,
    messageId: `<${delivery.id}@${host.replace(/:\d+$/, "")}>`,
    headers: { "Auto-Submitted": "auto-generated" },
    ...renderAlert(notice.data),
  });
  const ended = new Promise<"ended">((resolve) => {
    signal.addEventListener("abort", () => resolve("ended"), { once: true });
  });
  try {
    const first = await Promise.race([sending, ended]);
    return first === "ended" ? { outcome: "unknown", reason: "aborted" } : { outcome: "delivered" };
  } catch (error) {
    return fateOf(error);
  } finally {
    sending.catch(() => undefined);
  }
}

/** What an SMTP failure says: 4xx comes again (RFC 5321, 4.2.1), 5xx never does, and a lost answer leaves it open. */
function fateOf(error: unknown): Sent {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const status = error instanceof Error && "responseCode" in error ? Number(error.responseCode) : 0;
  if (status >= 500) return { outcome: "retry", reason: `smtp-${status}` };
  if (status >= 400) return { outcome: "retry", reason: `smtp-${status}`, afterMs: 60_000 };
  const neverLeft = ["ECONNREFUSED", "ENOTFOUND", "EDNS", "EAUTH", "ETLS"].includes(code);
  return neverLeft
    ? { outcome: "retry", reason: "smtp-unreachable" }
    : { outcome: "unknown", reason: "smtp-no-answer" };
}
