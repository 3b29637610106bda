export interface Fingerpost {
  baseUrl: string;
  slug: string;
  secret: string;
}
export type Headers = Readonly<Record<string, string | string[] | undefined>>;
export function sign(secret: string, id: string, timestamp: number, body: string): string;
export function send(
  fingerpost: Fingerpost,
  what: "referrals" | "events",
  message: object,
  id?: string,
): Promise<{ status: number; body: unknown }>;
export function isGenuine(secret: string, headers: Headers, body: string, nowSeconds?: number): boolean;
