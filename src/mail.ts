import type { Transporter } from "nodemailer";
import type { Mail } from "./access/index.ts";

/** Sends mails to people, one at a time. */
export interface Mailer {
  /** False: there is no mail server, so what is sent is printed. */
  isOn: boolean;
  send(mail: Mail): Promise<void>;
}

const timeoutMs = 15_000;

/** Sends by `SMTP_URL`; without it, prints for whoever runs the instance, never through the logger. */
export function createMailer(
  smtpUrl: string | null,
  { baseUrl, print }: { baseUrl(): string; print(text: string): void },
): Mailer {
  if (smtpUrl === null)
    return {
      isOn: false,
      async send({ to, subject, text }) {
        print(`\n  ${subject} (for ${to}):\n\n${text.replace(/^/gm, "  ")}\n\n`);
      },
    };
  // Loaded where there is a mail server, and with the first mail.
  let transport: Promise<Transporter> | undefined;
  return {
    isOn: true,
    async send(mail) {
      const { hostname } = new URL(baseUrl());
      const from = { name: "Fingerpost", address: `no-reply@${hostname}` };
      transport ??= openTransport(smtpUrl);
      await (await transport).sendMail({ ...mail, from, headers: { "Auto-Submitted": "auto-generated" } });
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
