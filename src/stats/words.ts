/** A time in words, in the two largest units that matter, such as `1 h 30 min`. */
export function spell(seconds: number): string {
  const minutes = Math.round(seconds / 60);
  if (minutes < 1) return seconds < 1 ? "at once" : "under 1 min";
  const [days, hours, rest] = [Math.floor(minutes / 1440), Math.floor((minutes % 1440) / 60), minutes % 60];
  if (days > 0) return hours > 0 ? `${days} d ${hours} h` : `${days} d`;
  if (hours > 0) return rest > 0 ? `${hours} h ${rest} min` : `${hours} h`;
  return `${rest} min`;
}

/** A share as a whole percentage; a dash where there is nothing to divide by. */
export const percent = (share: number | null): string =>
  share === null ? "–" : `${Math.round(share * 100)} %`;

/** `1 referral`, `2 referrals`. */
export const referrals = (n: number): string => (n === 1 ? "1 referral" : `${n} referrals`);
