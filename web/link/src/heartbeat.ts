import type { Clock } from './platform';

const QUIET_MS = 20_000;
const QUIET_LIMIT_MS = 10_000;
const WAKE_LIMIT_MS = 3_000;
const TICK_MS = 5_000;
const DRIFT_MS = 5_000;

export interface Heartbeat {
  /** Something arrived; `pong` when it was the answer to a ping. */
  heard(pong: boolean): void;
  /** Ask now whether the line is alive, such as after a change of network. */
  probe(): void;
  stop(): void;
}

/**
 * Finds dead lines: a ping after 20 s of quiet (10 s to answer), and one after the machine slept, which shows as a timer
 * that comes more than 5 s late (3 s to answer, by a pong: what was buffered before the sleep proves nothing).
 */
export function startHeartbeat(clock: Clock, ping: () => void, dead: () => void): Heartbeat {
  let heardAt = clock.now();
  let deadline: number | null = null;
  let pongOnly = false;
  let due = 0;
  let timer: unknown;

  const schedule = (): void => {
    clock.clearTimeout(timer);
    const now = clock.now();
    const wait = Math.max(0, Math.min(TICK_MS, (deadline ?? heardAt + QUIET_MS) - now));
    due = now + wait;
    timer = clock.setTimeout(tick, wait);
  };
  const ask = (limit: number, strict: boolean): void => {
    deadline = clock.now() + limit;
    pongOnly = strict;
    ping();
    schedule();
  };
  const tick = (): void => {
    const now = clock.now();
    const slept = now - due > DRIFT_MS;
    if (slept) ask(WAKE_LIMIT_MS, true);
    else if (deadline !== null && now >= deadline) dead();
    else if (deadline === null && now - heardAt >= QUIET_MS) ask(QUIET_LIMIT_MS, false);
    else schedule();
  };

  schedule();
  return {
    heard: (pong) => {
      heardAt = clock.now();
      if (deadline === null || (pongOnly && !pong)) return;
      deadline = null;
      schedule();
    },
    probe: () => {
      if (deadline === null || !pongOnly) ask(WAKE_LIMIT_MS, true);
    },
    stop: () => clock.clearTimeout(timer),
  };
}
