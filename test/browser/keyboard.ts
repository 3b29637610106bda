import type { BrowserContext, Page } from "playwright-core";
import { formsIn, type ServedForm } from "../web/served-forms.ts";

/** What the keyboard is on: which form of the page, what kind of control, and whether the browser shows that it is there. */
interface Stop {
  form: number;
  tag: string;
  type: string;
  name: string;
  value: string;
  isOpen: boolean;
  isSeen: boolean;
}

const stopScript = `(() => {
  const at = document.activeElement;
  const shown = (style) => (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== "none";
  const label = at.nextElementSibling;
  return {
    form: [...document.forms].indexOf(at.form ?? null),
    tag: at.tagName.toLowerCase(),
    type: at.type ?? "",
    name: at.name ?? "",
    value: at.value ?? "",
    isOpen: at.tagName === "SUMMARY" && at.parentElement.open,
    // Radios and checkboxes are drawn by their labels.
    isSeen: at === document.body || shown(getComputedStyle(at)) || (label !== null && shown(getComputedStyle(label, "::before"))),
  };
})()`;

interface SentForm {
  method: string;
  address: string;
  values: URLSearchParams;
}

/** What is typed into a field; short, so that every field takes it. */
const typedInto = (name: string): string => `kb-${name}`;
const button = (form: number, name: string, value: string) => `${form} ${name}=${value}`;

/** A page that was served, as a walk begins it. */
export interface Served {
  html: string;
  headers: Headers;
  /** Its whole address; what it loads comes from there. */
  address: string;
  /** Another style sheet than the page's own. */
  style?: string;
}

/**
 * Goes through a page by Tab alone, types into what it comes by, chooses with the arrows and Space, and presses every button,
 * with Enter and Space in turn. Nothing is sent to the server: each form is caught on its way, so that the next is still
 * there. Answers what is wrong: controls out of reach or without a sign of the focus, forms that did not go where they should
 * with what was typed, and controls that were never come by.
 */
export async function walk(
  context: BrowserContext,
  { html, headers, address, style }: Served,
): Promise<string[]> {
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  const sent: SentForm[] = [];
  let isWalking = false;
  await page.route(
    () => true,
    (route, request) => {
      if (!request.isNavigationRequest())
        return style === undefined
          ? route.continue()
          : route.fulfill({ body: style, contentType: "text/css" });
      if (!isWalking) return route.fulfill({ body: html, headers: Object.fromEntries(headers) });
      const { pathname, search } = new URL(request.url());
      const body = request.method() === "POST" ? (request.postData() ?? "") : search;
      const method = request.method().toLowerCase();
      sent.push({ method, address: pathname, values: new URLSearchParams(body) });
      return route.fulfill({ status: 204 });
    },
  );
  await page.goto(address);
  isWalking = true;
  const faults = await press(page, formsIn(html), sent);
  await page.close();
  return faults;
}

async function press(page: Page, forms: readonly ServedForm[], sent: SentForm[]): Promise<string[]> {
  const faults: string[] = [];
  const pressed = new Set<string>();
  const filled = new Set<string>();
  const wanted = forms.reduce((sum, { fields, buttons }) => sum + fields.length + buttons.length, 0);
  // Links and regions are stops too; none of our pages has three hundred of them.
  let isRound = false;
  for (let count = 0; count < 300 + wanted && !isRound; count += 1) {
    await page.keyboard.press("Tab");
    const stop = await page.evaluate<Stop>(stopScript);
    if (stop.tag === "body") isRound = count > 0;
    if (!stop.isSeen) faults.push(`no sign of the focus on ${stop.tag} ${stop.name || stop.value}`);
    if (stop.tag === "summary" && !stop.isOpen) await page.keyboard.press("Enter");
    const form = forms[stop.form];
    if (!form) continue;
    if (stop.tag !== "button") {
      await fill(page, stop);
      filled.add(`${stop.form} ${stop.name}`);
      continue;
    }
    pressed.add(button(stop.form, stop.name, stop.value));
    const before = sent.length;
    const caught = page.waitForResponse((response) => response.request().isNavigationRequest());
    await page.keyboard.press(before % 2 === 0 ? "Enter" : "Space");
    await caught;
    const last = sent.at(-1);
    if (last) faults.push(...mistakesIn(form, stop, last));
  }
  forms.forEach((form, at) => {
    for (const { name, value } of form.buttons)
      if (!pressed.has(button(at, name, value)))
        faults.push(`never pressed: ${form.action} ${name} ${value}`);
    for (const { name, kind } of form.fields)
      if (kind !== "hidden" && !traps.has(name) && !filled.has(`${at} ${name}`))
        faults.push(`never come by: ${form.action} ${name}`);
  });
  return faults;
}

/** A field that people are not meant to fill in, and that no key reaches. */
const traps = new Set(["surname"]);

async function fill(page: Page, { tag, type, name }: Stop): Promise<void> {
  if (tag === "select") return page.keyboard.press("ArrowDown");
  if (type === "radio" || type === "checkbox") return page.keyboard.press("Space");
  await page.keyboard.press("Control+A");
  await page.keyboard.insertText(typedInto(name));
}

function mistakesIn(form: ServedForm, stop: Stop, { method, address, values }: SentForm): string[] {
  const where = `${form.method} ${form.action}`;
  const wrong = form.fields.filter(({ name, kind }) =>
    kind === "text"
      ? !traps.has(name) && values.get(name) !== typedInto(name)
      : kind === "choice" && !values.has(name),
  );
  return [
    ...(method === form.method && address === form.action
      ? []
      : [`${where} was sent as ${method} ${address}`]),
    ...wrong.map(({ name }) => `${where} was sent without what was typed or chosen in ${name}`),
    ...(stop.name !== "" && values.get(stop.name) !== stop.value
      ? [`${where} did not say which button`]
      : []),
  ];
}
