import type { InputError } from "../contract/errors.ts";
import type { RegisterDocument } from "./document.ts";
import type { Register } from "./model.ts";

/** What is wrong with a callback's address, as a code, or null. Looks the name up. */
export type CheckAddress = (url: string) => Promise<string | null>;

const longestWaitMs = 3_000;

const words: Record<string, { detail: string; hint: string }> = {
  "not-a-url": { detail: "This is not an address.", hint: "Write one that begins with https://." },
  "not-https": { detail: "Callbacks go to https addresses only.", hint: "Write https:// instead." },
  "has-credentials": {
    detail: "Leave the name and password out of the address.",
    hint: "Callbacks are signed instead.",
  },
  "private-address": {
    detail: "This address is private or leads to this machine.",
    hint: "Give one that the internet can reach.",
  },
};

/**
 * Looks at the callback addresses that a document would change. Errors for those that may never be called; a warning
 * where the name is not found (or the answer takes longer than 3 s), because it may only be new.
 */
export async function checkCallbackAddresses(
  document: RegisterDocument,
  inForce: Register,
  check: CheckAddress,
): Promise<{ errors: InputError[]; warnings: InputError[] }> {
  const errors: InputError[] = [];
  const warnings: InputError[] = [];
  const addresses = (document.forums ?? []).flatMap(({ slug, callbackUrl }, i) =>
    callbackUrl !== undefined && inForce.forums.get(slug)?.callbackUrl !== callbackUrl
      ? [{ callbackUrl, pointer: `/forums/${i}/callbackUrl` }]
      : [],
  );
  await Promise.all(
    addresses.map(async ({ callbackUrl, pointer }) => {
      const refusal = await inTime(check(callbackUrl));
      if (refusal === null) return;
      const told = words[refusal];
      if (told) errors.push({ pointer, ...told });
      else
        warnings.push({
          pointer,
          detail: "This name was not found, so no callback would arrive.",
          hint: "Check the spelling.",
        });
    }),
  );
  const byPointer = (a: InputError, b: InputError) =>
    a.pointer.localeCompare(b.pointer, "en", { numeric: true });
  return { errors: errors.sort(byPointer), warnings: warnings.sort(byPointer) };
}

async function inTime(answer: Promise<string | null>): Promise<string | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve("name-not-found"), longestWaitMs);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}
