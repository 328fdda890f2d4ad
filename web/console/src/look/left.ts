/** Time that runs out, as "9:41". */
export function leftText(until: number, at: number): string {
  const seconds = Math.max(0, Math.ceil((until - at) / 1_000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
