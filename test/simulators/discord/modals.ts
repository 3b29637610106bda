import { isObject, type Json, listOf, objectOf } from "../slack/json.ts";
import { type Findings, lengthOf } from "./answers.ts";
import { checkLength, checkSelect, checkUnique, flatten, componentTypes as t } from "./components.ts";

type Path = readonly (string | number)[];

function checkTextInput(input: Json, path: Path, findings: Findings): void {
  checkLength(findings, [...path, "custom_id"], input.custom_id, 1, 100);
  checkLength(findings, [...path, "placeholder"], input.placeholder, 0, 100);
  if (input.style !== 1 && input.style !== 2)
    findings.add([...path, "style"], "BASE_TYPE_CHOICES", "Value must be one of (1, 2).");
  const least = Number(input.min_length ?? 0);
  const most = Number(input.max_length ?? 4000);
  if (least < 0 || least > 4000 || most < 1 || most > 4000 || least > most)
    findings.add([...path, "max_length"], "NUMBER_TYPE_MAX", "Must be between 1 and 4000.");
  if (typeof input.value === "string" && lengthOf(input.value) > most)
    findings.add(
      [...path, "value"],
      "BASE_TYPE_BAD_LENGTH",
      `Must be between ${least} and ${most} in length.`,
    );
}

function checkLabel(label: Json, path: Path, findings: Findings): void {
  checkLength(findings, [...path, "label"], label.label, 1, 45);
  checkLength(findings, [...path, "description"], label.description, 0, 100);
  const component = objectOf(label.component);
  const place = [...path, "component"];
  if (component.label !== undefined)
    findings.add([...place, "label"], "BASE_TYPE_CHOICES", "An input in a Label has no label of its own.");
  if (component.type === t.textInput) checkTextInput(component, place, findings);
  else if (
    typeof component.type === "number" &&
    component.type >= t.stringSelect &&
    component.type <= t.lastSelect
  )
    checkSelect(component, place, findings);
  else if (typeof component.type !== "number" || component.type < t.fileUpload)
    findings.add([...place, "type"], "BASE_TYPE_CHOICES", "This component may not stand in a Label.");
}

/** The limits of a modal (components/reference); an action row in one is deprecated and refused here. */
export function checkModal(modal: Json, findings: Findings): void {
  checkLength(findings, ["data", "title"], modal.title, 1, 45);
  checkLength(findings, ["data", "custom_id"], modal.custom_id, 1, 100);
  const components = listOf(modal.components);
  if (components.length < 1 || components.length > 5)
    findings.add(["data", "components"], "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 5 in length.");
  components.forEach((component, i) => {
    const place = ["data", "components", i];
    if (component.type === t.label) checkLabel(component, place, findings);
    else if (component.type === t.textDisplay)
      checkLength(findings, [...place, "content"], component.content, 1, 4000);
    else findings.add([...place, "type"], "BASE_TYPE_CHOICES", "Modals hold Labels and text.");
  });
  const all = flatten(components);
  if (all.some(({ disabled }) => disabled === true))
    findings.add(["data", "components"], "COMPONENT_DISABLED", "Modals hold no disabled components.");
  checkUnique(all, findings);
}

export type Values = Readonly<Record<string, string | readonly string[]>>;

function fill(component: Json, given: string | readonly string[] | undefined): Json {
  const name = String(component.custom_id);
  const common = { type: component.type, id: component.id ?? 0, custom_id: name };
  if (component.type === t.textInput) {
    const value = given ?? component.value ?? "";
    if (typeof value !== "string") throw new Error(`${name} takes a text.`);
    if (value === "" && component.required !== false) throw new Error(`${name} is required.`);
    const length = lengthOf(value);
    if (length > Number(component.max_length ?? 4000)) throw new Error(`${name} takes no longer text.`);
    if (value !== "" && length < Number(component.min_length ?? 0))
      throw new Error(`${name} needs a longer text.`);
    return { ...common, value };
  }
  const options = listOf(component.options);
  const preset = options.filter((option) => option.default === true).map(({ value }) => String(value));
  const values = given === undefined ? preset : typeof given === "string" ? [given] : given;
  const least = component.required === false ? 0 : Number(component.min_values ?? 1);
  if (values.length < least) throw new Error(`${name} is required.`);
  if (values.length > Number(component.max_values ?? 1)) throw new Error(`${name} takes fewer.`);
  for (const value of values)
    if (component.type === t.stringSelect && !options.some((option) => option.value === value))
      throw new Error(`${name} has no option ${value}.`);
  return { ...common, values };
}

/** What the client sends when somebody submits a modal, or what it refuses to send. */
export function fillModal(modal: Json, values: Values): Json[] {
  const components = listOf(modal.components);
  const names = flatten(components).map(({ custom_id: name }) => name);
  for (const name of Object.keys(values))
    if (!names.includes(name)) throw new Error(`The modal has no ${name}.`);
  return components.map((component, i) =>
    component.type === t.label && isObject(component.component)
      ? {
          type: t.label,
          id: i * 2 + 1,
          component: {
            ...fill(component.component, values[String(component.component.custom_id)]),
            id: i * 2 + 2,
          },
        }
      : { type: component.type, id: i * 2 + 1 },
  );
}
