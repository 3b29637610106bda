/** What somebody may type or choose in a form, by its name. */
export interface ServedField {
  name: string;
  kind: "text" | "choice" | "hidden";
  /** What stands in it when it is served; of a choice the value of its first that is not empty. */
  value: string;
}

/** A form as a page serves it. */
export interface ServedForm {
  method: "get" | "post";
  action: string;
  fields: ServedField[];
  /** The buttons that send it, by name and value where they have any. */
  buttons: { name: string; value: string }[];
}

const entities: Readonly<Record<string, string>> = {
  "&lt;": "<",
  "&gt;": ">",
  "&quot;": '"',
  "&#39;": "'",
  "&amp;": "&",
};
/** The text that a page's markup stands for. */
export const unescaped = (html: string): string =>
  html.replace(/&(?:lt|gt|quot|#39|amp);/g, (entity) => entities[entity] ?? entity);

/** Every form of a page. The pages escape `<` and `>` in all they show, so that their markup can be read as it stands. */
export const formsIn = (html: string): ServedForm[] =>
  [...html.matchAll(/<form\b([^>]*)>([\s\S]*?)<\/form>/g)].map(([, head = "", inside = ""]) => ({
    method: attribute(head, "method") === "post" ? "post" : "get",
    action: attribute(head, "action") ?? "",
    fields: fieldsIn(inside),
    buttons: [...inside.matchAll(/<button\b([^>]*)>/g)].map(([, of = ""]) => ({
      name: attribute(of, "name") ?? "",
      value: attribute(of, "value") ?? "",
    })),
  }));

function attribute(head: string, name: string): string | undefined {
  const found = new RegExp(`(?:^|\\s)${name}="([^"]*)"`).exec(head)?.[1];
  return found === undefined ? undefined : unescaped(found);
}

const typed = new Set(["text", "search", "url", "email", "tel", "number", "password"]);
const chosen = new Set(["radio", "checkbox"]);

function fieldsIn(inside: string): ServedField[] {
  const controls = [...inside.matchAll(/<(input|textarea|select)\b([^>]*)>(?:([\s\S]*?)<\/\1>)?/g)];
  const fields = controls.map(([, tag = "", head = "", body = ""]): ServedField => {
    const name = attribute(head, "name") ?? "";
    const value = attribute(head, "value") ?? "";
    const type = attribute(head, "type") ?? "text";
    if (tag === "textarea") return { name, kind: "text", value: unescaped(body.replace(/^\n/, "")) };
    if (tag === "select") return { name, kind: "choice", value: firstChoice(body) };
    if (chosen.has(type)) return { name, kind: "choice", value };
    return { name, kind: typed.has(type) ? "text" : "hidden", value };
  });
  return fields.filter(({ name }, at) => fields.findIndex((one) => one.name === name) === at);
}

const firstChoice = (options: string): string =>
  [...options.matchAll(/<option\b([^>]*)>/g)]
    .map(([, head = ""]) => attribute(head, "value") ?? "")
    .find((value) => value !== "") ?? "";

/** What a browser sends of a form by its button: what stands in it, and what was typed and chosen. */
export const filled = (
  form: ServedForm,
  typedIn: Readonly<Record<string, string>>,
  button = form.buttons[0],
) => ({
  ...Object.fromEntries(form.fields.map(({ name, value }) => [name, value])),
  ...(button && button.name !== "" ? { [button.name]: button.value } : {}),
  ...typedIn,
});
