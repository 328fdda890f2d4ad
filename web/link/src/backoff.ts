const FIRST_MS = 250;
const LONGEST_MS = 15_000;
const EAGER_MS = 800;

/**
 * How long to wait before the next try: full jitter, so that many clients cut at once do not return at once
 * (AWS, "Exponential Backoff and Jitter"). `eager` while somebody waits for a typed message to go out. `spreadMs`, for as
 * long as a restart may take: what the desk said its crowd needs to return, so that nobody waits longer than that.
 */
export function backoff(attempt: number, eager: boolean, random: () => number, spreadMs: number = LONGEST_MS): number {
  const cap = Math.min(LONGEST_MS, Math.max(FIRST_MS, spreadMs), FIRST_MS * 2 ** Math.min(attempt, 10));
  return random() * (eager ? Math.min(cap, EAGER_MS) : cap);
}
