/** What the pages of people signed in say in English, the desk aside. */
export const staffEn = {
  signIn: {
    title: "Sign in",
    intro:
      "For advisors, moderators’ and departments’ people, and those who run a forum that takes part. To check a reply, or to read this site, you do not need to sign in.",
    provider: "Sign in with your organisation",
    orLink: "Or by a link",
    email: "Your email address",
    emailHint: "The one your organisation gave for you. We send a link that signs you in once.",
    emailWrong: "Enter an email address, such as name@department.example",
    send: "Send me a link",
    sent: "If we know this address, a link is on its way. It works once, within 15 minutes.",
    noMail:
      "No mail? Whoever runs this site can make a link for you by hand. They find it in the terminal of the server, and on the page for administrators.",
    stranger:
      "Your organisation knows you, but this site does not. Ask your lead to add your email address, or have your organisation verify it.",
    refused: "The sign-in did not come to an end. Please begin again, in one window.",
    linkText: "Press the button to sign in. The link works once.",
    linkButton: "Sign in",
    linkGone: "This link does not sign anybody in",
    linkGoneText: "It was used before, or its time is over, or a part of it was lost when it was copied.",
    another: "Ask for another link",
    doneTitle: "You are signed in",
    doneText: "You may open:",
    out: "Sign out",
    as: "Signed in as {who}",
    yours: "Your pages",
    pages: {
      desk: "Desk",
      operator: "Your forum",
      dashboard: "Figures",
      admin: "Administration",
    },
  },
};
