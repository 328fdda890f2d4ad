import { useEffect, useState } from 'preact/hooks';
import { deskTime } from '../model/deskTime';

/** The desk's time, second by second, while something on screen runs out. */
export function useSeconds(running: boolean): number {
  const [at, setAt] = useState(() => Date.now());
  useEffect(() => {
    if (!running) return;
    setAt(Date.now());
    const timer = setInterval(() => setAt(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, [running]);
  return deskTime(at);
}
