import type { AddressInfo } from "node:net";
import { type ParsedMail, simpleParser } from "mailparser";
import { SMTPServer } from "smtp-server";
import type { FarMood } from "../contract/describe-adapter.ts";

/** A mail server that takes mails for anybody at `*.gov.uk` and drops a second one with the same Message-ID. */
export interface MailServer {
  url: string;
  mails: ParsedMail[];
  violations: string[];
  setMood(mood: FarMood): void;
  close(): Promise<void>;
}

const refusals: Partial<Record<FarMood, [number, string]>> = {
  "429": [451, "slow down"],
  "500": [454, "temporary failure"],
  gone: [550, "no such mailbox"],
};

export async function createMailServer(): Promise<MailServer> {
  const mails: ParsedMail[] = [];
  const violations: string[] = [];
  let mood: FarMood = "well";
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS"],
    size: 100_000,
    onRcptTo({ address }, _session, done) {
      if (!address.endsWith(".gov.uk")) violations.push(`a mail to ${address}`);
      done();
    },
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", async () => {
        const refusal = refusals[mood];
        if (refusal) {
          done(Object.assign(new Error(refusal[1]), { responseCode: refusal[0] }));
          return;
        }
        if (mood === "slow") return;
        const drop = () => {
          for (const connection of server.connections)
            if (connection.session.id === session.id) connection._socket.destroy();
        };
        if (mood === "reset") {
          drop();
          return;
        }
        const mail = await simpleParser(Buffer.concat(chunks));
        if (mail.headers.get("auto-submitted") !== "auto-generated")
          violations.push("not marked as automatic");
        if (!mails.some(({ messageId }) => messageId === mail.messageId)) mails.push(mail);
        if (mood === "applied-then-reset") drop();
        else done();
      });
    },
  });
  server.on("error", () => undefined);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.server.address() as AddressInfo;
  return {
    url: `smtp://127.0.0.1:${port}`,
    mails,
    violations,
    setMood: (next) => {
      mood = next;
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
