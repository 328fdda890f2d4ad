/** The desk's clock and the browser's, which may differ by years. */

/** Clocks that differ by less are taken for equal. */
const SAME_MS = 5_000;

/** The desk's clock minus this one's, when it says `at` now. */
export function skewOf(at: number | null): number {
  const skew = at === null ? 0 : at - Date.now();
  return Math.abs(skew) < SAME_MS ? 0 : skew;
}

/** A moment of the desk on this browser's clock, at most `mostMs` away. */
export function localTime(at: number | null, skew: number | null, mostMs: number): number {
  return Math.min(Date.now() + mostMs, at === null || skew === null ? Infinity : at - skew);
}
