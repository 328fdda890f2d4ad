/** Something fetched from the desk, fetched again when asked, and while a page is open as often as it says. */
import { useEffect, useState } from 'preact/hooks';

export interface Fetched<T> {
  value: T | null;
  failed: boolean;
  again: () => void;
}

export function useFetched<T>(fetch: () => Promise<T>, about: readonly unknown[], everyMs = 0): Fetched<T> {
  const [held, setHeld] = useState<{ value: T | null; failed: boolean }>({ value: null, failed: false });
  const [round, setRound] = useState(0);
  useEffect(() => {
    let over = false;
    const look = async () => {
      try {
        const value = await fetch();
        if (!over) setHeld({ value, failed: false });
      } catch {
        if (!over) setHeld((before) => ({ value: before.value, failed: before.value === null }));
      }
    };
    void look();
    const timer = everyMs > 0 ? setInterval(() => document.visibilityState === 'visible' && void look(), everyMs) : undefined;
    return () => {
      over = true;
      clearInterval(timer);
    };
  }, [...about, round]);
  return { ...held, again: () => setRound((before) => before + 1) };
}
