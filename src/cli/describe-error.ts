import { DomainError, type InputError } from "../contract/errors.ts";
import { isUnavailable } from "../db/index.ts";

/** A mistake as a person reads it: where, what, and what to do. */
export function mistakeLines({ pointer, detail, hint }: InputError): string[] {
  return [`  ${pointer === "" ? detail : `${pointer}  ${detail}`}`, ...(hint ? [`      ${hint}`] : [])];
}

/** An error as one readable line, with a line for each mistake and hint; never a stack. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof DomainError) {
    return [
      `${error.message} (${error.code})`,
      ...error.errors.flatMap(mistakeLines),
      ...openReferrals(error.fields.inUse),
    ].join("\n");
  }
  return sentenceFor(error) ?? (error.message || error.name);
}

/** What the system says in codes, in words. */
function sentenceFor(error: Error): string | undefined {
  const { code, port, address, path } = error as NodeJS.ErrnoException & { port?: number; address?: string };
  if (code === "EADDRINUSE")
    return `Port ${port} of ${address} is in use. Stop what uses it, or choose another with PORT.`;
  if (code === "EADDRNOTAVAIL") return `This machine does not have the address ${address}: see HOST.`;
  if (code === "EACCES" && port !== undefined)
    return `This account may not listen on port ${port}. Choose one above 1023 with PORT.`;
  if (code === "ENOENT" && path !== undefined) return `There is no ${path}.`;
  if (code === "EACCES" && path !== undefined) return `This account may not open ${path}.`;
  if (code === "EISDIR") return "This is a folder; name a file.";
  if (isUnavailable(error))
    return "The database cannot be reached. See DATABASE_URL, or `fingerpost doctor` for more.";
  return undefined;
}

/** References in a refusal to remove what open referrals need. */
function openReferrals(inUse: unknown): string[] {
  if (!Array.isArray(inUse)) return [];
  return inUse.map(
    ({ what, slug, referrals }) => `  ${String(what)} ${String(slug)}: ${[referrals].flat().join(", ")}`,
  );
}
