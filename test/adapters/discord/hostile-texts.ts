const someone = "400000000000000001";

/** What would call people, lead them away or pass for ours, each in its own way, if it kept its meaning in Discord. */
export const payloads = [
  "@everyone",
  "@here",
  `<@${someone}>`,
  `<@!${someone}>`,
  `<@&${someone}>`,
  `<#${someone}>`,
  `</refer:${someone}>`,
  "<id:customize>",
  "[your bank](https://evil.test)",
  "[your bank](<https://evil.test>)",
  "[https://www.gov.uk](https://evil.test/ 'title')",
  "[a [b] c](https://evil.test/(x))",
  "![x](https://evil.test/x.png)",
  "[x](javascript:alert(1))",
  "[x\n](https://evil.test)",
  "https://evil.test/@everyone",
  `https://evil.test/<@${someone}>`,
  `https://evil.test/[x](https://evil.test)`,
  `<https://evil.test>@here`,
  `[@everyone](https://evil.test)`,
  "**[bold](https://evil.test)**",
  "||[spoiler](https://evil.test)||",
  "`@everyone`[x](https://evil.test)`",
  "```\n@here\n```@everyone",
  "-# FP-7K4M-2QXD · checked @everyone",
] as const;

/** Places that a text may have to break out of, and what may stand before or after it. */
const contexts: readonly ((payload: string) => string)[] = [
  (payload) => payload,
  (payload) => `\\${payload}`,
  (payload) => `\\\\${payload}`,
  (payload) => `${payload}\\`,
  (payload) => `\`${payload}`,
  (payload) => `\`\` \`${payload}`,
  (payload) => `\`\`\`\n${payload}`,
  (payload) => `\\\`${payload}\``,
  (payload) => `> ${payload}`,
  (payload) => `- # ${payload}`,
  (payload) => `\u202e${payload}\u0007\u2028`,
  (payload) => payload.replace(/(?<=^.)/, "\u200b").concat(" ", payload),
  (payload) => payload.replace(/[@<[]/g, "$&\u0000"),
  (payload) => payload.replace(/[@<[]/g, "$&\ud800"),
  (payload) => `[open ${payload}`,
  (payload) => `[open](${payload}`,
  (payload) => `](https://evil.test) ${payload}`,
  (payload) => `https://a.test/${payload}`,
  // At the place where a long text is cut.
  (payload) => `${"a word ".repeat(212)}${payload} ${"and more ".repeat(80)}`,
  (payload) => `${"x".repeat(1499)}${payload}${"y".repeat(900)}`,
];

/** 500 texts. */
export const hostileTexts: readonly string[] = contexts.flatMap((wrap) => payloads.map(wrap));
