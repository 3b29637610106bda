import type { Fingerpost, Headers } from "../plain-html/fingerpost.mjs";

export interface NodeBb {
  settings(): Fingerpost & { url: string; uid: number };
  privileges: { canModerate(tid: number, uid: number): Promise<boolean> };
  topics: { get(tid: number): Promise<{ title: string; content: string; uid: number }> };
  posts: {
    replyOnce(
      id: string,
      post: { tid: number; uid: number; content: string },
    ): Promise<{ pid: number | undefined }>;
  };
}
export interface Answer {
  status: number;
  body?: unknown;
}
export function createPlugin(nodebb: NodeBb): {
  addThreadTool<Data extends { tools: object[] }>(data: Data): Promise<Data>;
  refer(asked: { tid: number; uid: number; consent: string }): Promise<Answer>;
  receive(call: {
    headers: Headers & { "webhook-id": string };
    rawBody: string;
    nowSeconds?: number;
  }): Promise<Answer>;
};
