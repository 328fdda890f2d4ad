/** The clock of the screen: one signal that all waiting times read, so one tick redraws them together. */
import { signal } from '@preact/signals';

export const now = signal(Date.now());

const EVERY_MS = 5_000;

export function startClock(): void {
  setInterval(() => {
    if (document.visibilityState === 'visible') now.value = Date.now();
  }, EVERY_MS);
  document.addEventListener('visibilitychange', () => (now.value = Date.now()));
}
