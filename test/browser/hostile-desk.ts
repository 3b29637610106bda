import { randomUUID } from "node:crypto";
import { hostileTexts } from "../web/hostile-strings.ts";
import { formsIn } from "../web/served-forms.ts";
import { type Page, tokenOf, visit } from "../web/support.ts";
import type { WholeSite } from "../web/whole-site.ts";

/** What was said in which field, and the page that shows it. */
export interface Said {
  field: string;
  text: string;
  path: string;
  /** The page as it was then, where it shows something else later. */
  page?: Page;
}

/** Reasons are short; notes, questions and answers longer. */
const short = hostileTexts(900, " ");
const long = hostileTexts(3_800, " ");
/** What a forum is sent holds no HTML but in code, where the pages have to show it as it is. */
const inCode = (text: string) => `\`${text}\``;
const replies = hostileTexts(9_000, " ").map((text) => `Five plain words come first. ${inCode(text)}`);
const questions = long.map(inCode);
const plain = "It is paid on Friday, as it was last month.";

/** Says all 300 in every field of the desk and of a member's page, through the forms, as one who may do all of it. */
export async function sayAtTheDesk({ world, cookie, referrals }: WholeSite): Promise<Said[]> {
  const said: Said[] = [];
  const token =
    /name="form" value="([^"]+)"/.exec((await visit(world, "/desk", undefined, { cookie })).html)?.[1] ?? "";

  async function act(
    reference: string,
    verb: string,
    values: Record<string, string> = {},
    text = "",
  ): Promise<void> {
    const names = Object.keys(values).filter((name) => text !== "" && values[name] === text);
    const form = { form: token, once: randomUUID(), ...values };
    const { status, html } = await visit(world, `/desk/${reference}/${verb}`, form, { cookie });
    if (status !== 303) throw new Error(`${verb} ${status} ${html.slice(html.indexOf("<main"))}`);
    // What a referral was closed with goes to its forum; no page shows it.
    for (const field of verb === "close" ? [] : names)
      said.push({ field: `${verb} ${field}`, text, path: `/desk/${reference}` });
  }
  const made = async (body: Record<string, unknown> = {}) => {
    const { body: referral } = await world.refer("parents", body);
    await world.settle();
    return String(referral.reference);
  };
  const reopen = (reference: string) =>
    world.as("forum:parents", reference, "reopen", { reason: "Not yet." });
  const reply = async (reference: string, text: string) => {
    await act(reference, "reply", { do: "send", text });
    await world.settle();
  };

  const { triage, offered } = referrals;
  for (const text of long) await act(offered, "note", { text }, text);
  for (const text of short) {
    await act(offered, "claim");
    await act(offered, "release", { reason: text }, text);
    await act(triage, "reroute", { pool: "uc", because: text }, text);
    await act(triage, "decline", { reason: "not-ours", note: text }, text);
    await act(triage, "divert", { reason: text }, text);
    await act(triage, "stand-down", { reason: text }, text);
    await world.settle();
  }
  const asked = await made();
  await act(asked, "claim");
  for (const text of questions) {
    await act(asked, "ask", { text }, text);
    await world.settle();
    const path = `/m/${tokenOf(world, asked)}`;
    const page = await visit(world, path);
    const [form] = formsIn(page.html).filter(({ fields }) => fields.length > 1);
    const version = form?.fields.find(({ name }) => name === "version")?.value ?? "";
    await visit(world, path, { do: "answer", version, text });
    said.push({ field: "ask text, to the member", text, path, page });
    said.push({ field: "answer", text, path: `/desk/${asked}` });
  }
  for (const text of long) {
    const reference = await made({ title: text.slice(0, 200), excerpt: text, note: text });
    const member = `/m/${tokenOf(world, reference)}`;
    said.push(
      { field: "excerpt", text, path: member },
      { field: "title", text: text.slice(0, 200), path: member },
    );
    for (const field of ["excerpt", "note"]) said.push({ field, text, path: `/desk/${reference}?full=1` });
  }
  for (const text of replies) {
    const reference = await made();
    await act(reference, "claim");
    await reply(reference, text);
    said.push({ field: "reply", text, path: `/desk/${reference}` });
    const [{ verify }] = (await world.show(reference)).replies;
    const path = `/verify/${verify.code}`;
    said.push({
      field: "reply, on its first lines",
      text: text.slice(0, 150),
      path,
      page: await visit(world, path),
    });
    await act(reference, "correct", { text: `Once more: ${text}` });
    await world.settle();
    said.push({ field: "correct", text: `Once more: ${text}`, path: `/desk/${reference}` });
  }
  const answered = await made();
  await act(answered, "claim");
  for (const text of short) {
    await reply(answered, plain);
    await act(answered, "retract", { reason: text }, text);
    await world.settle();
  }
  for (const text of long) {
    await reply(answered, plain);
    await act(answered, "resolve", { result: "helped", note: text }, text);
    await reopen(answered);
  }
  const closed = await made();
  await act(closed, "claim");
  for (const text of short) {
    const values = { disposition: "signposted", result: "unknown", because: text, signpostText: text };
    await act(
      closed,
      "close",
      { ...values, signpostUrl: `https://www.example.gov/?q=${encodeURIComponent(text)}` },
      text,
    );
    await reopen(closed);
  }
  for (const text of long) {
    await world.as("advisor:kit.w", referrals.pressing, "draft", { text: plain });
    await act(referrals.pressing, "review", { decision: "return", note: text }, text);
  }
  return said;
}
