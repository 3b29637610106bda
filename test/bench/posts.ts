import { createHmac, randomUUID } from "node:crypto";
import { httpRequest } from "./load.ts";
import { forumSlugs } from "./register.ts";

const story =
  "We moved house in spring and since then my Universal Credit has been wrong every month. The work coach says the new rent is " +
  "not on the journal, the landlord has sent the agreement twice, and nobody at the jobcentre can tell me when the advance " +
  "payment will be taken off again. My sister thinks that we should ask for a mandatory reconsideration but there is a limit " +
  "of some weeks and we may have missed it already. I do not want to argue with anybody, I only need to know whom to ask and " +
  "what to bring, because the school holidays begin soon and the money for food will not last until then. Thank you for reading.";

/** What one in ten posts holds that has to be taken out. */
const personal = [
  "call me on 07700 900123",
  "write to sam@example.org",
  "my number is QQ 12 34 56 C",
  "we live at SW1A 2AA",
];

/** An excerpt of 600 characters; every tenth has something to mask. */
export function excerptOf(turn: number): string {
  const told = turn % 10 === 0 ? `${personal[(turn / 10) % personal.length]}. ${story}` : story;
  return told.slice(0, 600).padEnd(600, ".");
}

/** What a forum's software sends for one post. */
export const postOf = (turn: number) => ({
  title: "Rent missing from the journal",
  excerpt: excerptOf(turn),
  url: `https://forum.example/thread/${turn}#post-2`,
  moderator: `moderator-${turn % 7}`,
  member: `member-${turn}`,
  externalId: `post-${turn}`,
  consent: "member-agreed",
  topic: "universal-credit",
  nation: "england",
});

let posted = 0;

/** So many signed posts of the forums in turn, no two alike, as whole requests. */
export function signedPosts(count: number, secrets: ReadonlyMap<string, string>): Buffer[] {
  const timestamp = Math.floor(Date.now() / 1000);
  return Array.from({ length: count }, () => {
    posted += 1;
    const slug = forumSlugs[posted % forumSlugs.length] ?? "";
    const id = `evt_${randomUUID()}`;
    const body = JSON.stringify(postOf(posted));
    const key = Buffer.from((secrets.get(slug) ?? "").replace(/^whsec_/, ""), "base64");
    const mac = createHmac("sha256", key).update(`${id}.${timestamp}.${body}`).digest("base64");
    return httpRequest(
      "POST",
      `/v1/forums/${slug}/referrals`,
      {
        "content-type": "application/json",
        "webhook-id": id,
        "webhook-timestamp": String(timestamp),
        "webhook-signature": `v1,${mac}`,
      },
      body,
    );
  });
}
