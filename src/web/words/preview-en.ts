/** What stands around the look at a reply before it is sent, in English. */
export const previewEn = {
  title: "This is what is sent",
  look: "Look again",
  shows: "{forum} will show:",
  signed: "{department}, {pool}",
  verify:
    "Below it stands a link with which anybody can check that it is official. Your own name is not shown.",
  origins: "The same answer goes to what was merged into this referral:",
  send: "Send it",
  change: "Write on",
  clear: "Send it for clearance",
  mustClear: "In this pool a second person approves every reply before it is sent.",
  clearer: "Who clears it",
  anyClearer: "Whoever is first",
  approved: "This was approved. It is sent byte for byte.",
  draft: "The draft, as it would be sent",
};
