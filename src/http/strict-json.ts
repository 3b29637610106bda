/** A JSON text as a value, or why not: `pointer` says where, as RFC 6901 has it. */
export type StrictJson = { ok: true; value: unknown } | { ok: false; detail: string; pointer?: string };

type Fault = { ok: false; detail: string; pointer?: string };
/** An open object or array, and the member being read: a key, or an index. */
type Frame = { keys: Set<string>; at: string } | { keys: null; at: number };

/**
 * Parses JSON that means one thing only. Refuses: bytes that are not UTF-8 or begin with a byte order mark, half of a
 * surrogate pair, NUL, more than `maxDepth` open brackets, a key that comes twice in one object (however it is escaped),
 * and keys that would reach a prototype. Everything it takes has the value that `JSON.parse` gives.
 */
export function parseStrictJson(bytes: Uint8Array, options: { maxDepth: number }): StrictJson {
  const text = decode(bytes);
  if (text === undefined) return { ok: false, detail: "The body is not well-formed UTF-8." };
  if (text.startsWith("\uFEFF")) return { ok: false, detail: "The body begins with a byte order mark." };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { ok: false, detail: "The body is not well-formed JSON." };
  }
  return findFault(text, options.maxDepth) ?? { ok: true, value };
}

function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** Walks a text that is known to be JSON once, looking only at brackets, commas and strings. */
function findFault(text: string, maxDepth: number): Fault | undefined {
  const frames: Frame[] = [];
  let expectsKey = false;
  for (let at = 0; at < text.length; at++) {
    switch (text[at]) {
      case "{":
      case "[":
        if (frames.length === maxDepth)
          return fault(`The body is nested deeper than ${maxDepth} levels.`, frames);
        expectsKey = text[at] === "{";
        frames.push(expectsKey ? { keys: new Set(), at: "" } : { keys: null, at: 0 });
        break;
      case "}":
      case "]":
        frames.pop();
        expectsKey = false;
        break;
      case ",":
        expectsKey = next(frames);
        break;
      case '"': {
        const end = endOfString(text, at);
        const raw = text.slice(at + 1, end);
        const found = expectsKey ? faultInKey(raw, frames) : faultInText(raw, frames);
        if (found) return found;
        expectsKey = false;
        at = end;
      }
    }
  }
  return undefined;
}

/** After a comma: whether a key follows. */
function next(frames: Frame[]): boolean {
  const frame = frames.at(-1);
  if (frame?.keys === null) frame.at += 1;
  return frame !== undefined && frame.keys !== null;
}

function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end;
}

function isEscaped(text: string, at: number): boolean {
  let backslashes = 0;
  while (text[at - 1 - backslashes] === "\\") backslashes++;
  return backslashes % 2 === 1;
}

/** What a string says. Only an escape can bring in NUL or half a pair: the bytes were well-formed UTF-8. */
function decodeEscapes(raw: string): string {
  return raw.includes("\\") ? String(JSON.parse(`"${raw}"`)) : raw;
}

function faultInText(raw: string, frames: readonly Frame[]): Fault | undefined {
  if (!raw.includes("\\")) return undefined;
  const text = decodeEscapes(raw);
  if (text.includes("\0")) return fault("A string contains the character NUL.", frames);
  if (/\p{Surrogate}/u.test(text)) return fault("A string contains an unpaired surrogate.", frames);
  return undefined;
}

function faultInKey(raw: string, frames: readonly Frame[]): Fault | undefined {
  const frame = frames.at(-1);
  if (frame === undefined || frame.keys === null) return undefined;
  const key = decodeEscapes(raw);
  const seen = frame.keys.has(key);
  frame.keys.add(key);
  frame.at = key;
  if (seen) return fault("This key appears twice in one object.", frames);
  const outer = frames.at(-2);
  if (key === "__proto__" || (key === "prototype" && outer?.at === "constructor"))
    return fault("This key is not allowed.", frames);
  return faultInText(raw, frames);
}

function fault(detail: string, frames: readonly Frame[]): Fault {
  const pointer = frames
    .map(({ at }) => `/${String(at).replaceAll("~", "~0").replaceAll("/", "~1")}`)
    .join("");
  // A pointer into the part that is at fault may hold what must not be repeated, such as half a surrogate pair.
  return { ok: false, detail, pointer: pointer.replace(/[\p{Surrogate}\p{Cc}]/gu, "�") };
}
