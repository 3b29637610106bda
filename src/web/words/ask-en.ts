/** What the form for a clinic's questions says, and the page of whoever asked. */
export const askEn = {
  ask: {
    title: "Ask a question",
    link: "Ask a question for the next session",
    from: "Questions can be put down here from {day} on. Until then, ask a moderator of the forum.",
    open: "Anybody may ask here. Questions are answered on the forum on {day}, from {time}.",
    closed: "Questions cannot be put down here at the moment.",
    closedText: "The clinic’s page says when its next session is. A moderator of the forum can help as well.",
    full: "So many people have asked that there is no room for more in this session.",
    readers: "Who reads it",
    reader: {
      pool: "The advisors of {pool} at {department}, and whoever keeps the department’s clinics. They may answer it in public on {forum}, without saying that it was you.",
      left: "What is not answered in the session is passed on as a referral. The moderators of {forum} see it then, and whichever department can answer it.",
      danger:
        "If it sounds as if somebody may be in danger, a person who is responsible for that reads it at once.",
      masked:
        "Ways to reach you, such as telephone numbers and email addresses, are hidden by a program before anybody reads it. It may miss some: leave out who you are.",
    },
    urgent: "This is not for emergencies. If somebody is in danger, call 999.",
    question: "Your question",
    questionHint:
      "At most 4,000 characters. Do not write your name, your address or a number that identifies you.",
    agree: "I am asking for myself, and those named above may read this",
    send: "Put the question down",
    wrong: {
      question: "Write your question",
      questionLong: "Your question must be 4,000 characters or fewer",
      agree: "Say that those named above may read your question",
    },
    trap: "Leave this field empty",
    receivedTitle: "Thank you",
    receivedText: "What you sent was received.",
    dangerTitle: "You do not have to wait for this",
    dangerText:
      "What you wrote sounds as if somebody may be in danger. It has been passed on at once to a person who is responsible for that. They may not read it straight away: please speak to somebody now.",
    dangerPage: "Your own page about it",
  },
  asked: {
    title: "Your question",
    keep: "Keep the address of this page: it is the only way back to it. Whoever knows it sees what you see.",
    state: {
      waiting: "It waits for the session on {day} at {time}.",
      taken: "An advisor is looking at it.",
      answered: "It was answered in the session on the forum. The text has been deleted.",
      left: "The session is over. It is being passed on to be answered later.",
      referred: "It was passed on to be answered later.",
      dropped: "It was not passed on, because the forum takes part no more. The text has been deleted.",
      withdrawn: "You took this question back. The text has been deleted.",
    },
    text: "What you asked",
    textHint: "This is what advisors read. What was hidden is shown as it is shown to them.",
    referral: "See how it stands, and the answer",
    clinic: "The clinic",
    withdraw: "Take the question back",
    withdrawText: "The text is deleted at once. Nobody will answer it.",
    changed: "Somebody was faster: this is how it stands now.",
    unknownTitle: "There is no such question",
    unknownText: "Check that the address is whole. We cannot find a question in any other way.",
  },
};
