/** A part of a long text: paragraphs, then points, then links. */
export interface Part {
  heading?: string;
  paragraphs: readonly string[];
  points?: readonly string[];
  links?: readonly { text: string; href: string }[];
}

export interface Prose {
  title: string;
  parts: readonly Part[];
}

/** The long texts in English. What they promise is what the program does; whoever runs it adds what is theirs. */
export const proseEn = {
  accessibility: {
    title: "Accessibility statement",
    parts: [
      {
        paragraphs: [
          "We want as many people as possible to be able to use these pages. They work without JavaScript, with a keyboard alone, with a screen reader, on a screen 320 pixels wide and at 400% zoom. The text is as plain as we could make it.",
        ],
      },
      {
        heading: "How accessible the pages are",
        paragraphs: [
          "They are made to meet the Web Content Accessibility Guidelines version 2.2, level AA. We know of these shortcomings:",
        ],
        points: [
          "the description of the programming interface, for developers, needs JavaScript and is in English only",
          "the names of departments and the text of replies are shown in the language in which they were written",
          "nobody outside the project has audited the pages yet",
        ],
      },
      {
        heading: "How they were tested",
        paragraphs: [
          "Every change is tested in a real browser: each page, in both languages, with and without JavaScript, with the checker axe-core, by keyboard, and at a width of 320 pixels. Such tests find only a part of what can be wrong.",
        ],
      },
      {
        heading: "If something does not work for you",
        paragraphs: [
          "Tell the moderators of your forum, or the organisation that gave you this address. They can reach the people who run this site, and you need not explain why you ask. If you are not content with the answer, you can turn to the Equality Advisory and Support Service.",
        ],
        links: [
          { text: "Equality Advisory and Support Service", href: "https://www.equalityadvisoryservice.com/" },
        ],
      },
    ],
  },
  privacy: {
    title: "Privacy",
    parts: [
      {
        paragraphs: [
          "This page says what Fingerpost stores, why and for how long. The organisation that runs this site is responsible for it; ask the moderators of your forum which one it is.",
        ],
      },
      {
        heading: "If you only read these pages",
        paragraphs: [
          "We store nothing about you. No cookies are set, nothing is loaded from other companies, and nobody measures what you read. Text that you paste to compare it with a reply is compared and forgotten.",
        ],
      },
      {
        heading: "If you propose a forum or a correction",
        paragraphs: [
          "We store what you write until somebody has decided. The decision is published: of a forum with its name and address, of a correction without your words. An email address is optional. It is encrypted, used once to tell you of the decision and then deleted, after half a year in any case. Your network address is held in memory for an hour, to slow down floods, and is not stored.",
        ],
      },
      {
        heading: "If you ask a question at a clinic",
        paragraphs: [
          "We store what you write, encrypted, until the session is over or you take it back. The form says who reads it. What is not answered in the session is passed on like the posts below. We do not ask who you are: the address of your question’s page is the only way back to it. Your network address is held in memory for an hour, to slow down floods, and is not stored.",
        ],
      },
      {
        heading: "If a moderator passes your post on",
        paragraphs: ["We store:"],
        points: [
          "the part of the post that the moderator chose, and a link to it",
          "the name you use on the forum or a stand-in for it, where the forum sends one",
          "the answers, and whether they helped",
          "when each step happened",
        ],
      },
      {
        paragraphs: [
          "Before anything is stored, the program looks for National Insurance and NHS numbers, phone numbers, postcodes, email addresses, card and bank numbers, and takes out what it finds. It cannot find everything, so please leave such things out of posts.",
        ],
      },
      {
        heading: "Who sees it",
        paragraphs: [
          "The advisors of the department that it was passed to, and the people who direct questions to the right department. If a post sounds as if somebody may be in danger, people trained for that see it instead. The answer is public, on the forum. An advisor’s name is not published.",
        ],
      },
      {
        heading: "How long it is kept",
        paragraphs: [
          "The texts are deleted some time after your question is finished: 90 days, unless this site has chosen another number. They are encrypted until then. What remains is the count: dates, the subject and the outcome, without your words or your name.",
        ],
      },
      {
        heading: "What you can do",
        paragraphs: [
          "The link you were given opens a page of your own. It shows what was passed on, and there you can withdraw your question. You can also ask a moderator to do so. You have the right to see what is stored about you, and to have it corrected or deleted. If you are not content with how it was handled, you can complain to the Information Commissioner’s Office.",
        ],
        links: [{ text: "Information Commissioner’s Office", href: "https://ico.org.uk/make-a-complaint/" }],
      },
    ],
  },
  cookies: {
    title: "Cookies",
    parts: [
      {
        paragraphs: [
          "Cookies are small files that a website leaves in your browser.",
          "The public pages of this site set none. They keep nothing in your browser by any other means either, so there is nothing to accept or to refuse.",
          "Who signs in, to answer questions or to look after a forum, gets one cookie that the site cannot do without: it says that they are signed in, and ends when they sign out, after two hours without use, or after twelve hours. A second one lasts for the ten minutes that a sign-in at an organisation’s own page may take.",
        ],
      },
    ],
  },
  security: {
    title: "Report a weakness",
    parts: [
      {
        paragraphs: [
          "If you found a way to see, change or send something here that you should not be able to, thank you for telling us before anybody else.",
        ],
      },
      {
        heading: "How",
        paragraphs: [],
        points: [
          "of this site: tell the organisation that runs it, in private; the moderators of your forum know who that is",
          "of the program, which other sites run too: use the private reporting of the repository that the program comes from, as its file SECURITY.md says",
          "say what you did, what happened and what you expected",
        ],
      },
      {
        heading: "Please do not",
        paragraphs: [],
        points: [
          "look at or keep anybody’s words or details; stop as soon as you see that you could",
          "send floods of requests, or test on a site that others rely on: the program runs on your own computer with one command",
          "publish it before it is mended",
        ],
      },
    ],
  },
} satisfies Record<string, Prose>;
