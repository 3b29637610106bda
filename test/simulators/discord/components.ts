import { type Json, listOf, objectOf, textOf } from "../slack/json.ts";
import { type Findings, lengthOf } from "./answers.ts";

export const componentsV2Flag = 1 << 15;
export const componentTypes = {
  row: 1,
  button: 2,
  stringSelect: 3,
  textInput: 4,
  lastSelect: 8,
  section: 9,
  textDisplay: 10,
  thumbnail: 11,
  gallery: 12,
  file: 13,
  separator: 14,
  container: 17,
  label: 18,
  fileUpload: 19,
} as const;
const t = componentTypes;
const linkStyle = 5;

const isSelect = (type: unknown): boolean =>
  typeof type === "number" && type >= t.stringSelect && type <= t.lastSelect && type !== t.textInput;

type Path = readonly (string | number)[];

export function checkLength(
  findings: Findings,
  path: Path,
  value: unknown,
  least: number,
  most: number,
): void {
  if (typeof value !== "string") {
    if (least > 0) findings.add(path, "BASE_TYPE_REQUIRED", "This field is required");
    return;
  }
  const length = lengthOf(value);
  if (length < least || length > most)
    findings.add(path, "BASE_TYPE_BAD_LENGTH", `Must be between ${least} and ${most} in length.`);
}

function checkButton(button: Json, path: Path, findings: Findings): void {
  const { style, url, custom_id: customId } = button;
  if (typeof style !== "number" || style < 1 || style > 6)
    findings.add([...path, "style"], "BASE_TYPE_CHOICES", "Value must be one of (1, 2, 3, 4, 5, 6).");
  if (style === linkStyle) {
    checkLength(findings, [...path, "url"], url, 1, 512);
    if (!/^(https?|discord):\/\//.test(textOf(url)))
      findings.add([...path, "url"], "URL_TYPE_INVALID_SCHEME", "Not a well formed URL.");
    if (customId !== undefined)
      findings.add(
        [...path, "custom_id"],
        "BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE",
        "A custom id and url cannot both be specified",
      );
  } else {
    checkLength(findings, [...path, "custom_id"], customId, 1, 100);
    if (url !== undefined)
      findings.add(
        [...path, "url"],
        "BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE",
        "A custom id and url cannot both be specified",
      );
  }
  if (button.label !== undefined) checkLength(findings, [...path, "label"], button.label, 1, 80);
  else if (button.emoji === undefined)
    findings.add([...path, "label"], "BASE_TYPE_REQUIRED", "A button needs a label or an emoji");
}

export function checkSelect(select: Json, path: Path, findings: Findings): void {
  checkLength(findings, [...path, "custom_id"], select.custom_id, 1, 100);
  checkLength(findings, [...path, "placeholder"], select.placeholder, 0, 150);
  if (select.type !== t.stringSelect) return;
  const options = listOf(select.options);
  if (options.length < 1 || options.length > 25)
    findings.add([...path, "options"], "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 25 in length.");
  const values = options.map(({ value }) => value);
  if (new Set(values).size < values.length)
    findings.add(
      [...path, "options"],
      "SELECT_OPTION_VALUE_DUPLICATED",
      "The specified option value is already used",
    );
  options.forEach((option, i) => {
    for (const key of ["label", "value"])
      checkLength(findings, [...path, "options", i, key], option[key], 1, 100);
    checkLength(findings, [...path, "options", i, "description"], option.description, 0, 100);
  });
  const most = Number(select.max_values ?? 1);
  const least = Number(select.min_values ?? 1);
  if (most < 1 || most > 25 || most > options.length || least < 0 || least > most)
    findings.add([...path, "max_values"], "NUMBER_TYPE_MAX", "Must be between 1 and the number of options.");
  if (options.filter((option) => option.default === true).length > most)
    findings.add([...path, "options"], "SELECT_OPTION_DEFAULTS", "More defaults than may be chosen");
}

function checkRow(row: Json, path: Path, findings: Findings): void {
  const inner = listOf(row.components);
  if (inner.length < 1 || inner.length > 5)
    findings.add([...path, "components"], "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 5 in length.");
  if (inner.some(({ type }) => isSelect(type)) && inner.length > 1)
    findings.add([...path, "components"], "COMPONENT_LAYOUT_WIDTH_EXCEEDED", "The layout is too wide");
  inner.forEach((component, i) => {
    const place = [...path, "components", i];
    if (component.type === t.button) checkButton(component, place, findings);
    else if (isSelect(component.type)) checkSelect(component, place, findings);
    else
      findings.add(
        [...place, "type"],
        "BASE_TYPE_CHOICES",
        'Value of field "type" must be one of (2, 3, 5, 6, 7, 8).',
      );
  });
}

function checkV2(component: Json, path: Path, findings: Findings): void {
  const { type } = component;
  if (type === t.row) checkRow(component, path, findings);
  else if (type === t.textDisplay) checkLength(findings, [...path, "content"], component.content, 1, 4000);
  else if (type === t.section) {
    const inner = listOf(component.components);
    if (inner.length < 1 || inner.length > 3)
      findings.add([...path, "components"], "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 3 in length.");
    for (const [i, one] of inner.entries()) checkV2(one, [...path, "components", i], findings);
    const accessory = objectOf(component.accessory);
    if (accessory.type === t.button) checkButton(accessory, [...path, "accessory"], findings);
    else if (accessory.type !== t.thumbnail)
      findings.add([...path, "accessory"], "BASE_TYPE_REQUIRED", "This field is required");
  } else if (type === t.container) {
    for (const [i, one] of listOf(component.components).entries())
      checkV2(one, [...path, "components", i], findings);
  } else if (![t.gallery, t.file, t.separator].some((known) => known === type))
    findings.add([...path, "type"], "BASE_TYPE_CHOICES", "This component may not stand here.");
}

/** Every component, however deep. */
export function flatten(components: readonly Json[]): Json[] {
  return components.flatMap((component) => [
    component,
    ...flatten(listOf(component.components)),
    ...flatten(
      [component.accessory, component.component].map(objectOf).filter(({ type }) => type !== undefined),
    ),
  ]);
}

/** The limits of message components, first and second kind (components/reference). */
export function checkComponents(components: readonly Json[], isV2: boolean, findings: Findings): void {
  const all = flatten(components);
  if (isV2 && all.length > 40)
    findings.add(["components"], "BASE_TYPE_MAX_LENGTH", "Must be 40 or fewer components in total.");
  if (!isV2 && components.length > 5)
    findings.add(["components"], "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 5 in length.");
  components.forEach((component, i) => {
    if (isV2) checkV2(component, ["components", i], findings);
    else if (component.type === t.row) checkRow(component, ["components", i], findings);
    else
      findings.add(
        ["components", i, "type"],
        "BASE_TYPE_CHOICES",
        'Value of field "type" must be one of (1,).',
      );
  });
  checkUnique(all, findings);
  const words = all.reduce((sum, { content }) => sum + lengthOf(textOf(content)), 0);
  if (isV2 && words > 4000)
    findings.add(["components"], "BASE_TYPE_MAX_LENGTH", "Text displays hold 4000 characters in total.");
}

export function checkUnique(all: readonly Json[], findings: Findings): void {
  const ids = all.map((component) => component.custom_id).filter((id) => typeof id === "string");
  if (new Set(ids).size < ids.length)
    findings.add(
      ["components"],
      "COMPONENT_CUSTOM_ID_DUPLICATED",
      "Component custom id cannot be duplicated",
    );
}
