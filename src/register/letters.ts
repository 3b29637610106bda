/**
 * The letters of references and codes, Crockford's base32: no I, L, O or U, so that a code can be read out.
 * https://www.crockford.com/base32.html
 */
export const letters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/** A letter for each byte; 256 is a multiple of 32, so each is as likely as any other. */
export const lettersOf = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => letters.charAt(byte % letters.length)).join("");
