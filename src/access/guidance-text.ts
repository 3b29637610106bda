/** The day the text below was last changed; an acknowledgement names it. */
export const guidanceVersion = "2026-11-22";

/**
 * What an advisor acknowledges before the first claim. After the five principles of "Participation online: guidance for
 * civil servants" (Cabinet Office, June 2008), in other words and with what they mean here.
 */
export const guidanceText = `# Before you answer in a forum

You are about to help people in a place that belongs to them. A volunteer looks after it, a member asked, and what you
write stays readable for years. Five principles, from *Participation online* (Cabinet Office, June 2008), said for this work:

1. **Be credible.** Say only what you know to be right, say where it can be checked, and say so when you do not know. If
   you were wrong, correct the reply: the correction stands beside it.
2. **Be consistent.** Anybody with the same question gets the same answer, in the same tone. Be courteous and plain, and
   welcome criticism that is fair. Do not win an argument at the cost of a person.
3. **Be responsive.** Answer while the answer is still of use. If it will take longer, or is not yours to answer, say so early
   and pass it on. Take back to your department what you learned.
4. **Be integrated.** A reply here belongs with what your department says elsewhere: its phone lines, its letters and its
   pages on GOV.UK. Send people to those where they serve better.
5. **Be a civil servant.** The Civil Service Code holds here as at your desk: integrity, honesty, objectivity, impartiality. Never
   discuss policy before an election, party politics, or anything you learned about a person through your work.

What follows from them:

- Your reply appears in the name of your department and pool. Your own name is not shown.
- Answer the question, not the case. Never ask for a National Insurance number, an address or anything else that
  identifies; never confirm that you know of somebody.
- Everybody on the internet reads along, and the member may be in distress. If you read that somebody is in danger, use
  *divert* at once.
- The forum's own rules hold for you as well. Its moderators decide what stays.
- Talk among advisors stays inside. Only what you send as a reply or a question leaves.
`;
