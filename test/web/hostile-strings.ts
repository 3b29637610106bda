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
