/** "1 request", "1,204 requests". */
export function countWords(count: number, thing: string): string {
  return `${count.toLocaleString("en")} ${thing}${count === 1 ? "" : "s"}`;
}

/** "72 %", "< 1 %": a few of very many are not none, and all but a few are not all. */
export function shareWords(part: number, whole: number): string {
  if (whole === 0) return "0 %";
  const share = (100 * part) / whole;
  if (part > 0 && share < 1) return "< 1 %";
  if (part < whole && share > 99) return "> 99 %";
  return `${Math.round(share)} %`;
}
