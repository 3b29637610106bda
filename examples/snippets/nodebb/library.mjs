// A NodeBB plugin: moderators find "Refer to an advisor" among a topic's tools; the answer becomes a post in that topic.
import { isGenuine, send } from "../plain-html/fingerpost.mjs";

/** At most this much of a text, without half of a character at its end, which Fingerpost would refuse. */
const beginning = (text, most) => text.slice(0, most).replace(/[\uD800-\uDBFF]$/, "");

/**
 * `nodebb` is what NodeBB gives its plugins: `{ settings(), topics, posts, privileges }`. `settings()` holds `baseUrl`,
 * `slug`, `secret`, the forum's own `url`, and `uid`, the account whose posts the answers are.
 */
export function createPlugin(nodebb) {
  return {
    /** Hook `filter:topic.thread_tools`. */
    async addThreadTool(data) {
      data.tools.push({ class: "fingerpost-refer", title: "Refer to an advisor", icon: "fa-signs-post" });
      return data;
    },

    /** Called by the route behind that button: refers the topic's first post. The topic's id makes a repeat count once. */
    async refer({ tid, uid, consent }) {
      if (!(await nodebb.privileges.canModerate(tid, uid))) return { status: 403 };
      const topic = await nodebb.topics.get(tid);
      const { url, ...fingerpost } = nodebb.settings();
      const referral = {
        title: beginning(topic.title, 200),
        excerpt: beginning(topic.content, 4000),
        url: `${url}/topic/${tid}`,
        externalId: String(tid),
        moderator: `uid-${uid}`,
        member: `uid-${topic.uid}`,
        consent,
      };
      return send(fingerpost, "referrals", referral, `topic-${tid}`);
    },

    /** The route that Fingerpost calls; `rawBody` is its text before it is parsed. Answers what to send back. */
    async receive({ headers, rawBody, nowSeconds }) {
      const { secret, uid, url } = nodebb.settings();
      if (!isGenuine(secret, headers, rawBody, nowSeconds)) return { status: 401 };
      const { type, data } = JSON.parse(rawBody);
      if (data.test || type !== "referral.replied") return { status: 200, body: {} };
      const content = `${data.text}\n\n*${data.from.department}, ${data.from.pool}* · [Check that this is official](${data.verify.url})`;
      const { pid } = await nodebb.posts.replyOnce(headers["webhook-id"], {
        tid: Number(data.externalId),
        uid,
        content,
      });
      return { status: 200, body: { url: `${url}/post/${pid}` } };
    },
  };
}
