import type { LinkStatus } from '@balie/link';
import { effect, signal, type ReadonlySignal } from '@preact/signals';

/** What keeps the visitor from being heard: no network, no desk, or a site that may not chat at all. */
export type Trouble = 'offline' | 'unreachable' | 'blocked' | null;

/** A short break heals by itself; only a longer one is worth a sentence. */
const PATIENCE_MS = 2_000;

export function watchTrouble(status: ReadonlySignal<LinkStatus>): { trouble: ReadonlySignal<Trouble>; stop: () => void } {
  const trouble = signal<Trouble>(null);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const stop = effect(() => {
    const now = status.value;
    if (now.state === 'waiting' || now.state === 'connecting') {
      // The browser may say "online" in a tunnel, so this names the desk; a known break names the network.
      timer ??= setTimeout(() => (trouble.value = navigator.onLine ? 'unreachable' : 'offline'), PATIENCE_MS);
      return;
    }
    clearTimeout(timer);
    timer = undefined;
    if (now.state === 'offline') trouble.value = 'offline';
    else trouble.value = now.state === 'stopped' && now.reason !== 'asked' ? 'blocked' : null;
  });
  return {
    trouble,
    stop() {
      clearTimeout(timer);
      stop();
    },
  };
}
