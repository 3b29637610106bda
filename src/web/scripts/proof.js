// While somebody fills in a form, their browser looks for a number that shows it took trouble. Whoever has found one when the
// form is sent may send more of them; nothing else depends on it, so that nothing is said where it cannot be found.
const field = document.getElementById("proof");
const form = field instanceof HTMLInputElement ? field.form : null;
const challenge = form?.elements.namedItem("challenge");
const bits = Number(field?.dataset.bits);
const together = 256;

async function isFound(number) {
  const hash = await crypto.subtle.digest(
    "SHA-256",
    new TextEncoder().encode(`${challenge.value}:${number}`),
  );
  return new DataView(hash).getUint32(0) >>> (32 - bits) === 0;
}

async function look() {
  for (let first = 0; ; first += together) {
    const numbers = Array.from({ length: together }, (_, at) => first + at);
    const found = await Promise.all(numbers.map(isFound));
    const at = found.indexOf(true);
    if (at >= 0) {
      field.value = String(first + at);
      return;
    }
  }
}

// Readers who only look do no work. Browsers have digests on https and on the own machine alone.
if (form && globalThis.crypto?.subtle) form.addEventListener("focusin", look, { once: true });
